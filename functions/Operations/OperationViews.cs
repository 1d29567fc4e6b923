using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Operations;

/// <summary>Views of operations in each of their states. Pure.</summary>
static class OperationViews
{
    const int MostNotices = 50;

    public static OperationView Fresh(OperationRequest request, DateTimeOffset now) => new()
    {
        OperationId = request.OperationId,
        Kind = OperationKinds.Of(request.Terms).Kind,
        Terms = request.Terms,
        RequestedBy = request.RequestedBy,
        State = OperationState.Planning,
        AskedAt = now,
        UpdatedAt = now,
    };

    public static OperationView Planned(OperationView view, BoundPlan bound, bool readsOnly) => view with
    {
        Plan = bound.Plan,
        PlanHash = bound.Hash,
        Total = bound.Plan.Total,
        State = bound.Plan.Total == 0 || readsOnly ? OperationState.Ended : OperationState.Planned,
        Outcome = bound.Plan.Total == 0 || readsOnly ? OperationOutcome.NothingToDo : null,
        EndedAt = bound.Plan.Total == 0 || readsOnly ? bound.Plan.PlannedAt : null,
    };

    public static OperationView Running(OperationRun run, DateTimeOffset now) => Fresh(run.Request, Api.RunIds.TimeOf(run.Request.OperationId)) with
    {
        State = run.Undo ? OperationState.Undoing : OperationState.Running,
        Plan = run.Plan,
        PlanHash = run.PlanHash,
        StartedBy = run.By,
        Run = run.Number,
        Backwards = run.Undo,
        Total = run.Plan.Total,
        Written = run.Written,
        Notices = run.Notices,
        RunAt = now,
        UpdatedAt = now,
    };

    /// <summary>With some notices more; the oldest make room.</summary>
    public static OperationView Telling(this OperationView view, params IEnumerable<Notice> notices) => view with { Notices = [.. view.Notices.Concat(notices).TakeLast(MostNotices)] };

    public static OperationView Ended(OperationView view, OperationOutcome outcome, DateTimeOffset now) =>
        view with { State = OperationState.Ended, Outcome = outcome, EndedAt = now };

    /// <summary>One whose orchestration is gone although its view goes on: what it had written is known part by part. A scheduler that it left off is told.</summary>
    public static OperationView Broken(OperationView view, HeldScheduler? scheduler = null) => Ended(
        view.Telling(
        [
            OperationError.OperationBroke.Notice("Its orchestration is gone."),
            .. scheduler is { Held: true, Enabled: true } left
                ? [OperationError.SchedulerDeviates.Notice($"It was on, the operation switched it off on {left.Server}, and nothing switched it on again. Until it is on no cycle runs.")]
                : (Notice[])[],
        ]),
        view.State == OperationState.Planning ? OperationOutcome.NotPlanned : OperationOutcome.Failed, view.UpdatedAt);

    public static OperationOutcome OutcomeOf(bool undo, OperationResult result) => result switch
    {
        { Stopped: true } => OperationOutcome.Stopped,
        { Left: null } => undo ? OperationOutcome.Undone : OperationOutcome.Completed,
        _ => undo ? OperationOutcome.UndoneInPart : OperationOutcome.Incomplete,
    };
}
