using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Jobs;
using Microsoft.Extensions.Logging;

namespace GwbCloud.RelayListener.Switch;

/// <summary>
/// Turns the scheduler off when GroupWritebackV2 goes off before the coexistence rules are in place, whoever switched it: the next
/// cycle would take the groups away.
/// </summary>
/// <remarks>
/// It acts only after it has seen the flag as true once, so a server that never had the feature is left alone. Each look starts Windows PowerShell
/// with the ADSync module, so outside migrations it looks seldom, yet more often than cycles run: a switch from outside is seen before the next one.
/// </remarks>
sealed partial class SchedulerGuard : IDisposable
{
    readonly IAdSync _adSync;
    readonly string _marker;
    readonly GuardPace _pace;
    readonly BusyHolds _busy;
    readonly ILogger _logger;
    readonly ITimer _timer;
    readonly Lock _gate = new();
    bool _stopped;

    public SchedulerGuard(IAdSync adSync, string folder, GuardPace pace, TimeProvider time, BusyHolds busy, ILogger logger)
    {
        (_adSync, _marker, _pace, _busy, _logger) = (adSync, Path.Combine(folder, "writeback-was-on"), pace, busy, logger);
        _timer = time.CreateTimer(_ => _ = LookAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Looks now, and from then on periodically.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await CheckQuietlyAsync(cancellationToken);
        Rearm();
    }

    /// <summary>Looks once.</summary>
    /// <returns>True when the scheduler was turned off.</returns>
    public async Task<bool> CheckAsync(CancellationToken cancellationToken)
    {
        bool? reads = (await _adSync.GetFeaturesAsync(cancellationToken)).GroupWritebackV2;
        if (reads is true && !File.Exists(_marker)) { await File.WriteAllBytesAsync(_marker, [], cancellationToken); }
        if (reads is not false || !File.Exists(_marker)) { return false; }

        var host = await _adSync.GetHostAsync(cancellationToken);
        if (CoexistenceRuleSpec.Judge(await _adSync.GetRulesAsync(cancellationToken), host.AdConnectorId).InPlace())
        {
            File.Delete(_marker);
            return false;
        }
        if (!(await _adSync.GetSchedulerAsync(cancellationToken)).SyncCycleEnabled) { return false; }
        await _adSync.SetSchedulerAsync(false, cancellationToken);
        LogTurnedOff(host.Server);
        return true;
    }

    public void Dispose()
    {
        lock (_gate) { _stopped = true; }
        _timer.Dispose();
    }

    // Begins in the timer's own turn, hold and all: a virtual clock must not move on before the look is over.
    async Task LookAsync()
    {
        using var hold = _busy.Hold("scheduler guard");
        await CheckQuietlyAsync(CancellationToken.None);
        Rearm();
    }

    void Rearm()
    {
        lock (_gate)
        {
            if (!_stopped) { _timer.Change(_pace.Next(), Timeout.InfiniteTimeSpan); }
        }
    }

    async Task CheckQuietlyAsync(CancellationToken cancellationToken)
    {
        try
        {
            lock (_gate)
            {
                if (_stopped) { return; }
            }
            await CheckAsync(cancellationToken);
        }
        catch (Exception e) when (e is AdSyncException or IOException)
        {
            // The server is down or busy; the next look will tell.
            LogUnreadable(e);
        }
    }

    [LoggerMessage(6030, LogLevel.Critical, "GroupWritebackV2 went off and the coexistence rules are not in place on {Server}: the scheduler was turned off")]
    partial void LogTurnedOff(string server);

    [LoggerMessage(6031, LogLevel.Warning, "The scheduler guard could not look")]
    partial void LogUnreadable(Exception e);
}
