using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration.Guards;
using GwbCloud.Functions.Reporting;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Where the arithmetic of the window is applied: at its entry, after each stage inside it, and at the gates.</summary>
static class TimeCheck
{
    /// <summary>Why the window can't be entered any more; null when it can.</summary>
    public static Notice? Missed(StageRun run)
    {
        var limits = run.Limits;
        return run.Now > limits.LatestEntry ? Notices.WindowMissed(limits.LatestEntry)
            : run.Request.Window.Blackouts.FirstOrDefault(b => b.Overlaps(run.Now, run.Now.AddSeconds(limits.Time.PredictedStagingSeconds))) is { } blackout
                ? Notices.InBlackout(blackout)
            : null;
    }

    /// <summary>The longest full cycle of every server takes the place of the predicted one, also when it is shorter.</summary>
    /// <remarks>What only some servers show counts when it is longer: the slowest may be another. So does a Delta: those that still come export.</remarks>
    public static MigrationFacts Observe(MigrationFacts facts, MigrationPlan plan, CyclePolicy policy, IReadOnlyList<CycleOutcome> cycles)
    {
        if (cycles.Select(c => c.Seconds).Max() is not { } longest) { return facts; }
        if (policy == CyclePolicy.Delta) { return longest > (facts.ObservedDeltaSeconds ?? plan.Time.DeltaSeconds) ? facts with { ObservedDeltaSeconds = longest } : facts; }
        return plan.Servers.All(s => cycles.Any(c => c.Server == s.Name && c.Seconds is not null)) || longest > (facts.ObservedInitialSeconds ?? plan.Time.InitialSeconds)
            ? facts with { ObservedInitialSeconds = longest }
            : facts;
    }

    /// <summary>After a stage inside the window: told when it took longer than predicted, blocked when the rest no longer fits.</summary>
    public static StageOutcome After(StageRun run, StageOutcome outcome)
    {
        // Somebody else's switch asks for no window.
        if (run.Facts.SwitchedElsewhere) { return outcome; }
        if (outcome.End is not (StageEnd.Done or StageEnd.Skipped) || run.Stage < StageName.FreezeAndDrain || run.Stage > StageName.SecondFullSync) { return outcome; }
        var limits = run.Limits;
        if (run.Facts.ObservedInitialSeconds > run.Plan.Time.InitialSeconds && !run.WasTold("longer-than-predicted"))
        {
            run.Remember("longer-than-predicted");
            run.Tell(Notices.LongerThanPredicted(run.Stage, limits.Predicted, limits.Time, limits.LatestGateEnd));
            outcome = outcome with { View = outcome.View with { Notices = run.View.Notices } };
        }
        return !run.Facts.SwitchedOff && run.Stage < StageName.ConfirmSwitch && limits.Objection(run.Stage + 1, run.Now) is { } objection ? run.Blocked(objection) : outcome;
    }

    /// <summary>A guarded gate with a warning before its end.</summary>
    public static async Task<GateEnd> GateAsync(StageRun run, OpenGate gate, GuardPhase phase)
    {
        var name = $"{gate.Gate}".ToLowerInvariant();
        var waiting = Gate.WaitAsync(run, gate, phase);
        var key = $"gate-{name}-{gate.EvidenceAt:u}";
        await Alarms.BesideAsync(run, waiting,
        [
            .. Alarm.Along(
                key, run.Now, gate.Deadline, (until, tells) => tells == Audience.Escalation && gate.Escalation is not null ? Notices.GateEscalated(name, until) : Notices.GateNearItsEnd(name, until),
                Reminders.Gate(run.Settings.EscalateAtPercent)),
        ]);
        return await waiting;
    }

    /// <summary>What approving the switch means in time, when that is no longer what the plan said.</summary>
    public static IEnumerable<string> Consequences(StageRun run)
    {
        var limits = run.Limits;
        if (run.Facts.ObservedInitialSeconds is null || limits.Time.PredictedStagingSeconds <= limits.Predicted.PredictedStagingSeconds) { yield break; }
        yield return $"Full cycles take longer than predicted: staging comes to about {Words.Span(TimeSpan.FromMinutes(limits.Time.PredictedStagingSeconds / 60))} instead of {Words.Span(TimeSpan.FromMinutes(limits.Predicted.PredictedStagingSeconds / 60))}."
            + (limits.Predicted.PredictedStagingSeconds <= TimeArithmetic.AcceptanceAbove && limits.Time.PredictedStagingSeconds > TimeArithmetic.AcceptanceAbove
                ? " That is above 12 hours; who approves accepts it."
                : "");
    }
}
