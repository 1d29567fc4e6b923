using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Graph;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Orchestration;

public sealed class WayBackTests
{
    [Fact]
    public async Task Run_RulesStayAfterTheirRemoval_StopsAndKeepsTheStep()
    {
        var context = Back(UndoKind.RemoveRules)
            .On<InspectServer>(_ => ScriptedContext.Server(flag: true))
            .On<RemoveCoexistenceRules>(_ => ScriptedContext.Rules(RuleState.AsSpecified));

        var outcome = await WayBackOrchestrator.Run(context);

        Assert.False(outcome.Complete);
        Assert.Equal(["AADC1"], outcome.Facts.RulesMadeOn);
        Assert.Contains(OrchestrationError.RulesStayed.Code, outcome.View.Notices[^1].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UndoKind.LeaveStagingMode, false)]
    [InlineData(UndoKind.LeaveStagingMode, null)]
    [InlineData(UndoKind.RestoreScheduler, false)]
    [InlineData(UndoKind.RestoreScheduler, null)]
    public async Task Run_FlagNoLongerReadsTrue_LetsNoServerExportAgain(UndoKind kind, bool? reads)
    {
        var context = Back(kind).On<InspectServer>(_ => ScriptedContext.Server(reads));

        var outcome = await WayBackOrchestrator.Run(context);

        Assert.Equal((false, reads == false), (outcome.Complete, outcome.OnlyForward));
        Assert.Equal(["InspectServer"], context.Calls.Distinct());
    }

    [Fact]
    public async Task Run_ConfigurationServesOthersByNow_StopsKeepsTheStepsAndSaysWhoDecides()
    {
        var refusal = new GraphException(GraphError.StrangersInScope, "1 groups");
        var context = Back(UndoKind.RemoveCanaryObjects, UndoKind.RemoveCloudSync)
            .On<InspectServer>(_ => ScriptedContext.Server(flag: true))
            .On("RemoveCloudSync", _ => throw ScriptedContext.Failure("RemoveCloudSync", refusal.Message));

        var outcome = await WayBackOrchestrator.Run(context);

        Assert.False(outcome.Complete);
        Assert.Equal([UndoKind.RemoveCanaryObjects, UndoKind.RemoveCloudSync], outcome.Facts.Undo.Select(u => u.Kind));
        Assert.Contains(refusal.Message, outcome.View.Notices[^1].Message, StringComparison.Ordinal);
        Assert.Equal(GraphError.StrangersInScope.Remedy, outcome.View.Notices[^1].Remedy);
    }

    [Fact]
    public async Task Baseline_GroupDeletePendingAlready_Stops()
    {
        var input = ScriptedContext.Input(StageName.FreezeAndDrain, new());
        var context = new ScriptedContext(input)
            .On<ReadCycle>(_ => new CycleReport { InProgress = false, Runs = [] })
            .On<ReadPendingExports>(_ => new PendingExports { Server = "AADC1", Counts = [], Details = ScriptedContext.Document("pendingExports") })
            .On("KeepBaseline", _ => new CycleBaseline
            {
                KnownErrors = ScriptedContext.Document("known-errors"), Pending = ScriptedContext.Document("pending-baseline"), Deletes = ["delete of group x"],
            });

        var stop = await Assert.ThrowsAsync<StageStoppedException>(() => CycleProof.BaselineAsync(new StageRun(context, input), ["AADC1"]));

        Assert.Equal(OrchestrationError.PendingNotAllowed.Code, stop.Notice.Code);
    }

    static ScriptedContext Back(params UndoKind[] kinds) => new(new WayBackInput
    {
        From = ScriptedContext.Input(StageName.FirstFullSync, new()
        {
            Undo = [.. kinds.Select(kind => new UndoStep { Kind = kind })],
            RulesMadeOn = ["AADC1"],
            SchedulerBefore = true,
            KnownErrors = ScriptedContext.Document("known-errors"),
            PendingBaseline = ScriptedContext.Document("pending-baseline"),
        }),
    });
}
