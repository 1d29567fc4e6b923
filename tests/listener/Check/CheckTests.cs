using System.Text;
using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Check;
using GwbCloud.RelayListener.CommandLine;
using GwbCloud.RelayListener.Configuration;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Hosting;
using GwbCloud.RelayListener.Service;
using GwbCloud.RelayListener.Status;
using GwbCloud.Tests.Contracts.Approvals;
using GwbCloud.Tests.Listener.CommandLine;
using GwbCloud.Tests.Listener.Configuration;
using GwbCloud.Tests.Listener.Switch;

namespace GwbCloud.Tests.Listener.Check;

/// <summary>Every row of the check, on a server where all is well and on one where that one thing is not.</summary>
public sealed class CheckTests : IDisposable
{
    readonly ConsoleScene _scene = new();

    public CheckTests()
    {
        _scene.AdSync.Host = _scene.AdSync.Host with { Version = "2.6.92.0" };
        _scene.Events.Source = true;
        _scene.Configuration = _scene.Configuration with
        {
            Approvals = new() { Issuer = TestIssuer.Issuer, Audience = TestIssuer.Audience, Required = 2, KeysAddress = new("https://login.example/keys") },
        };
        _scene.Probe.Issuer = new(200, _scene.Clock.Now, Encoding.UTF8.GetBytes(SwitchScene.Jwks()));
        _scene.MakeKey();
        Beat(new() { Phase = TransportPhase.Online, Since = _scene.Clock.Now });
    }

    public static TheoryData<string> Names => [.. CheckNames.All];

    public void Dispose() => _scene.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Row_WhereAllIsWell_IsOk(string name)
    {
        var (code, report) = await CheckAsync();

        Assert.Equal((ExitCode.Done, true), (code, report.Passed));
        var row = Assert.Single(report.Rows, row => row.Name == name);
        Assert.True(row is { Result: CheckResult.Ok, Remedy: null }, row.ToString());
    }

    [Fact]
    public async Task Rows_ComeInTheirOrderAndChangeNothing()
    {
        var before = Snapshot();

        var (_, report) = await CheckAsync();

        Assert.Equal(CheckNames.All, report.Rows.Select(row => row.Name));
        Assert.Equal(before, Snapshot());
        Assert.Empty(_scene.AdSync.Calls);
        Assert.Empty(_scene.Ad.Writes);
        Assert.Empty(_scene.Events.Entries);
        Assert.Empty(_scene.Runner.Lines);
    }

