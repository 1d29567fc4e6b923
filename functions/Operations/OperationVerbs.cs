using GwbCloud.Contracts.Approvals;

namespace GwbCloud.Functions.Operations;

/// <summary>What may be asked of an operation.</summary>
public enum OperationVerb
{
    /// <summary>Writes what was planned, or goes on with it.</summary>
    Start,
    Undo,
    Stop,
}

/// <summary>Which verb is offered in which state. Pure; docs/operations.md has the same table.</summary>
public static class OperationVerbs
{
    /// <summary>Why the verb is refused now, or null.</summary>
    public static string? Refusal(OperationView view, OperationVerb verb)
    {
        ArgumentNullException.ThrowIfNull(view);
        return verb switch
        {
            OperationVerb.Stop => view.State is OperationState.Running or OperationState.Undoing ? null : "it does not run",
            OperationVerb.Start => StartRefusal(view),
            _ => UndoRefusal(view),
        };
    }

    /// <summary>Whether the plan still waits for a second person.</summary>
    public static bool WaitsForApproval(OperationView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return view is { State: OperationState.Planned, Plan.NeedsApproval: true } && !IsApproved(view);
    }

    /// <summary>Whether this very plan was approved.</summary>
    public static bool IsApproved(OperationView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return view.Decision is { Decision: ApprovalDecision.Approve } decision && decision.PlanHash == view.PlanHash;
    }

    static string? StartRefusal(OperationView view) => view switch
    {
        { State: OperationState.Planned } => null,
        { State: OperationState.Ended, Backwards: false, Outcome: OperationOutcome.Stopped or OperationOutcome.Failed or OperationOutcome.Incomplete } => null,
        { State: OperationState.Planning } => "it is being planned",
        { State: OperationState.Ended } => "it has ended; plan it again",
        _ => "it runs",
    };

    static string? UndoRefusal(OperationView view) => view switch
    {
        { State: not OperationState.Ended } => "it has not ended",
        { Plan.Draft.Undo: null } or { Plan: null } => "there is nothing to undo",
        { Run: 0 } => "it has written nothing",
        { Outcome: OperationOutcome.Stopped or OperationOutcome.Failed } => null,
        { Written: 0 } => "nothing of it is left",
        _ => null,
    };
}
