using System.Diagnostics;
using System.Runtime.InteropServices;
using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.ActiveDirectory.Ldap;
using GwbCloud.RelayListener.Errors;
using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Tests.Directory.Ldap;

/// <summary>What a controller that is down, silent, strange or unwilling looks like from here. Each test has one of its own.</summary>
public sealed class LdapFaultTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static async Task<DirectoryException> FailAsync(LdapDirectory directory) => await Assert.ThrowsAsync<DirectoryException>(() => directory.ServersAsync(Stop));

    static void Signal(string signal, int process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>SIGCHLD, for which the runtime has a handler that does nothing when no child has ended, to whatever waits for a controller.</summary>
    static int SignalConnections()
    {
        var signal = Marshal.GetDelegateForFunctionPointer<ThreadSignal>(NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "tgkill"));
        return System.IO.Directory.GetDirectories("/proc/self/task")
            .Where(static task => File.ReadAllText(Path.Combine(task, "comm")).StartsWith("LDAP", StringComparison.Ordinal))
            .Count(task => signal(Environment.ProcessId, int.Parse(Path.GetFileName(task), System.Globalization.CultureInfo.InvariantCulture), 17) == 0);
    }

    delegate int ThreadSignal(int process, int thread, int signal);

    [DirectoryFact]
    public async Task Controller_StoppedInTheMiddleAndBack_IsATransientErrorThenGoesOn()
    {
        await using var dc = await SambaDc.StartAsync();
        string ou = await dc.Tools.AddOuAsync("Down");
        var groups = await dc.Tools.AddGroupsAsync(ou, 40);
        AnchorWrite[] writes = [.. groups.Select(group => new AnchorWrite { ObjectGuid = group.ObjectGuid, Value = group.Anchor! })];
        using var directory = dc.Directory(ou);
        await directory.WriteAnchorsAsync(writes[..10], Stop);

        await dc.KillAsync();
        var down = await directory.WriteAnchorsAsync(writes, Stop);
        var refused = await FailAsync(directory);
        await dc.ResumeAsync();
        var back = await directory.WriteAnchorsAsync(writes, Stop);

        Assert.All(down, outcome => Assert.Equal((AnchorState.Unknown, DirectoryError.Unavailable.Code, true), (outcome.State, outcome.Error!.Code, outcome.Error.Transient)));
        Assert.Equal((DirectoryError.Unavailable.Code, true), (refused.Error.Code, refused.Error.Transient));
        Assert.Equal(
            Enumerable.Repeat(AnchorState.AlreadySo, 10).Concat(Enumerable.Repeat(AnchorState.Written, 30)), back.Select(outcome => outcome.State));
    }

    [DirectoryFact]
    public async Task Controller_ThatFallsSilent_IsGivenUpAfterTheLimit()
    {
        await using var dc = await SambaDc.StartAsync();
        string ou = await dc.Tools.AddOuAsync("Silent");
        using var directory = new LdapDirectory(dc.Options(ou) with { ConnectSeconds = 2, RequestSeconds = 2 });
        await directory.ServersAsync(Stop);

        Signal("STOP", dc.ProcessId);
        var silent = await FailAsync(directory);
        var unconnected = await FailAsync(directory);
        Signal("CONT", dc.ProcessId);

        Assert.Equal((DirectoryError.Unavailable.Code, DirectoryError.Unavailable.Code), (silent.Error.Code, unconnected.Error.Code));
        Assert.NotEmpty((await directory.ServersAsync(Stop)).GlobalCatalogs);
    }

    /// <summary>The runtime signals its own threads; the client must not take that for the end of the connection.</summary>
    [DirectoryFact]
    public async Task Signal_DuringAWait_LeavesTheConnectionAlone()
    {
        await using var dc = await SambaDc.StartAsync();
        using var directory = dc.Directory(SambaDc.BaseDn);
        await directory.ServersAsync(Stop);

        Signal("STOP", dc.ProcessId);
        var waiting = directory.ServersAsync(Stop);
        int signalled = 0;
        for (int i = 0; i < 20; i++)
        {
            signalled += SignalConnections();
            await Task.Delay(20, Stop);
        }
        Signal("CONT", dc.ProcessId);

        Assert.NotEmpty((await waiting).GlobalCatalogs);
        Assert.True(signalled >= 20, "no connection waited");
    }

    [DirectoryFact]
    public async Task Certificate_ThatNobodyTrusts_EndsTheConnection()
    {
        await using var dc = await SambaDc.StartAsync();
        var empty = System.IO.Directory.CreateTempSubdirectory();
        using var directory = new LdapDirectory(dc.Options(SambaDc.BaseDn) with { TrustedCertificatesFolder = empty.FullName });

        Assert.Equal(DirectoryError.Unavailable.Code, (await FailAsync(directory)).Error.Code);
        empty.Delete();
    }

    [DirectoryFact]
    public async Task Password_ThatIsWrong_IsToldWithoutTheAccount()
    {
        await using var dc = await SambaDc.StartAsync();
        using var directory = dc.Directory(SambaDc.BaseDn, new("", SambaDc.Administrator, "wrong-word", ""));

        var refused = await FailAsync(directory);

        Assert.Equal((DirectoryError.CredentialsRefused.Code, false), (refused.Error.Code, refused.Error.Transient));
        Assert.Contains("wrong name or password", refused.Error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-word", refused.ToString(), StringComparison.Ordinal);
    }

    [DirectoryFact]
    public async Task Controller_ThatIsReadOnly_IsRefused()
    {
        await using var dc = await SambaDc.StartAsync();
        await dc.StopAsync();
        // What a read-only controller says of itself.
        await DcTools.RunAsync(
            new("ldbmodify", ["-H", dc.Tools.Database]), "dn: @ROOTDSE\nchangetype: modify\nadd: supportedCapabilities\nsupportedCapabilities: 1.2.840.113556.1.4.1920\n", Stop);
        await dc.ResumeAsync();
        using var directory = dc.Directory(SambaDc.BaseDn);

        var refused = await FailAsync(directory);

        Assert.Equal((DirectoryError.ServerUnfit.Code, false), (refused.Error.Code, refused.Error.Transient));
        Assert.Contains("read-only", refused.Error.Message, StringComparison.Ordinal);
    }

    [DirectoryFact]
    public async Task Controller_OfAnotherDomain_IsRefused()
    {
        await using var dc = await SambaDc.StartAsync();
        using var directory = dc.Directory("OU=Writeback,DC=fabrikam,DC=com");

        Assert.Equal(DirectoryError.ServerUnfit.Code, (await FailAsync(directory)).Error.Code);
    }
}
