using System.Threading.Channels;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Hosting;
using Microsoft.Extensions.Logging;

namespace GwbCloud.RelayListener.Relay;

/// <summary>Keeps one link to a relay open for as long as the listener runs. Never gives up.</summary>
/// <remarks>
/// A link reconnects by itself after most faults, but not after all: a hybrid connection that was deleted and deployed again, or a fault
/// inside the client, leaves it offline for good, and the service would run on without ever being asked anything. So a link that says
/// that it is offline, and one that has been reconnecting for longer than <see cref="Patience"/>, is replaced by a new one.
/// </remarks>
/// <param name="connect">Makes a link that reports to the given receiver.</param>
/// <param name="time">Stamps states.</param>
/// <param name="wait">Waits; tests do without the time.</param>
/// <param name="chance">Numbers from 0 up to, not including, 1.</param>
/// <param name="logger">Told of every change, never of a token.</param>
sealed partial class RelaySupervisor(
    Func<Action<LinkReport>, IRelayLink> connect, TimeProvider time, Func<TimeSpan, CancellationToken, Task> wait, Func<double> chance, ILogger logger)
    : IAsyncDisposable
{
    /// <summary>How long a link may try to reconnect by itself.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>A link that was online for so long was good: the next pause is the shortest again.</summary>
    public static readonly TimeSpan GoodEnough = TimeSpan.FromMinutes(1);

    readonly CancellationTokenSource _stop = new();
    TransportState _state = new() { Phase = TransportPhase.Connecting, Since = time.GetUtcNow() };
    Task _running = Task.CompletedTask;

    public TransportState State => Volatile.Read(ref _state);

    public void Start() => _running = RunAsync(_stop.Token);

    /// <summary>Closes the link and makes no other.</summary>
    public async ValueTask DisposeAsync()
    {
        if (State.Phase == TransportPhase.Stopped) { return; }
        await _stop.CancelAsync();
        await _running;
        Become(TransportPhase.Stopped, null);
        _stop.Dispose();
    }

    async Task RunAsync(CancellationToken stop)
    {
        var backOff = new BackOff(chance);
        while (!stop.IsCancellationRequested)
        {
            DateTimeOffset? online = null;
            try
            {
                var reports = Channel.CreateUnbounded<LinkReport>(new() { SingleReader = true });
                await using var link = connect(report => reports.Writer.TryWrite(report));
                await link.OpenAsync(stop);
                online = time.GetUtcNow();
                Become(TransportPhase.Online, null);
                await FollowAsync(reports.Reader, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Become(TransportPhase.Offline, e is CommandFailedException known ? known.Error : RelayError.Unreachable.ToError(e.GetType().Name, transient: true));
            }
            if (online is { } since && time.GetUtcNow() - since >= GoodEnough) { backOff.Reset(); }
            try
            {
                var pause = backOff.Next();
                LogPause(pause);
                await wait(pause, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Returns when the link is of no more use.</summary>
    async Task FollowAsync(ChannelReader<LinkReport> reports, CancellationToken stop)
    {
        Task? patience = null;
        var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            while (true)
            {
                var next = reports.ReadAsync(stop).AsTask();
                if (patience is not null && await Task.WhenAny(next, patience) == patience)
                {
                    await patience;
                    Become(TransportPhase.Offline, State.LastError);
                    return;
                }
                var report = await next;
                Become(report.Phase, report.Error);
                switch (report.Phase)
                {
                    case TransportPhase.Offline:
                        return;
                    case TransportPhase.Online when patience is not null:
                        await ended.CancelAsync();
                        ended.Dispose();
                        ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
                        patience = null;
                        break;
                    case TransportPhase.Connecting:
                        // From the first loss on: attempts that fail do not prolong it.
                        patience ??= wait(Patience, ended.Token);
                        break;
                }
            }
        }
        finally
        {
            await ended.CancelAsync();
            ended.Dispose();
        }
    }

    void Become(TransportPhase phase, CommandError? error)
    {
        var before = State;
        var now = time.GetUtcNow();
        Volatile.Write(ref _state, before with
        {
            Phase = phase,
            Since = phase == before.Phase ? before.Since : now,
            LastError = error ?? before.LastError,
            LastErrorAt = error is null ? before.LastErrorAt : now,
        });
        if (phase == before.Phase && (error is null || error.Code == before.LastError?.Code)) { return; }
        switch (phase)
        {
            case TransportPhase.Online:
                LogOnline();
                break;
            case TransportPhase.Connecting:
                LogConnecting(error?.Code, error?.Message);
                break;
            case TransportPhase.Offline:
                LogOffline(error?.Code, error?.Message, error?.Remedy);
                break;
            default:
                LogStopped();
                break;
        }
    }

    [LoggerMessage(6040, LogLevel.Information, "The relay is online")]
    partial void LogOnline();

    // The service itself restarts every connection once a day.
    [LoggerMessage(6041, LogLevel.Information, "The relay is being connected again: {Code} {Message}")]
    partial void LogConnecting(string? code, string? message);

    [LoggerMessage(6042, LogLevel.Warning, "The relay is offline and will be opened anew: {Code} {Message} {Remedy}")]
    partial void LogOffline(string? code, string? message, string? remedy);

    [LoggerMessage(6043, LogLevel.Debug, "The relay is opened anew in {Pause}")]
    partial void LogPause(TimeSpan pause);

    [LoggerMessage(6044, LogLevel.Information, "The relay is closed")]
    partial void LogStopped();
}
