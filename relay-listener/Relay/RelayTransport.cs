using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GwbCloud.RelayListener.Relay;

/// <summary>Makes a link that reports its state to one receiver and hands requests to another.</summary>
delegate IRelayLink RelayLinkFactory(Action<LinkReport> report, Action<IRelayedExchange> request);

/// <summary>The job API behind a hybrid connection: requests, supervision and an orderly end. The client of the relay itself stands behind <see cref="IRelayLink"/>.</summary>
sealed partial class RelayTransport : IListenerTransport
{
    /// <summary>For the answers to what was abandoned.</summary>
    static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    readonly RelayOptions _options;
    readonly ILogger _logger;
    readonly CancellationTokenSource _abandon = new();
    readonly Func<TimeSpan, CancellationToken, Task> _wait;
    readonly RelayedRequests _requests;
    readonly RelaySupervisor _supervisor;

    RelayTransport(
        RelayOptions options, RelayLinkFactory connect, ListenerHandler handle, TimeProvider time, Func<TimeSpan, CancellationToken, Task> wait, ILogger logger)
    {
        (_options, _wait, _logger) = (options, wait, logger);
        _requests = new(handle, options.CallAddress.AbsolutePath, logger, _abandon.Token);
        _supervisor = new(report => connect(report, _requests.Begin), time, wait, Random.Shared.NextDouble, logger);
    }

    public Uri Address => _options.CallAddress;

    public TransportState State => _supervisor.State;

    /// <summary>Begins to connect and returns at once: a server that starts before its network must not fail.</summary>
    public static RelayTransport Start(
        RelayOptions options, RelayLinkFactory connect, ListenerHandler handle, TimeProvider time, ILogger logger, Func<TimeSpan, CancellationToken, Task>? wait = null)
    {
        var transport = new RelayTransport(options, connect, handle, time, wait ?? ((pause, cancellationToken) => Task.Delay(pause, time, cancellationToken)), logger);
        transport._supervisor.Start();
        return transport;
    }

    /// <summary>Registers once and leaves again.</summary>
    /// <exception cref="CommandFailedException">GWB64xx: it could not be registered.</exception>
    /// <returns>What the link said of itself meanwhile; null when nothing was wrong.</returns>
    public static async Task<CommandError?> ProbeAsync(RelayOptions options, RelayLinkFactory connect, CancellationToken cancellationToken)
    {
        CommandError? fault = null;
        var later = new RelayedRequests(
            (_, _) => Task.FromResult(ListenerApi.Refuse(503, JobError.Stopping.ToError(transient: true))), options.CallAddress.AbsolutePath, NullLogger.Instance,
            CancellationToken.None);
        await using var link = connect(report => fault = report.Error ?? fault, later.Begin);
        await link.OpenAsync(cancellationToken);
        await later.CloseAsync();
        return fault;
    }

    public async ValueTask DisposeAsync()
    {
        // The link stays open meanwhile: answers go back on it.
        var drained = _requests.CloseAsync();
        if (!await EndsWithinAsync(drained, TimeSpan.FromSeconds(_options.DrainSeconds)))
        {
            LogAbandoned(_options.DrainSeconds);
            await _abandon.CancelAsync();
            await EndsWithinAsync(drained, LastWords);
        }
        await _supervisor.DisposeAsync();
    }

    async Task<bool> EndsWithinAsync(Task task, TimeSpan limit)
    {
        if (task.IsCompleted) { return true; }
        using var ended = new CancellationTokenSource();
        bool inTime = await Task.WhenAny(task, _wait(limit, ended.Token)) == task;
        await ended.CancelAsync();
        return inTime;
    }

    [LoggerMessage(6047, LogLevel.Warning, "Requests were still open after {Seconds} s and are ended without their answer")]
    partial void LogAbandoned(int seconds);
}
