using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Orchestration;

public sealed class WayBackOrderTests
{
    static readonly UndoKind[] Pushed =
    [
        UndoKind.RemoveCanaryObjects, UndoKind.RemoveCloudSync, UndoKind.UnstampAnchors, UndoKind.RemoveStandbyRules, UndoKind.RestoreAutoUpgrade,
        UndoKind.RestoreScheduler, UndoKind.LeaveStagingMode, UndoKind.RemoveRules,
    ];

    static MigrationFacts Facts(bool attempted = false) => new() { Undo = [.. Pushed.Select(k => new UndoStep { Kind = k })], SwitchAttempted = attempted };

    [Theory]
    [InlineData(null)]
    [InlineData(Ending.Denied)]
    [InlineData(Ending.Cancelled)]
    public void InOrder_ConditionFailedOrDenied_UndoesEverythingLastFirst(Ending? ending)
        => Assert.Equal(Pushed.Reverse(), WayBackOrchestrator.InOrder(Facts(), ending));

    [Theory]
    [InlineData(Ending.Postponed)]
    [InlineData(Ending.Expired)]
    public void InOrder_AnotherDay_KeepsStampsJobAndCanaries(Ending ending) => Assert.Equal(
        [UndoKind.RemoveRules, UndoKind.LeaveStagingMode, UndoKind.RestoreScheduler, UndoKind.RestoreAutoUpgrade, UndoKind.RemoveStandbyRules],
        WayBackOrchestrator.InOrder(Facts(), ending));

    [Fact]
    public void InOrder_DeniedAndLeft_UndoesNothing() => Assert.Empty(WayBackOrchestrator.InOrder(Facts(), Ending.DeniedAndLeft));

    [Fact]
    public void InOrder_DisableWasIssued_LeavesStagingBeforeTheRulesGo()
    {
        var order = WayBackOrchestrator.InOrder(Facts(attempted: true), Ending.Denied).ToList();

        Assert.True(order.IndexOf(UndoKind.LeaveStagingMode) < order.IndexOf(UndoKind.RemoveRules));
        Assert.True(order.IndexOf(UndoKind.RestoreScheduler) < order.IndexOf(UndoKind.RemoveRules));
        Assert.Equal(Pushed.Length, order.Count);
    }

    [Fact]
    public void InOrder_JobAndCanaries_JobGoesFirst()
    {
        var order = WayBackOrchestrator.InOrder(Facts(), null).ToList();

        Assert.True(order.IndexOf(UndoKind.RemoveCloudSync) < order.IndexOf(UndoKind.RemoveCanaryObjects));
    }
}
