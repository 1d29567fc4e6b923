using System.Net;
using System.Net.Sockets;
using System.Text;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.RelayListener.CommandLine;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Logs;
using GwbCloud.RelayListener.Service;
using GwbCloud.Tests.Contracts.Approvals;
using GwbCloud.Tests.Listener.CommandLine;

namespace GwbCloud.Tests.Listener.Service;

public sealed class RunTests : IDisposable
{
    readonly ConsoleScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task Run_UntilItIsStopped_AnswersLogsAndLeavesItsSignOfLife()
    {
        using var http = new HttpClient();
        await using var run = await RunningAsync();
        var pulse = Heartbeat.Read(_scene.Data)!;

        string health = await http.GetStringAsync(new Uri(pulse.Address, "health"), _scene.Cancellation);
        var forged = await PostAsync(http, pulse.Address, TestListener.OtherKey);
        int code = await run.StopAsync();

        Assert.Contains("AADC01", health, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, forged);
        Assert.Equal(ExitCode.Done, code);
        Assert.Equal(PortUse.Service, _scene.PortsOpenedFor);
        Assert.Equal([ServiceEvents.Started, 6010, ServiceEvents.Stopped], _scene.Events.Entries.Select(entry => entry.Id));
        string log = string.Concat(Directory.GetFiles(Path.Combine(_scene.Data, "logs")).Select(File.ReadAllText));
        Assert.Contains(" info 6500 The listener of AADC01 answers at http://127.0.0.1:", log, StringComparison.Ordinal);
        Assert.Contains(" warn 6010 ", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ThatWasStopped_NoLongerCountsAsRunning()
    {
        await using var run = await RunningAsync();
        Assert.NotNull(Heartbeat.Read(_scene.Data));

        await run.StopAsync();

        Assert.Null(Heartbeat.Read(_scene.Data));
    }

    [Fact]
    public async Task Run_WhereAnotherOneWorks_IsRefusedAndToldToTheEventLog()
    {
        await using var first = await RunningAsync();
        _scene.Events.Entries.Clear();
        string atWork = Path.Combine(_scene.Data, "documents", "result.new");
        await File.WriteAllTextAsync(atWork, "[", _scene.Cancellation);

        var (code, _, error) = await _scene.RunAsync("run");

        Assert.Equal(ExitCode.NotPossible, code);
        Assert.Contains($"{ServiceError.DataDirectoryInUse.Code}: ", error, StringComparison.Ordinal);
        Assert.Equal(ServiceEvents.NotStarted, Assert.Single(_scene.Events.Entries).Id);
        Assert.True(File.Exists(atWork), "What the one that works was writing is gone.");
        await first.StopAsync();
    }

    [Fact]
    public async Task Run_WhereTheAddressIsTaken_NamesTheAddressAndNotTheFolder()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        _scene.Configuration = _scene.Configuration with { Url = $"http://{taken.LocalEndpoint}" };

        var (code, _, error) = await _scene.RunAsync("run");

        Assert.Equal(ExitCode.NotPossible, code);
        Assert.Contains($"{ServiceError.AddressTaken.Code}: ", error, StringComparison.Ordinal);
        Assert.Contains(taken.LocalEndpoint.ToString()!, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("show-key")]
    public async Task Verb_WithADataDirectoryOfAnotherSystem_IsRefusedAndMakesNone(string verb)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The path is a full one here.");
        const string Elsewhere = @"C:\ProgramData\GwbCloud\Elsewhere";
        _scene.Configuration = _scene.Configuration with { DataDirectory = Elsewhere };

        var (code, _, error) = await _scene.RunAsync(verb);

        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("dataDirectory: ", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Elsewhere));
    }

