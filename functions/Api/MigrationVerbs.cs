using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Api;

/// <summary>Columns of the table of verbs.</summary>
public enum VerbState
{
    /// <summary>Running or waiting, the switch not begun.</summary>
    BeforeSwitch,

    /// <summary>Running or waiting, the switch begun.</summary>
    AfterSwitch,
    RollingBack,
    NeedsAttention,

    /// <summary>Ended in needsAttention: something is still to be undone or done.</summary>
    EndedUnfinished,
    Ended,
}

/// <summary>Which verb is offered in which state. The table in docs/api.md says the same, and a test compares the two.</summary>
public static class MigrationVerbs
{
    /// <summary>Why the verb is refused now, or null.</summary>
    public static string? Refusal(MigrationView view, OperatorAction action)
    {
        ArgumentNullException.ThrowIfNull(view);
        return Refusal(StateOf(view), action) ?? (action == OperatorAction.Release && view.Hold is null ? "no stage is held" : null);
    }

    /// <inheritdoc cref="Refusal(MigrationView, OperatorAction)"/>
    public static string? Refusal(VerbState state, OperatorAction action) => (state, action) switch
    {
        (VerbState.Ended, _) => "the migration has ended",
        (VerbState.EndedUnfinished, OperatorAction.Retry or OperatorAction.Cancel) => null,
        (VerbState.EndedUnfinished, _) => "it ended unfinished; retry takes it up again, cancel leaves what is left to people",
        (_, OperatorAction.Skip) => "nothing can be skipped: every step that there is so far is needed",
        (_, OperatorAction.Stop) => null,
        (VerbState.AfterSwitch or VerbState.NeedsAttention, OperatorAction.Repair) => null,
        (_, OperatorAction.Repair) => "groups are brought back by hand or by undo before the switch, by repair after it",
        (VerbState.BeforeSwitch, OperatorAction.Postpone or OperatorAction.Cancel) => null,
        (VerbState.BeforeSwitch or VerbState.AfterSwitch, OperatorAction.Release) => null,
        (VerbState.NeedsAttention, OperatorAction.Retry or OperatorAction.Cancel) => null,
        (VerbState.NeedsAttention, _) => "it needs attention; retry or cancel",
        (_, OperatorAction.Retry) => "nothing needs attention",
        (_, OperatorAction.Release) => "no stage is held on the way back",
        (VerbState.RollingBack, _) => "it is on its way back already",
        _ => "the switch has been made or tried; there is only the way forward",
    };

    /// <summary>The state as the table of verbs knows it.</summary>
    public static VerbState StateOf(MigrationView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return view.State switch
        {
            MigrationState.Ended => view.Outcome == MigrationOutcome.NeedsAttention ? VerbState.EndedUnfinished : VerbState.Ended,
            MigrationState.RollingBack => VerbState.RollingBack,
            MigrationState.NeedsAttention => VerbState.NeedsAttention,
            _ when view.Stages.Any(stage => stage.Name == StageName.DisableGroupWritebackV2 && stage.State != StageState.Pending) => VerbState.AfterSwitch,
            _ => VerbState.BeforeSwitch,
        };
    }
}
