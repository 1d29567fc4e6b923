using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Orchestration;

public sealed class StageUndoTests
{
    static readonly StageView[] Stages = [.. Enum.GetValues<StageName>().Select(name => new StageView { Name = name, State = StageState.Done })];

    [Fact]
    public void Of_EveryKind_BelongsToExactlyOneStage()
        => Assert.Equal(Enum.GetValues<UndoKind>().Order(), Enum.GetValues<StageName>().SelectMany(StageUndo.Of).Order());

    [Fact]
    public void Mark_LastStepOfAStage_IsUndone()
        => Assert.Equal([StageName.StampAnchors], Undone(StageUndo.Mark(Stages, UndoKind.UnstampAnchors, [])));

    [Fact]
    public void Mark_AStepOfTheStageIsLeft_IsNotUndone()
        => Assert.Empty(Undone(StageUndo.Mark(Stages, UndoKind.RemoveCloudSync, [new UndoStep { Kind = UndoKind.RemoveCanaryObjects }])));

    static IEnumerable<StageName> Undone(IEnumerable<StageView> stages) => stages.Where(s => s.State == StageState.Undone).Select(s => s.Name);
}