    [Fact]
    public async Task Run_WithoutWindowsPowerShell_IsRefusedWithItsCode()
    {
        _scene.Configuration = _scene.Configuration with { AdSync = new() { PowerShell = Path.Combine(_scene.Data, "powershell.exe") } };
        _scene.Environment = _scene.Environment with { OpenPorts = ListenerPorts.Open };

        var (code, _, error) = await _scene.RunAsync("run");

        Assert.Equal(ExitCode.NotPossible, code);
        Assert.Contains($"{AdSyncError.HostMissing.Code}: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithARelayThatThisBuildHasNot_IsRefused()
    {
        Assert.SkipWhen(typeof(ListenerCommandLine).Assembly.GetReferencedAssemblies().Any(name => name.Name == "Microsoft.Azure.Relay"), "This build has a relay.");
        _scene.Configuration = _scene.Configuration with { Url = null, Relay = new() { Namespace = "contoso.servicebus.windows.net", HybridConnection = "aadc01" } };

        var (code, _, error) = await _scene.RunAsync("run");

        Assert.Equal(ExitCode.NotPossible, code);
        Assert.Contains($"{RelayError.NotInThisBuild.Code}: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_WhileARunProfileTakesHours_EndsInItsTimeAndTheJobGoesOnAtTheNextStart()
    {
        var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        _scene.AdSync.Scheduler = _scene.AdSync.Scheduler with { SyncCycleEnabled = false };
        _scene.AdSync.OnStep = _ =>
        {
            reached.TrySetResult();
            return go.Task;
        };
        using var logging = ServiceRun.LogsOf(_scene.Configuration, _scene.Environment, "listener", console: null);
        using var http = new HttpClient();
        await using (var service = new ListenerService(_scene.Configuration, _scene.Environment, logging))
        {
            await service.StartAsync(_scene.Cancellation);
            Assert.Equal(HttpStatusCode.Accepted, await PostAsync(http, service.Address!, TestListener.CloudKey, new RunEntraOnly()));
            await reached.Task.WaitAsync(_scene.Cancellation);

            var stopping = service.StopAsync(new CancellationToken(canceled: true));

            Assert.Same(stopping, await Task.WhenAny(stopping, Task.Delay(TimeSpan.FromSeconds(30), _scene.Cancellation)));
        }
        Assert.Equal(ServiceEvents.StoppedAtWork, _scene.Events.Entries[^1].Id);
        go.SetResult();
        // Where the process does not end, the step does; then the folder is free.
        await using var next = await StartedAsync(logging);
        while (_scene.AdSync.Calls.Count < 5) { await Task.Yield(); }
        Assert.Equal(["run AdImport", "run EntraImport", "run AdSync", "run EntraSync", "run EntraExport"], _scene.AdSync.Calls.Distinct());
    }

    [Fact]
    public async Task Run_WhoseDiskRefuses_EndsWithAnErrorSoThatItIsStartedAgain()
    {
        using var http = new HttpClient();
        await using var run = await RunningAsync();
        var address = Heartbeat.Read(_scene.Data)!.Address;

        FullDisk.Under(Path.Combine(_scene.Data, "jobs.journal"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync(http, address, TestListener.CloudKey));
        int code = await run.Task.WaitAsync(_scene.Cancellation);

        Assert.Equal(ExitCode.NotPossible, code);
        Assert.Contains($"{Environment.NewLine}{JobError.JournalBroken.Code}: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(6004, _scene.Events.Entries.Select(entry => entry.Id));
    }

    async Task<ListenerService> StartedAsync(Microsoft.Extensions.Logging.ILoggerFactory logging)
    {
        while (true)
        {
            var service = new ListenerService(_scene.Configuration, _scene.Environment, logging);
            try
            {
                await service.StartAsync(_scene.Cancellation);
                return service;
            }
            catch (CommandFailedException e) when (e.Error.Code == ServiceError.DataDirectoryInUse.Code)
            {
                await service.DisposeAsync();
            }
        }
    }

    async Task<Running> RunningAsync()
    {
        var running = new Running(_scene);
        while (Heartbeat.Read(_scene.Data) is null && !running.Task.IsCompleted)
        {
            _scene.Cancellation.ThrowIfCancellationRequested();
            await Task.Yield();
        }
        Assert.False(running.Task.IsCompleted, running.Error);
        return running;
    }

    async Task<HttpStatusCode> PostAsync(HttpClient http, Uri address, System.Security.Cryptography.ECDsa key, Command? command = null)
    {
        var envelope = CommandEnvelope.For(
            command ?? new InspectServer(), $"{TestListener.Migration}-1", TestIssuer.Tenant, TestListener.Migration, null, TestListener.Server, _scene.Clock.Now, TimeSpan.FromMinutes(10));
        using var content = new StringContent(new EnvelopeSigner(key, "cloud").Sign(envelope), Encoding.ASCII, "application/jose");
        using var answer = await http.PostAsync(new Uri(address, "commands"), content, _scene.Cancellation);
        return answer.StatusCode;
    }

    /// <summary>The verb in the background, until it is told to stop.</summary>
    sealed class Running : IAsyncDisposable
    {
        readonly CancellationTokenSource _stop = new();
        readonly StringWriter _output = new();
        readonly StringWriter _error = new();

        public Running(ConsoleScene scene)
        {
            scene.WriteConfiguration();
            Task = System.Threading.Tasks.Task.Run(() => ListenerCommandLine.RunAsync(["run", "--config", scene.ConfigFile], _output, _error, scene.Environment, _stop.Token));
        }

        public Task<int> Task { get; }

        public string Error => _error.ToString();

        public async Task<int> StopAsync()
        {
            await _stop.CancelAsync();
            return await Task;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            _stop.Dispose();
            await _output.DisposeAsync();
            await _error.DisposeAsync();
        }
    }
}
