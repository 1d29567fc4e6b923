using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Orchestration;

public sealed class MigrationTests
{
    static readonly StageInput Begin = ScriptedContext.Input(StageName.Assess, new());

    [Fact]
    public async Task Stage_StopFailsMeanwhile_GoesOnToItsOwnEndAndTellsIt()
    {
        var running = new TaskCompletionSource<object>();
        var context = new ScriptedContext(Begin)
            .OnSub("FirstFullSyncStage", _ => running.Task)
            .OnSub(nameof(StopNowOrchestrator), _ => Task.FromException<object>(ScriptedContext.Failure(nameof(StopNowOrchestrator))));
        var migration = new Migration(context, Begin.Request, Begin.Plan);

        var stage = migration.StageAsync(StageName.FirstFullSync);
        context.Raise(MigrationEvents.OperatorRequest, new OperatorRequest { Action = OperatorAction.Stop, By = "p" });
        Assert.False(stage.IsCompleted);
        running.SetResult(Done(new()));

        Assert.Equal(Ending.Cancelled, (await stage)!.Ending);
    }

    [Fact]
    public async Task Stage_SwitchFailsWhole_CountsAsAttempted()
    {
        var context = new ScriptedContext(Begin)
            .OnSub("DisableGroupWritebackV2Stage", _ => Task.FromException<object>(ScriptedContext.Failure("DisableGroupWritebackV2Stage")));
        var migration = new Migration(context, Begin.Request, Begin.Plan);

        var outcome = await migration.StageAsync(StageName.DisableGroupWritebackV2);

        Assert.Equal((StageEnd.Blocked, true), (outcome!.End, migration.Facts.SwitchAttempted));
    }

    [Fact]
    public async Task Switch_StopAskedDuringACallThatLeftTheFlagTrue_DoesNotOpenTheGateAgain()
    {
        var running = new TaskCompletionSource<object>();
        var context = new ScriptedContext(Begin)
            .OnSub("ConfirmSwitchStage", _ => Task.FromResult<object>(Done(new())))
            .OnSub("DisableGroupWritebackV2Stage", _ => running.Task)
            .OnSub(nameof(StopNowOrchestrator), _ => Task.FromResult<object>(new StopOutcome { NotStopped = [] }));
        var migration = new Migration(context, Begin.Request, Begin.Plan);

        var ended = migration.SwitchAsync();
        context.Raise(MigrationEvents.OperatorRequest, new OperatorRequest { Action = OperatorAction.Stop, By = "p" });
        running.SetResult(Done(new() { SwitchAttempted = true }) with { End = StageEnd.AskAgain });

        Assert.Equal(Ending.Cancelled, (await ended)!.Ending);
        Assert.Single(context.Calls, "ConfirmSwitchStage");
    }

    [Fact]
    public async Task GoBack_FailsWhole_StartsOver()
    {
        var tries = 0;
        var context = new ScriptedContext(Begin).OnSub(nameof(WayBackOrchestrator), _ => ++tries == 1
            ? Task.FromException<object>(ScriptedContext.Failure("AppendAudit"))
            : Task.FromResult<object>(new WayBackOutcome { Complete = true, OnlyForward = false, Facts = new(), View = Begin.View }));
        var migration = new Migration(context, Begin.Request, Begin.Plan);

        var result = await migration.GoBackAsync(StageName.FirstFullSync, ending: null);

        Assert.Equal((2, MigrationOutcome.RolledBack), (tries, result.Outcome));
    }

    static StageOutcome Done(MigrationFacts facts) => new() { End = StageEnd.Done, Facts = facts, View = Begin.View };
}
