using System.Security.Cryptography;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.CommandLine;
using GwbCloud.RelayListener.Configuration;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Hosting;
using GwbCloud.RelayListener.Logs;
using GwbCloud.RelayListener.Status;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GwbCloud.RelayListener.Service;

/// <summary>The listener as a hosted service: the same in a console and under the service control manager.</summary>
sealed partial class ListenerService(ListenerConfiguration configuration, ListenerEnvironment environment, ILoggerFactory logging, ServiceEnd? end = null)
    : IHostedService, IAsyncDisposable
{
    static readonly TimeSpan Pulse = TimeSpan.FromMinutes(1);

    readonly ILogger _logger = logging.CreateLogger("GwbCloud.RelayListener.Service");
    readonly CancellationTokenSource _stop = new();
    readonly HttpClient _http = new();
    ECDsa? _key;
    ListenerPorts? _ports;
    ListenerHost? _host;
    Task _pulse = Task.CompletedTask;

    /// <summary>Where the job API answers; null before the start.</summary>
    public Uri? Address => _host?.Address;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _key = ListenerKey.Open(configuration.DataDirectory);
            _ports = environment.OpenPorts(configuration, PortUse.Service);
            var options = configuration.ToOptions(ListenerKey.Signer(_key, configuration.Server), _http) with { Logging = logging, Time = environment.Time };
            _host = await ListenerHost.StartAsync(options, _ports.Directory, _ports.AdSync, cancellationToken);
        }
        catch (Exception e) when (ServiceFault.Of(e) is { } fault)
        {
            LogNotStarted(fault.Code, fault.Message);
            throw new CommandFailedException(fault, e);
        }
        LogStarted(configuration.Server, _host.Address.ToString());
        _pulse = Task.WhenAll(PulseAsync(_host, environment.Time.GetUtcNow()), EndWhenBrokenAsync(_host));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_host is null) { return; }
        await _stop.CancelAsync();
        await _pulse.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Heartbeat.Remove(configuration.DataDirectory);
        try
        {
            await _host.DisposeAsync().AsTask().WaitAsync(cancellationToken);
            LogStopped(configuration.Server);
        }
        catch (OperationCanceledException)
        {
            // A run profile may take hours, and the next start would find the folder in use until then. The journals stand a crash, so they stand this.
            LogStoppedAtWork(configuration.Server);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null) { await _host.DisposeAsync(); }
        if (_ports is not null) { await _ports.DisposeAsync(); }
        _key?.Dispose();
        _http.Dispose();
        _stop.Dispose();
    }

    async Task PulseAsync(ListenerHost host, DateTimeOffset startedAt)
    {
        var watch = new ContactWatch(
            () => host.LastCommandAt, StandsInStagingAsync, TimeSpan.FromMinutes(configuration.Guard.ContactMinutes), environment.Time, _logger);
        using var timer = new PeriodicTimer(Pulse, environment.Time);
        do
        {
            try
            {
                new Heartbeat { At = environment.Time.GetUtcNow(), StartedAt = startedAt, Address = host.Address, Transport = host.Transport, LastCommandAt = host.LastCommandAt }
                    .Write(configuration.DataDirectory);
                await watch.LookAsync(_stop.Token);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The next look may succeed; the service must not fall silent over it.
                LogNoPulse(e);
            }
        }
        while (await timer.WaitForNextTickAsync(_stop.Token));
    }

    async Task EndWhenBrokenAsync(ListenerHost host)
    {
        var fault = await host.Broken.WaitAsync(_stop.Token);
        end?.With(fault);
    }

    /// <summary>The server itself is asked; what was seen last counts only when it does not answer.</summary>
    async Task<bool> StandsInStagingAsync(CancellationToken cancellationToken)
    {
        var boundary = BoundaryFile.Read(
            Path.Combine(configuration.DataDirectory, BoundaryFile.FileName), ListenerKey.Pin(_key!, configuration.Server), environment.Time);
        if (boundary is null || boundary.StagingBefore is true) { return false; }
        try
        {
            return (await _ports!.AdSync.GetSchedulerAsync(cancellationToken)).StagingModeEnabled;
        }
        catch (AdSyncException)
        {
            return boundary.Facts?.Staging is true;
        }
    }

    [LoggerMessage(ServiceEvents.Started, LogLevel.Information, "The listener of {Server} answers at {Address}")]
    partial void LogStarted(string server, string address);

    [LoggerMessage(ServiceEvents.Stopped, LogLevel.Information, "The listener of {Server} has stopped; what it was doing goes on at the next start")]
    partial void LogStopped(string server);

    [LoggerMessage(ServiceEvents.StoppedAtWork, LogLevel.Warning, "The listener of {Server} was told to end before what it was doing came to an end; the next start reads what came of it")]
    partial void LogStoppedAtWork(string server);

    [LoggerMessage(ServiceEvents.NotStarted, LogLevel.Error, "The listener could not start: {Code} {Text}")]
    partial void LogNotStarted(string code, string text);

    [LoggerMessage(6505, LogLevel.Warning, "The service's sign of life could not be written")]
    partial void LogNoPulse(Exception e);
}
