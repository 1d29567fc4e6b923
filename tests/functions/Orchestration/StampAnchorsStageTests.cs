using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Orchestration.Stages;

namespace GwbCloud.Tests.Functions.Orchestration;

public sealed class StampAnchorsStageTests
{
    static readonly StampResult Clean = new() { Written = 2, AlreadyEqual = 0, Conflicts = [], Missing = [], Moved = [], Renamed = [], Duplicates = [] };

    public static TheoryData<string, string> LeftAlone => new()
    {
        { nameof(StampResult.Conflicts), "bear another anchor" },
        { nameof(StampResult.Missing), "are gone" },
        { nameof(StampResult.Moved), "were moved" },
        { nameof(StampResult.Renamed), "were renamed" },
        { nameof(StampResult.Duplicates), "another object bears" },
    };

    [Theory]
    [MemberData(nameof(LeftAlone))]
    public async Task Run_AGroupIsNotAsPlanned_BlocksSaysWhyAndKeepsTheWayBack(string list, string told)
    {
        IReadOnlyList<string> one = ["CN=Sales,OU=Writeback,DC=contoso,DC=example"];
        var stamped = list switch
        {
            nameof(StampResult.Conflicts) => Clean with { Conflicts = one },
            nameof(StampResult.Missing) => Clean with { Missing = one },
            nameof(StampResult.Moved) => Clean with { Moved = one },
            nameof(StampResult.Renamed) => Clean with { Renamed = one },
            _ => Clean with { Duplicates = one },
        };
        var context = new ScriptedContext(ScriptedContext.Input(StageName.StampAnchors, ScriptedContext.Facts))
            .On<SnapshotGroups>(_ => new SnapshotResult { Snapshot = ScriptedContext.Document("snapshot"), Missing = 0 })
            .On<StampAnchors>(_ => stamped);

        var outcome = await StampAnchorsStage.Run(context);

        var notice = Assert.Single(outcome.View.Notices);
        Assert.Equal((StageEnd.Blocked, OrchestrationError.AnchorConflicts.Code), (outcome.End, notice.Code));
        Assert.Contains(told, notice.Message, StringComparison.Ordinal);
        Assert.Contains(one[0], notice.Message, StringComparison.Ordinal);
        Assert.Contains(outcome.Facts.Undo, step => step.Kind == UndoKind.UnstampAnchors);
        Assert.DoesNotContain(nameof(VerifyAnchors), context.Calls);
    }
}