    public static TheoryData<string, string, CheckResult> Faults
    {
        get
        {
            var all = new TheoryData<string, string, CheckResult>();
            foreach (var (fault, (row, result, _)) in Bad) { all.Add(fault, row, result); }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Row_WhereOneThingIsWrong_SaysSoWithARemedy(string fault, string name, CheckResult expected)
    {
        Bad[fault].Spoil(this);

        var (code, report) = await CheckAsync();

        var row = Assert.Single(report.Rows, row => row.Name == name);
        Assert.True(row.Result == expected, row.ToString());
        Assert.NotEmpty(row.Remedy!);
        Assert.NotEmpty(row.Seen);
        bool bad = expected is CheckResult.Failed or CheckResult.Unknown;
        Assert.Equal((bad ? ExitCode.Refused : ExitCode.Done, !bad), (code, report.Passed));
    }

    [Fact]
    public void Page_ListsEveryRowInItsOrder() => Assert.Equal(CheckNames.All, Shipped.Rows("| Row |").Select(line => line.Split('|')[1].Trim()));

    [Fact]
    public void Faults_CoverEveryRow() =>
        Assert.Empty(CheckNames.All.Except(Bad.Values.Select(bad => bad.Row)).Except([CheckNames.Configuration]));

    [Fact]
    public async Task Configuration_ThatIsNotValid_IsTheOnlyRow()
    {
        _scene.Configuration = _scene.Configuration with { Guard = new() { Seconds = 0 } };

        var (code, report) = await CheckAsync();

        Assert.Equal(ExitCode.Refused, code);
        var row = Assert.Single(report.Rows);
        Assert.Equal((CheckNames.Configuration, CheckResult.Failed), (row.Name, row.Result));
        Assert.Contains("guard.seconds", row.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configuration_ThatTheListenerWouldRefuse_IsNamedToo()
    {
        _scene.Configuration = _scene.Configuration with { Tenant = "contoso" };

        var (_, report) = await CheckAsync();

        Assert.Contains("tenant:", Assert.Single(report.Rows).Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_ForPeople_NamesResultSightAndRemedyAndEndsWithTheCode()
    {
        _scene.Probe.PowerShell = "7.5.0";

        var (code, output, error) = await _scene.RunAsync("check");

        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("FAILED    powerShell", output, StringComparison.Ordinal);
        Assert.Contains("-> Name Windows PowerShell 5.1", output, StringComparison.Ordinal);
        Assert.Contains($"{CheckNames.All.Count - 1} of {CheckNames.All.Count} are as they must be.", output, StringComparison.Ordinal);
        Assert.StartsWith($"{ServiceError.ChecksFailed.Code}: {ServiceError.ChecksFailed.Message} (powerShell)", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ports_ThatCannotBeOpened_FailTheirRowsAndNoOthers()
    {
        _scene.Environment = _scene.Environment with { OpenPorts = (_, _) => throw AdSyncError.HostMissing.Exception("nowhere", transient: false) };

        var (_, report) = await CheckAsync();

        Assert.Equal(PortChecks.Names, report.Rows.Where(row => row.Result == CheckResult.Failed).Select(row => row.Name));
        Assert.Equal(CheckNames.All.Count, report.Rows.Count);
    }

    [Fact]
    public async Task Certificate_OfTheDomainController_IsLookedAtOnTheLdapsPort()
    {
        await CheckAsync();

        Assert.Equal(["dc1.contoso.example:636"], _scene.Probe.Hosts);
    }

    [Fact]
    public async Task Certificate_ThatKeepsTheDirectorySilent_IsLookedAtOnTheConfiguredServer()
    {
        _scene.Ad.Silent = DirectoryError.Unavailable.ToError();
        _scene.Probe.Certificate = _scene.Probe.Certificate! with { Problem = "is not trusted here" };
        Set(c => c with { Directory = c.Directory with { Server = "dc7.contoso.example" } });

        var (_, report) = await CheckAsync();

        Assert.Equal(["dc7.contoso.example:636"], _scene.Probe.Hosts);
        Assert.Contains("is not trusted here", report.Rows.Single(row => row.Name == CheckNames.Certificate).Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_BeforeTheInstallation_MakesNoDataDirectory()
    {
        string none = Path.Combine(_scene.Data, "none");
        Set(c => c with { DataDirectory = none, Directory = c.Directory with { Server = "dc1.contoso.example" }, AdSync = new() { PowerShell = Path.Combine(_scene.Data, "powershell.exe") } });
        _scene.Environment = _scene.Environment with { OpenPorts = (configuration, use) => new(_scene.Ad, ListenerPorts.AdSyncOf(configuration, use)) };

        var (_, report) = await CheckAsync();

        Assert.Equal(CheckResult.Failed, report.Rows.Single(row => row.Name == CheckNames.AdSync).Result);
        Assert.False(Directory.Exists(none));
    }

    static readonly Dictionary<string, (string Row, CheckResult Result, Action<CheckTests> Spoil)> Bad = new()
    {
        ["file open to users"] = (CheckNames.ConfigurationFile, CheckResult.Failed, t => t._scene.Probe.File = t._scene.Probe.File with { Others = ["Users"], OpenToAll = true }),
        ["file open to one more"] = (CheckNames.ConfigurationFile, CheckResult.Attention, t => t._scene.Probe.File = t._scene.Probe.File with { Others = [@"CONTOSO\helpdesk"] }),
        ["file rights hidden"] = (CheckNames.ConfigurationFile, CheckResult.Unknown, t => t._scene.Probe.File = t._scene.Probe.File with { Others = null }),
        ["folder missing"] = (CheckNames.DataDirectory, CheckResult.Failed, t => t._scene.Probe.Folder = new() { Exists = false }),
        ["folder read only"] = (CheckNames.DataDirectory, CheckResult.Failed, t => t._scene.Probe.Folder = t._scene.Probe.Folder with { Writable = false }),
        ["folder open to all"] = (CheckNames.DataDirectory, CheckResult.Failed, t => t._scene.Probe.Folder = t._scene.Probe.Folder with { Others = ["Everyone"], OpenToAll = true }),
        ["folder open to more"] = (CheckNames.DataDirectory, CheckResult.Attention, t => t._scene.Probe.Folder = t._scene.Probe.Folder with { Others = ["a", "b"] }),
        ["folder rights hidden"] = (CheckNames.DataDirectory, CheckResult.Unknown, t => t._scene.Probe.Folder = t._scene.Probe.Folder with { Others = null }),
        ["no key"] = (CheckNames.OwnKey, CheckResult.Failed, t => File.Delete(ListenerKey.FileOf(t._scene.Data))),
        ["key garbled"] = (CheckNames.OwnKey, CheckResult.Failed, t => File.WriteAllText(ListenerKey.FileOf(t._scene.Data), "x")),
        ["three command keys"] = (CheckNames.CommandKeys, CheckResult.Attention, t => t.Set(c => c with { CommandKeys = [.. c.CommandKeys, PinnedKey.Of("b", TestListener.OtherKey), PinnedKey.Of("c", TestListener.ListenerKey)] })),
        ["command key ended"] = (CheckNames.CommandKeys, CheckResult.Failed, t => t.Set(c => c with { CommandKeys = [c.CommandKeys[0] with { NotAfter = t._scene.Clock.Now }] })),
        ["command key to come"] = (CheckNames.CommandKeys, CheckResult.Failed, t => t.Set(c => c with { CommandKeys = [c.CommandKeys[0] with { NotBefore = t._scene.Clock.Now.AddHours(1) }] })),
        ["command key ends soon"] = (CheckNames.CommandKeys, CheckResult.Attention, t => t.Set(c => c with { CommandKeys = [c.CommandKeys[0] with { NotAfter = t._scene.Clock.Now.AddDays(7) }] })),
        ["no approvals"] = (CheckNames.Approvals, CheckResult.Attention, t => t.Set(c => c with { Approvals = null })),
        ["issuer silent"] = (CheckNames.IssuerKeys, CheckResult.Failed, t => t._scene.Probe.Issuer = null),
        ["issuer refuses"] = (CheckNames.IssuerKeys, CheckResult.Failed, t => t._scene.Probe.Issuer = t._scene.Probe.Issuer! with { Status = 407 }),
        ["no key set"] = (CheckNames.IssuerKeys, CheckResult.Failed, t => t._scene.Probe.Issuer = t._scene.Probe.Issuer! with { Body = "<html>"u8.ToArray() }),
        ["clock a minute off"] = (CheckNames.ClockCloud, CheckResult.Attention, t => t._scene.Probe.Issuer = t._scene.Probe.Issuer! with { Date = t._scene.Clock.Now.AddSeconds(-70) }),
        ["clock far off"] = (CheckNames.ClockCloud, CheckResult.Failed, t => t._scene.Probe.Issuer = t._scene.Probe.Issuer! with { Date = t._scene.Clock.Now.AddMinutes(5) }),
        ["issuer without time"] = (CheckNames.ClockCloud, CheckResult.Unknown, t => t._scene.Probe.Issuer = t._scene.Probe.Issuer! with { Date = null }),
        ["new PowerShell"] = (CheckNames.PowerShell, CheckResult.Failed, t => t._scene.Probe.PowerShell = "7.5.0"),
        ["no PowerShell"] = (CheckNames.PowerShell, CheckResult.Failed, t => t._scene.Probe.PowerShell = null),
        ["old Connect"] = (CheckNames.AdSync, CheckResult.Failed, t => t._scene.AdSync.Host = t._scene.AdSync.Host with { Version = "2.4.21.0" }),
        ["odd Connect"] = (CheckNames.AdSync, CheckResult.Unknown, t => t._scene.AdSync.Host = t._scene.AdSync.Host with { Version = "?" }),
        ["other name"] = (CheckNames.AdSync, CheckResult.Attention, t => t._scene.AdSync.Host = t._scene.AdSync.Host with { Server = "AADC09" }),
        ["not in ADSyncAdmins"] = (CheckNames.Scheduler, CheckResult.Failed, t => t.Throw(nameof(IAdSync.GetSchedulerAsync), AdSyncError.AccessDenied.ToError())),
        ["wizard open"] = (CheckNames.Scheduler, CheckResult.Attention, t => t._scene.AdSync.Scheduler = t._scene.AdSync.Scheduler with { SchedulerSuspended = true }),
        ["flag off"] = (CheckNames.Feature, CheckResult.Attention, t => t._scene.AdSync.Features = t._scene.AdSync.Features with { GroupWritebackV2 = false }),
        ["flag unknown"] = (CheckNames.Feature, CheckResult.Unknown, t => t._scene.AdSync.Features = t._scene.AdSync.Features with { GroupWritebackV2 = null }),
        ["other OU"] = (CheckNames.WritebackOu, CheckResult.Failed, t => t.Set(c => c with { Directory = c.Directory with { WritebackOu = "OU=Else,DC=contoso,DC=example" } })),
        ["OU out of scope"] = (CheckNames.WritebackOu, CheckResult.Attention, t => t._scene.AdSync.Host = t._scene.AdSync.Host with { WritebackOuInScope = false }),
        ["OU missing"] = (CheckNames.Directory, CheckResult.Failed, t => t._scene.Ad.Forest = t._scene.Ad.Forest with { WritebackOuExists = false }),
        ["old schema"] = (CheckNames.Directory, CheckResult.Failed, t => t._scene.Ad.Forest = t._scene.Ad.Forest with { HasExternalDirectoryObjectId = false, SchemaVersion = 69 }),
        ["certificate untrusted"] = (CheckNames.Certificate, CheckResult.Failed, t => t._scene.Probe.Certificate = t._scene.Probe.Certificate! with { Problem = "is not trusted here" }),
        ["certificate ends"] = (CheckNames.Certificate, CheckResult.Attention, t => t._scene.Probe.Certificate = t._scene.Probe.Certificate! with { NotAfter = t._scene.Clock.Now.AddDays(10) }),
        ["no LDAPS"] = (CheckNames.Certificate, CheckResult.Failed, t => t._scene.Probe.Certificate = null),
        ["directory's clock off"] = (CheckNames.ClockDirectory, CheckResult.Failed, t => t._scene.Probe.DirectoryTime = t._scene.Clock.Now.AddMinutes(-3)),
        ["directory without clock"] = (CheckNames.ClockDirectory, CheckResult.Unknown, t => t._scene.Probe.DirectoryTime = null),
        ["silent controller"] = (CheckNames.Endpoints, CheckResult.Attention, t => t._scene.Ad.Forest = t._scene.Ad.Forest with { UnreachableEndpoints = ["dc2.contoso.example:389"] }),
        ["no catalog"] = (CheckNames.GlobalCatalogs, CheckResult.Failed, t => t._scene.Ad.GlobalCatalogs.Clear()),
        ["rights missing"] = (CheckNames.Rights, CheckResult.Failed, t => t._scene.Ad.Forest = t._scene.Ad.Forest with { ListenerMayStampOu = false }),
        ["rights unknown"] = (CheckNames.Rights, CheckResult.Unknown, t => t._scene.Ad.Forest = t._scene.Ad.Forest with { ListenerMayStampOu = null }),
        ["server not enrolled"] = (CheckNames.OtherServers, CheckResult.Attention, t => t._scene.Ad.Forest = t._scene.Ad.Forest with { ConnectComputers = ["AADC01", "AADC02"] }),
        ["relay offline"] = (CheckNames.Transport, CheckResult.Failed, t => { t.UseRelay(); t.Beat(new() { Phase = TransportPhase.Offline, Since = t._scene.Clock.Now, LastError = RelayError.NotAllowed.ToError() }); }),
        ["relay answers, service stopped"] = (CheckNames.Transport, CheckResult.Attention, t => { t.UseRelay(); t.Silence(); }),
        ["relay refuses, service stopped"] = (CheckNames.Transport, CheckResult.Failed, t => { t.UseRelay(); t.Silence(); t._scene.Probe.Relay = RelayError.NotAllowed.ToError(); }),
        ["service stopped"] = (CheckNames.Service, CheckResult.Failed, t => { t.Silence(); t._scene.Runner.Answer = _ => new(0, "STATE : 1 STOPPED"); }),
        ["service missing"] = (CheckNames.Service, CheckResult.Attention, t => t.Silence()),
        ["no event source"] = (CheckNames.EventLog, CheckResult.Attention, t => t._scene.Events.Source = false),
        ["Event Log off"] = (CheckNames.EventLog, CheckResult.Attention, t => t.Set(c => c with { Logging = new() { EventLog = false } })),
        ["state forged"] = (CheckNames.Boundary, CheckResult.Failed, t => File.WriteAllText(Path.Combine(t._scene.Data, BoundaryFile.FileName), "a.b.c")),
        ["migration under way"] = (CheckNames.Boundary, CheckResult.Attention, t => t._scene.Record(Boundaries.InStaging)),
    };

    async Task<(int Code, CheckReport Report)> CheckAsync()
    {
        var (code, output, _) = await _scene.RunAsync("check", "--json");
        return (code, JsonSerializer.Deserialize<CheckReport>(output, ContractJson.Options)!);
    }

    void Set(Func<ListenerConfiguration, ListenerConfiguration> change) => _scene.Configuration = change(_scene.Configuration);

    void UseRelay() => Set(c => c with { Url = null, Relay = new() { Namespace = "contoso.servicebus.windows.net", HybridConnection = "aadc01" } });

    void Throw(string member, CommandError error) => _scene.AdSync.OnCall = (called, _) =>
    {
        if (called == member) { throw new AdSyncException(error); }
    };

    void Beat(TransportState state) => new Heartbeat { At = _scene.Clock.Now, StartedAt = _scene.Clock.Now, Address = new("http://127.0.0.1:1"), Transport = state }.Write(_scene.Data);

    void Silence() => File.Delete(Path.Combine(_scene.Data, Heartbeat.FileName));

    List<string> Snapshot() => [.. Directory.GetFiles(_scene.Data, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(file => $"{file} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}")];
}
