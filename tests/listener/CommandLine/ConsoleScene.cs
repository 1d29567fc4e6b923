using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.Check;
using GwbCloud.RelayListener.CommandLine;
using GwbCloud.RelayListener.Configuration;
using GwbCloud.RelayListener.Hosting;
using GwbCloud.RelayListener.Logs;
using GwbCloud.RelayListener.Service;
using GwbCloud.RelayListener.Status;
using GwbCloud.Tests.Contracts;
using GwbCloud.Tests.Contracts.Approvals;

namespace GwbCloud.Tests.Listener.CommandLine;

/// <summary>A console on a Connect server in memory: every verb as an administrator would type it.</summary>
sealed class ConsoleScene : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gwb-console-");

    public ConsoleScene()
    {
        Configuration = new()
        {
            Server = TestListener.Server,
            Tenant = TestIssuer.Tenant,
            DataDirectory = Path.Combine(_folder.FullName, "data"),
            CommandKeys = [PinnedKey.Of("cloud", TestListener.CloudKey)],
            Directory = new() { WritebackOu = FakeDirectory.Ou },
            Url = "http://127.0.0.1:0",
        };
        Environment = new()
        {
            Time = Clock,
            IsWindows = true,
            IsElevated = true,
            IsInputTyped = true,
            Input = TextReader.Null,
            Executable = @"C:\Program Files\GwbCloud\gwb-listener.exe",
            EventLog = Events,
            Runner = Runner,
            Probe = Probe,
            OpenPorts = (_, use) =>
            {
                PortsOpenedFor = use;
                return new(Ad, AdSync);
            },
        };
    }

    public ManualClock Clock { get; } = new(new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero));

    public FakeDirectory Ad { get; init; } = new();

    public FakeAdSync AdSync { get; init; } = new();

    public FakeEventLog Events { get; } = new();

    public FakeRunner Runner { get; } = new();

    public FakeProbe Probe { get; } = new();

    public ListenerConfiguration Configuration { get; set; }

    public ListenerEnvironment Environment { get; set; }

    /// <summary>How the ports were opened last; null when they were not.</summary>
    public PortUse? PortsOpenedFor { get; private set; }

    public string ConfigFile => Path.Combine(_folder.FullName, "listener.json");

    public string Data => Configuration.DataDirectory;

    public CancellationToken Cancellation { get; } = TestContext.Current.CancellationToken;

    /// <summary>Writes the configuration and runs a verb.</summary>
    public async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        WriteConfiguration();
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await ListenerCommandLine.RunAsync([.. args, "--config", ConfigFile], output, error, Environment, Cancellation);
        return (code, output.ToString(), error.ToString());
    }

    public void WriteConfiguration() => File.WriteAllBytes(ConfigFile, JsonSerializer.SerializeToUtf8Bytes(Configuration, ContractJson.Options));

    /// <summary>The listener's key is there, as after an installation.</summary>
    public void MakeKey() => ListenerKey.Open(Data).Dispose();

    /// <summary>A boundary that the listener has signed: the server in ordinary operation, then as it is inspected again, then what was commanded.</summary>
    public void Record(Func<ServerFacts, ServerFacts>? change = null, params (Command Command, object? Result)[] commands)
    {
        using var key = ListenerKey.Open(Data);
        var file = new BoundaryFile(Path.Combine(Data, BoundaryFile.FileName), ListenerKey.Signer(key, Configuration.Server), Configuration.Server, Clock);
        file.Record(TestListener.Migration, new InspectServer(), CommandState.Done, Bytes(Boundaries.Facts));
        if (change is not null) { file.Record(TestListener.Migration, new InspectServer(), CommandState.Done, Bytes(change(Boundaries.Facts))); }
        foreach (var (command, result) in commands) { file.Record(TestListener.Migration, command, CommandState.Done, result is null ? null : Bytes(result)); }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    static byte[] Bytes(object value) => JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), ContractJson.Options);
}

/// <summary>The Event Log in memory.</summary>
sealed class FakeEventLog : IEventLog
{
    public List<(EventDegree Degree, int Id, string Text)> Entries { get; } = [];

    public bool Source { get; set; }

    public void Write(EventDegree degree, int id, string text)
    {
        lock (Entries) { Entries.Add((degree, id, text)); }
    }

    public bool HasSource() => Source;

    public void AddSource() => Source = true;

    public void RemoveSource() => Source = false;
}

/// <summary>Records command lines and answers what a test says; by default that all went well.</summary>
sealed class FakeRunner : ICommandRunner
{
    public List<string> Lines { get; } = [];

    public Func<string, CommandRun> Answer { get; set; } = line => line.StartsWith("sc.exe query", StringComparison.Ordinal) ? new(1060, "") : new(0, "");

    public Task<CommandRun> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        string line = string.Join(' ', [program, .. arguments]);
        Lines.Add(line);
        return Task.FromResult(Answer(line));
    }
}

/// <summary>A machine on which everything is as it must be, until a test changes it.</summary>
sealed class FakeProbe : ICheckProbe
{
    public PathSight Folder { get; set; } = new() { Exists = true, Writable = true, Others = [@"NT SERVICE\GwbListener"] };

    public PathSight File { get; set; } = new() { Exists = true, Others = [] };

    public HttpSight? Issuer { get; set; }

    public CertificateSight? Certificate { get; set; } = new() { Subject = "CN=dc1.contoso.example", NotAfter = new(2027, 11, 2, 0, 0, 0, TimeSpan.Zero) };

    public DateTimeOffset? DirectoryTime { get; set; } = new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);

    public string? PowerShell { get; set; } = "5.1.17763.6414";

    public List<string> Hosts { get; } = [];

    /// <summary>Why the relay does not let the listener in; null when it does.</summary>
    public CommandError? Relay { get; set; }

    /// <summary>How often the relay was tried.</summary>
    public int RelayTries { get; private set; }

    public PathSight Look(string path, bool tryWriting) => tryWriting ? Folder : File;

    public Task<HttpSight> LookAsync(Uri address, CancellationToken cancellationToken) =>
        Issuer is { } sight ? Task.FromResult(sight) : throw new HttpRequestException("No such host is known.");

    public Task<CertificateSight> LookAtCertificateAsync(string host, int port, CancellationToken cancellationToken)
    {
        Hosts.Add($"{host}:{port}");
        return Certificate is { } sight ? Task.FromResult(sight) : throw new IOException($"{host}:{port}: connection refused");
    }

    public Task<CommandError?> TryRelayAsync(RelayOptions relay, string tenant, CancellationToken cancellationToken)
    {
        RelayTries++;
        return Task.FromResult(Relay);
    }

    public Task<DateTimeOffset?> ReadDirectoryTimeAsync(ListenerPorts ports, CancellationToken cancellationToken) => Task.FromResult(DirectoryTime);

    public Task<string?> ReadPowerShellVersionAsync(string path, ICommandRunner runner, CancellationToken cancellationToken) => Task.FromResult(PowerShell);
}
