using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.Orchestration;

/// <summary>The moments that bound a migration in its window, from the plan, the window and what was observed since. Pure.</summary>
public sealed class TimeLimits
{
    /// <summary>Connect needs a synchronisation at least every seven days; two are left for people. Source: scheduler document.</summary>
    public static readonly TimeSpan SchedulerOffAtMost = TimeSpan.FromDays(5);

    /// <summary>People are told a day before.</summary>
    public static readonly TimeSpan SchedulerOffAlarm = TimeSpan.FromDays(4);

    /// <summary>A second gate that is open for less can't be decided by people.</summary>
    public static readonly TimeSpan ShortestGate = TimeSpan.FromMinutes(15);

    /// <summary>Commands, retries and a listener that is away take their time whatever the cycles take.</summary>
    static readonly TimeSpan ShortestTolerance = TimeSpan.FromHours(12);

    /// <summary>How much longer than predicted a stage past the switch may take: parking it sooner would only cost another full cycle.</summary>
    const int Tolerance = 4;

    static readonly int[] StagingShares = [50, 75, 90];

    readonly MigrationWindow _window;
    readonly MigrationSettings _settings;
    readonly MigrationFacts _facts;

    public TimeLimits(MigrationRequest request, MigrationPlan plan, MigrationFacts facts)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(facts);
        (_window, _settings, _facts) = (request.Window, request.Settings, facts);
        Predicted = plan.Time;
        Time = TimeArithmetic.Observed(plan.Time, facts.ObservedInitialSeconds, facts.ObservedDeltaSeconds);
    }

    /// <summary>What the plan said, and people approved.</summary>
    public TimePlan Predicted { get; }

    /// <summary>The same with observed cycles in the place of predicted ones.</summary>
    public TimePlan Time { get; }

    /// <summary>What comes after the second gate must still fit into the window, whichever way it goes.</summary>
    public DateTimeOffset LatestGateEnd => _window.End - TimeSpan.FromSeconds(Math.Max(Time.UndoSeconds, Time.ForwardSeconds));

    /// <summary>Later the window is not entered any more: the whole would not fit.</summary>
    public DateTimeOffset LatestEntry => _window.End - TimeSpan.FromSeconds(Time.PredictedStagingSeconds);

    /// <summary>From here on going back no longer fits into the window.</summary>
    public DateTimeOffset LatestTurn => _window.End - TimeSpan.FromSeconds(Time.UndoSeconds);

    /// <summary>From here on going forward no longer fits into the window.</summary>
    public DateTimeOffset LatestForward => _window.End - TimeSpan.FromSeconds(Time.ForwardSeconds);

    /// <summary>
    /// From here on a migration that is parked past the switch is offered "Entra only": staging has lasted for as long as people approved, or the
    /// way forward no longer fits, or the scheduler has been off for four days.
    /// </summary>
    public DateTimeOffset EntraOnlyFrom => new[]
    {
        LatestForward,
        _facts.StagingSince?.AddSeconds(Predicted.PredictedStagingSeconds) ?? DateTimeOffset.MaxValue,
        _facts.SchedulerOffSince + SchedulerOffAlarm ?? DateTimeOffset.MaxValue,
    }.Min();

    /// <summary>The end of the five days, when the scheduler is off by us.</summary>
    public DateTimeOffset? SchedulerOffUntil => _facts.SchedulerOffSince + SchedulerOffAtMost;

    /// <summary>Whether a stage is at work while exports of the tenant stand still, before the switch or after.</summary>
    public static bool IsInsideWindow(StageName stage) => stage is >= StageName.EnterStagingMode and <= StageName.LeaveStagingMode;

    /// <summary>Whether a stage belongs to the window and there is still a way back.</summary>
    public static bool CanTurnInWindow(StageName stage) => stage is >= StageName.FreezeAndDrain and <= StageName.ConfirmSwitch;

    /// <summary>The latest moment at which a stage may begin, so that everything behind it still fits.</summary>
    public DateTimeOffset LatestBegin(StageName stage) => stage switch
    {
        <= StageName.ApprovePlan => _window.Start > LatestEntry ? LatestEntry : _window.Start,
        StageName.FreezeAndDrain => LatestEntry,
        <= StageName.FirstFullSync => LatestGateEnd - ShortestGate - TimeSpan.FromSeconds(Time.InitialSeconds),
        StageName.ConfirmSwitch => LatestGateEnd - ShortestGate,
        StageName.DisableGroupWritebackV2 => _facts.Approval?.Deadline - ShortestGate ?? LatestGateEnd,
        StageName.SecondFullSync => LatestForward,
        StageName.LeaveStagingMode => _window.End - TimeSpan.FromSeconds(Time.DeltaSeconds) - TimeSpan.FromMinutes(30),
        StageName.ResumeScheduler => (SchedulerOffUntil ?? _window.End) - TimeSpan.FromHours(1),
        _ => DateTimeOffset.MaxValue,
    };

    /// <summary>
    /// When a stage that works in the window is at its end as a whole, however well each of its steps goes; null where only its waits have bounds. Before the
    /// switch what follows, and the way back, must still fit into the window. Past it there is no window to keep: what takes four times as long as
    /// predicted, and half a day at least, needs a person.
    /// </summary>
    /// <remarks>The switch itself is left out: between its call and the flag that reads false nothing is better than to go on reading.</remarks>
    public DateTimeOffset? StageUntil(StageName stage, DateTimeOffset begun) => (stage, _facts.SwitchedOff) switch
    {
        (StageName.ConfirmSwitch, false) => LatestGateEnd,
        (_, false) when CanTurnInWindow(stage) => LatestBegin(stage + 1),
        (>= StageName.FreezeAndDrain and <= StageName.FirstFullSync or >= StageName.SecondFullSync and <= StageName.ResumeScheduler, true) => begun + Tolerated(stage),
        _ => null,
    };

    /// <summary>When a cycle that a stage waits for is given up. Before the switch sooner than the stage: the way back has one that takes as long.</summary>
    public DateTimeOffset? CycleUntil(StageName stage, CyclePolicy policy, DateTimeOffset begun)
    {
        var until = StageUntil(stage, begun);
        if (until is null || _facts.SwitchedOff || policy == CyclePolicy.Delta) { return until; }
        // What it has taken by then, an Initial takes once more; so from the predicted end on each second counts twice.
        var predicted = begun.AddSeconds(Time.InitialSeconds);
        return predicted < until ? predicted + ((until.Value - predicted) / 2) : until;
    }

    TimeSpan Tolerated(StageName stage)
    {
        var cycle = TimeSpan.FromSeconds(stage is StageName.FirstFullSync or StageName.SecondFullSync ? Time.InitialSeconds : Time.DeltaSeconds);
        var task = TimeSpan.FromMinutes(stage is StageName.EnterStagingMode or StageName.LeaveStagingMode ? _settings.WindowTaskMinutes : 0);
        var allowed = Tolerance * (cycle + task);
        return allowed < ShortestTolerance ? ShortestTolerance : allowed;
    }

    /// <summary>Until when a stage may be held that would begin now.</summary>
    public DateTimeOffset HoldUntil(StageName stage, DateTimeOffset now)
    {
        var longest = now.AddHours(_settings.HoldHours);
        var latest = LatestBegin(stage);
        return latest < longest ? latest : longest;
    }

    /// <summary>Why the window no longer holds what is left before and after the second gate; null when it does.</summary>
    /// <param name="next">The stage that would begin now.</param>
    /// <param name="now">The moment.</param>
    public Notice? Objection(StageName next, DateTimeOffset now) =>
        Time.PredictedStagingSeconds > TimeArithmetic.BlocksAbove ? Notices.StagingTooLong(Time)
        : now > LatestBegin(next) ? Notices.WindowTooShort(LatestGateEnd)
        : null;

    /// <summary>What people are warned of while a stage runs, in the order of time; none while nothing stands still.</summary>
    public IReadOnlyList<Alarm> Alarms()
    {
        var alarms = new List<Alarm>();
        if (_facts.StagingSince is { } since)
        {
            var allowed = TimeSpan.FromSeconds(Predicted.PredictedStagingSeconds);
            alarms.AddRange(StagingShares.Select(percent => new Alarm
            {
                Key = $"staging-{percent}", At = since + (allowed * percent / 100), Notice = Notices.StagingShare(percent, since, allowed) with { Tells = Audience.Concerned },
            }));
        }
        if (_facts.SchedulerOffSince is { } off)
        {
            alarms.Add(new() { Key = "scheduler-off", At = off + SchedulerOffAlarm, Notice = Notices.SchedulerOffLong(off) with { Tells = Audience.Escalation } });
            // An hour, or what the way on or back takes, whichever is more.
            var before = TimeSpan.FromSeconds(Math.Max(3_600, Math.Max(Time.UndoSeconds, Time.ForwardSeconds)));
            alarms.Add(new() { Key = "window-end", At = _window.End - before, Notice = Notices.WindowNearItsEnd(_window.End) with { Tells = Audience.Concerned } });
        }
        return [.. alarms.OrderBy(a => a.At)];
    }
}
