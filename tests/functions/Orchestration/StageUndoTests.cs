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

    [Fact]
    public void Mark_AStageThatSaidWhatItDid_SaysThatItWasSo()
    {
        StageView[] stages = [new() { Name = StageName.EnterStagingMode, State = StageState.Done, Detail = "AADC01 is in staging mode" }];

        var once = StageUndo.Mark(stages, UndoKind.LeaveStagingMode, []);
        var again = StageUndo.Mark(once, UndoKind.LeaveStagingMode, []);

        Assert.Equal("was: AADC01 is in staging mode", Assert.Single(once).Detail);
        Assert.Equal(once, again);
    }

    static IEnumerable<StageName> Undone(IEnumerable<StageView> stages) => stages.Where(s => s.State == StageState.Undone).Select(s => s.Name);
}
