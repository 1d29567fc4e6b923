namespace GwbCloud.Functions.Orchestration;

/// <summary>Which undo belongs to which stage. Pure.</summary>
static class StageUndo
{
    /// <summary>What a stage pushes.</summary>
    public static IReadOnlyList<UndoKind> Of(StageName stage) => stage switch
    {
        StageName.PrepareCloudSync => [UndoKind.RemoveCanaryObjects, UndoKind.RemoveCloudSync],
        StageName.StampAnchors => [UndoKind.UnstampAnchors],
        StageName.RehearseOnStandby => [UndoKind.RemoveStandbyRules],
        StageName.FreezeAndDrain => [UndoKind.RestoreAutoUpgrade, UndoKind.RestoreScheduler],
        StageName.EnterStagingMode => [UndoKind.LeaveStagingMode],
        StageName.CoexistenceRules => [UndoKind.RemoveRules],
        _ => [],
    };

    /// <summary>The facts of a stage that broke off: what it kept before it acted is known; should it have failed to keep anything, all of it is undone.</summary>
    public static MigrationFacts BrokenOff(MigrationFacts facts, StageName stage) => facts with
    {
        Undo = [.. facts.Undo, .. Of(stage).Except(facts.Undo.Select(u => u.Kind)).Select(kind => new UndoStep { Kind = kind })],
        // How far it came is unknown, and unknown is not "never issued".
        SwitchAttempted = facts.SwitchAttempted || stage == StageName.DisableGroupWritebackV2,
    };

    /// <summary>The timeline after a step back: a stage of which nothing is left is undone.</summary>
    /// <param name="stages">The timeline.</param>
    /// <param name="undone">The step that was taken.</param>
    /// <param name="left">Steps that are still to be taken.</param>
    public static IReadOnlyList<StageView> Mark(IReadOnlyList<StageView> stages, UndoKind undone, IReadOnlyList<UndoStep> left) =>
    [
        .. stages.Select(stage => Of(stage.Name).Contains(undone) && !Of(stage.Name).Any(kind => left.Any(l => l.Kind == kind))
            ? Undo(stage)
            : stage),
    ];

    // What the stage said of itself holds no longer; why it was undone may stand there too.
    static StageView Undo(StageView stage) => stage.State == StageState.Undone || stage.Detail is null
        ? stage with { State = StageState.Undone }
        : stage with { State = StageState.Undone, Detail = $"was: {stage.Detail}" };
}
