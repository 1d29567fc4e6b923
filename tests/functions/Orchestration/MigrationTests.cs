using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Repair;

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
    public async Task Stage_CancelledMeanwhile_EndsThereAndSaysByWhom()
    {
        var running = new TaskCompletionSource<object>();
        var context = new ScriptedContext(Begin).OnSub("StampAnchorsStage", _ => running.Task).OnSub(
            nameof(WayBackOrchestrator), input => Task.FromResult<object>(new WayBackOutcome { Complete = true, OnlyForward = false, Facts = new(), View = ((WayBackInput)input!).From.View }));
        var migration = new Migration(context, Begin.Request, Begin.Plan);

        var stage = migration.StageAsync(StageName.StampAnchors);
        context.Raise(MigrationEvents.OperatorRequest, new OperatorRequest { Action = OperatorAction.Cancel, By = "p" });
        running.SetResult(Done(new()));
        var ended = await stage;
        MigrationView? reported = null;
        context.On("WriteReport", input => { reported = ((ReportInput)input!).View; return null; });
        var result = await migration.GoBackAsync(StageName.StampAnchors, ended!.Ending);

        Assert.Equal((MigrationOutcome.Denied, OperatorAction.Cancel, "p"), (result.Outcome, reported!.AskedEnd!.Action, reported.AskedEnd.By));
        Assert.Equal(OrchestrationError.EndedOnRequest.Code, Assert.Single(reported.Notices).Code);
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

    [Fact]
    public async Task Stage_StoppedBeforeTheFreeze_GivesTheSchedulerBackOnTheWayBack()
    {
        var running = new TaskCompletionSource<object>();
        var context = new ScriptedContext(Begin)
            .OnSub("StampAnchorsStage", _ => running.Task)
            .OnSub(nameof(StopNowOrchestrator), _ => Task.FromResult<object>(new StopOutcome { NotStopped = [], SchedulerBefore = true }));
        var migration = new Migration(context, Begin.Request, Begin.Plan);

        var stage = migration.StageAsync(StageName.StampAnchors);
        context.Raise(MigrationEvents.OperatorRequest, new OperatorRequest { Action = OperatorAction.Stop, By = "p" });
        running.SetResult(Done(new()) with { End = StageEnd.Blocked });
        var ended = await stage;

        Assert.Equal((StageEnd.Ended, Ending.Cancelled), (ended!.End, ended.Ending));
        Assert.Equal((true, UndoKind.RestoreScheduler), (migration.Facts.SchedulerBefore, migration.Facts.Undo[^1].Kind));
        Assert.Contains($"event {MigrationEvents.Stop}", context.Calls);
    }

    /// <summary>The stage read the scheduler after the stop had switched it off, and the stop after the stage: on is what it was when either saw it on.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Stage_StoppedWhileItFreezes_KeepsOnAsTheValueBefore(bool stopSaw, bool stageSaw)
    {
        var running = new TaskCompletionSource<object>();
        var context = new ScriptedContext(Begin)
            .OnSub("FreezeAndDrainStage", _ => running.Task)
            .OnSub(nameof(StopNowOrchestrator), _ => Task.FromResult<object>(new StopOutcome { NotStopped = [], SchedulerBefore = stopSaw }));
        var migration = new Migration(context, Begin.Request, Begin.Plan);

        var stage = migration.StageAsync(StageName.FreezeAndDrain);
        context.Raise(MigrationEvents.OperatorRequest, new OperatorRequest { Action = OperatorAction.Stop, By = "p" });
        running.SetResult(Done(new() { SchedulerBefore = stageSaw, Undo = [new() { Kind = UndoKind.RestoreScheduler }] }) with { End = StageEnd.Blocked });
        await stage;

        Assert.True(migration.Facts.SchedulerBefore);
        Assert.Single(migration.Facts.Undo);
    }

    [Fact]
    public async Task Forward_StoppedWhileItIsParked_StopsAtOnceAndGivesTheSchedulerBackOnRetry()
    {
        var tries = 0;
        var parked = new TaskCompletionSource<object>();
        var before = new MigrationFacts { SwitchedOff = true, SchedulerBefore = true };
        var context = new ScriptedContext(Begin)
            .OnSub("ResumeSchedulerStage", _ => Task.FromResult<object>(Done(before)))
            .OnSub("VerifyMigrationStage", _ => Task.FromResult<object>(Done(before) with { End = ++tries == 1 ? StageEnd.Blocked : StageEnd.Done }))
            .OnSub(nameof(ParkedOrchestrator), _ => parked.Task)
            .OnSub(nameof(StopNowOrchestrator), _ => Task.FromResult<object>(new StopOutcome { NotStopped = [], SchedulerBefore = true }));
        var migration = new Migration(context, Begin.Request, Begin.Plan);

        var forward = migration.ForwardAsync(StageName.VerifyMigration);
        context.Raise(MigrationEvents.OperatorRequest, new OperatorRequest { Action = OperatorAction.Stop, By = "p" });
        Assert.False(forward.IsCompleted);
        parked.SetResult(new ParkedOutcome { Retry = true, Facts = before, View = Begin.View });

        Assert.True(await forward);
        Assert.Equal(
            ["VerifyMigrationStage", "ParkedOrchestrator", "StopNowOrchestrator", "ResumeSchedulerStage", "VerifyMigrationStage"],
            context.Calls.Where(c => !c.StartsWith("event", StringComparison.Ordinal)));
    }

    /// <summary>The stop runs beside the stage, which knows nothing of it; the one that is tried again must.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Forward_StopPausedTheJob_IsKnownToTheStageThatIsTriedAgain(bool whileParked)
    {
        var known = new List<bool>();
        var before = new MigrationFacts { SwitchedOff = true };
        var (running, parked) = (new TaskCompletionSource<object>(), new TaskCompletionSource<object>());
        var context = new ScriptedContext(Begin)
            .OnSub("VerifyMigrationStage", input =>
            {
                known.Add(((StageInput)input!).Facts.JobStopped);
                return known.Count == 1 ? running.Task : Task.FromResult<object>(Done(before));
            })
            .OnSub(nameof(ParkedOrchestrator), _ => parked.Task)
            .OnSub(nameof(StopNowOrchestrator), _ => Task.FromResult<object>(new StopOutcome { NotStopped = [], JobStopped = true }));
        var migration = new Migration(context, Begin.Request, Begin.Plan);

        var forward = migration.ForwardAsync(StageName.VerifyMigration);
        if (!whileParked) { Stop(); }
        running.SetResult(Done(before) with { End = StageEnd.Blocked });
        if (whileParked) { Stop(); }
        parked.SetResult(new ParkedOutcome { Retry = true, Facts = whileParked ? before : migration.Facts, View = Begin.View });

        Assert.True(await forward);
        Assert.Equal([false, true], known);

        void Stop() => context.Raise(MigrationEvents.OperatorRequest, new OperatorRequest { Action = OperatorAction.Stop, By = "p" });
    }

    [Fact]
    public async Task Forward_RepairWhileItIsParked_IsCarriedOutAndToldToWhoeverWaits()
    {
        var parked = new TaskCompletionSource<object>();
        var before = new MigrationFacts { SwitchedOff = true, FrozenSnapshot = ScriptedContext.Document("snapshot") };
        var context = new ScriptedContext(Begin)
            .OnSub("StartCloudSyncStage", _ => Task.FromResult<object>(Done(before) with { End = StageEnd.Blocked }))
            .OnSub(nameof(ParkedOrchestrator), _ => parked.Task)
            .OnSub(nameof(RepairOrchestrator), _ => Task.FromResult<object>(new RepairReport { Notice = new() { Code = "GWB2864", Message = "2 groups" } }));
        var migration = new Migration(context, Begin.Request, Begin.Plan);

        var forward = migration.ForwardAsync(StageName.StartCloudSync);
        context.Raise(MigrationEvents.OperatorRequest, new OperatorRequest { Action = OperatorAction.Repair, By = "p", Objects = ScriptedContext.Document("objects") });

        Assert.False(forward.IsCompleted);
        Assert.Contains(nameof(RepairOrchestrator), context.Calls);
        Assert.Equal($"event {MigrationEvents.Told}", context.Calls[^1]);
        parked.SetResult(new ParkedOutcome { Retry = false, Facts = before, View = Begin.View });
        Assert.False(await forward);
    }

    [Fact]
    public async Task Stage_PostponeAskedWhileTheApprovalBecomesVoid_DoesNotOpenTheGateAgain()
    {
        var running = new TaskCompletionSource<object>();
        var context = new ScriptedContext(Begin).OnSub("FreezeAndDrainStage", _ => running.Task);
        var migration = new Migration(context, Begin.Request, Begin.Plan);

        var stage = migration.StageAsync(StageName.FreezeAndDrain);
        context.Raise(MigrationEvents.OperatorRequest, new OperatorRequest { Action = OperatorAction.Postpone, By = "p" });
        running.SetResult(Done(new()) with { End = StageEnd.AskAgain });

        Assert.Equal((StageEnd.Ended, Ending.Postponed), ((await stage)!.End, (await stage)!.Ending));
    }

    [Fact]
    public async Task Forward_AGuardTurnedTheSchedulerOffInTheRings_GivesItBackBeforeTheyGoOn()
    {
        var rings = 0;
        var off = new MigrationFacts { SwitchedOff = true, SchedulerBefore = true, SchedulerOffSince = DateTimeOffset.UnixEpoch };
        var context = new ScriptedContext(Begin)
            .OnSub("StartCloudSyncStage", _ => Task.FromResult<object>(++rings == 1 ? Done(off) with { End = StageEnd.Blocked } : Done(off with { SchedulerOffSince = null })))
            .OnSub(nameof(ParkedOrchestrator), input => Task.FromResult<object>(new ParkedOutcome { Retry = true, Facts = ((StageInput)input!).Facts, View = Begin.View }))
            .OnSub("ResumeSchedulerStage", _ => Task.FromResult<object>(Done(off with { SchedulerOffSince = null })));

        Assert.True(await new Migration(context, Begin.Request, Begin.Plan).ForwardAsync(StageName.StartCloudSync));

        Assert.Equal(["StartCloudSyncStage", nameof(ParkedOrchestrator), "ResumeSchedulerStage", "StartCloudSyncStage"], context.Calls);
    }

    static StageOutcome Done(MigrationFacts facts) => new() { End = StageEnd.Done, Facts = facts, View = Begin.View };
}
