using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Orchestration.Guards;
using GwbCloud.Functions.Orchestration.Stages;
using Microsoft.DurableTask;

namespace GwbCloud.Tests.Functions.Orchestration.Guards;

/// <summary>What a change does to whoever waits. In each test the same with a blind guard shows the danger pass unnoticed.</summary>
public sealed class GuardedWaitTests
{
    static readonly TimeSpan Change = TimeSpan.FromHours(1);
    static readonly TimeSpan Decision = TimeSpan.FromHours(2);

    readonly ScriptedClock _clock = new();

    public static TheoryData<GuardKind, GuardPhase> Voiding => Of(effect => effect >= GuardEffect.AskAgain);

    public static TheoryData<GuardKind, GuardPhase> OnlyTold => Of(effect => effect == GuardEffect.Told);

    [Theory]
    [MemberData(nameof(Voiding))]
    public async Task Gate_WhatItRestsOnChanges_IsVoidBeforeAnybodyApproves(GuardKind kind, GuardPhase phase)
    {
        var (context, world) = Open(phase);
        _clock.At(Change, () => world.Suffer(kind));

        var end = await WaitAsync(context, world);

        Assert.Equal([kind], end.Void!.Changes.Select(c => c.Kind));
        Assert.Equal(GateState.Pending, end.Tally.State);
        Assert.InRange(_clock.Passed, Change, Change + GuardPace.Of(phase).Every + (kind is GuardKind.GroupGone or GuardKind.GroupEnabled ? GuardPace.Of(phase).Every * 5 : TimeSpan.Zero));
        Assert.Equal(0, context.GuardsLeft);
    }

    [Theory]
    [MemberData(nameof(Voiding))]
    public async Task Gate_TheGuardIsBlind_IsApprovedOnWhatIsNoLongerTrue(GuardKind kind, GuardPhase phase)
    {
        var (context, world) = Open(phase);
        context.GuardedBy = null;
        _clock.At(Change, () => world.Suffer(kind));

        var end = await WaitAsync(context, world);

        Assert.Equal((GateState.Approved, (GuardVerdict?)null), (end.Tally.State, end.Void));
        Assert.NotEmpty(GuardComparer.Compare(world.Expected, world.Seen));
    }

    [Theory]
    [MemberData(nameof(OnlyTold))]
    public async Task Gate_ChangeIsBenign_IsToldOnceAndTheDecisionCounts(GuardKind kind, GuardPhase phase)
    {
        var (context, world) = Open(phase);
        _clock.At(TimeSpan.FromMinutes(10), () => world.Suffer(kind));
        GateEnd? end = null;
        var run = new StageRun(context, world.Input);

        end = await _clock.RunAsync(() => Gate.WaitAsync(run, Gates(world), phase), TimeSpan.FromHours(3));

        Assert.Equal((GateState.Approved, (GuardVerdict?)null), (end.Tally.State, end.Void));
        Assert.Equal(1, run.View.Notices.Count(n => n.Code == GuardError.Of(kind).Code));
    }

    [Fact]
    public async Task Gate_ChangedWithinTheLastInterval_IsCaughtByTheLookThatIsUnderWay()
    {
        var (context, world) = Open(GuardPhase.RulesInPlace);
        // The last approval comes while the guard looks, and what it sees is not yet reported.
        world.Silent.Add(GuardedWorld.Standby);
        _clock.At(TimeSpan.FromSeconds(1), () => world.Suffer(GuardKind.StagingLeft));
        _clock.At(TimeSpan.FromSeconds(2), () => Approve(context));
        context.GuardedBy = watch => world.Context(watch with { AtOnce = false }, _clock);
        context.OnGuard = watch => new GuardReport { Changes = GuardComparer.Compare(world.Expected, world.Seen), Watch = watch, Seen = world.Seen };
        world.Suffer(GuardKind.StagingLeft);

        var end = await WaitAsync(context, world);

        Assert.Equal([GuardKind.StagingLeft], end.Void!.Changes.Select(c => c.Kind));
    }

    [Fact]
    public async Task Gate_DeniedByPeople_IsNotAskedAgainForAChange()
    {
        var (context, world) = Open(GuardPhase.RulesInPlace, GateState.Denied);

        var end = await WaitAsync(context, world);

        Assert.Equal((GateState.Denied, (GuardVerdict?)null), (end.Tally.State, end.Void));
    }

    [Theory]
    [InlineData(GuardKind.JobStarted, StageEnd.AskAgain)]
    [InlineData(GuardKind.BuildChanged, StageEnd.AskAgain)]
    [InlineData(GuardKind.AnotherActive, StageEnd.AskAgain)]
    [InlineData(GuardKind.SwitchedOff, StageEnd.SwitchedElsewhere)]
    public async Task Window_NotOpenYet_WhatWasApprovedIsVoid(GuardKind kind, StageEnd end)
    {
        var (context, world) = Freeze();
        _clock.At(Change, () => world.Suffer(kind));

        var outcome = await _clock.RunAsync(() => FreezeAndDrainStage.Run(context), TimeSpan.FromHours(4));

        Assert.Equal((end, false), (outcome.End, outcome.Facts.PlanApproved && end == StageEnd.AskAgain));
        Assert.InRange(_clock.Passed, Change, Change + GuardPace.Of(GuardPhase.BeforeWindow).Every);
        Assert.Contains(outcome.View.Notices, n => n.Code == GuardError.Of(kind).Code);
        Assert.DoesNotContain("RunCycle", context.Calls);
    }

    [Fact]
    public async Task Window_SwitchedByAnother_TurnsTheSchedulerOffAtOnceAndRemembersWhatItWas()
    {
        var (context, world) = Freeze();
        _clock.At(Change, () => world.Suffer(GuardKind.SwitchedOff));

        var outcome = await _clock.RunAsync(() => FreezeAndDrainStage.Run(context), TimeSpan.FromHours(4));

        Assert.Contains(nameof(SetScheduler), context.Calls);
        Assert.Equal((true, true, (bool?)true), (outcome.Facts.SwitchedOff, outcome.Facts.SwitchedElsewhere, outcome.Facts.SchedulerBefore));
        Assert.InRange(outcome.Facts.SchedulerOffSince!.Value, ScriptedClock.Begin + Change, ScriptedClock.Begin + Change + GuardPace.Of(GuardPhase.BeforeWindow).Every);
        Assert.Contains(UndoKind.RestoreScheduler, outcome.Facts.Undo.Select(u => u.Kind));
    }

    /// <summary>No rule holds a group yet: a cycle that somebody lets run meanwhile would let them go.</summary>
    [Fact]
    public async Task Freeze_AfterSomebodyElsesSwitch_IsGuardedAndTheSchedulersTimeCounts()
    {
        var world = new GuardedWorld(GuardPhase.AfterTheirSwitch);
        world.TurnScheduler(on: true);
        var context = Frozen(world, facts => facts with { SchedulerBefore = null });

        var outcome = await FreezeAndDrainStage.Run(context);

        Assert.Equal(StageEnd.Done, outcome.End);
        Assert.Equal(GuardPhase.AfterTheirSwitch, Assert.Single(context.Guarded).Expected.Phase);
        Assert.Equal(0, context.GuardsLeft);
        Assert.True(outcome.Facts.SchedulerBefore);
        Assert.NotNull(outcome.Facts.SchedulerOffSince);
    }

    [Fact]
    public async Task Freeze_AnotherServerIsPromotedAfterSomebodyElsesSwitch_Stops()
    {
        var world = new GuardedWorld(GuardPhase.AfterTheirSwitch);
        var context = Frozen(world, facts => facts);
        context.OnGuard = watch =>
        {
            world.Suffer(GuardKind.AnotherActive);
            return new GuardReport { Changes = GuardComparer.Compare(watch.Expected, world.Seen), Watch = watch, Seen = world.Seen };
        };

        var outcome = await FreezeAndDrainStage.Run(context);

        Assert.Equal(StageEnd.Blocked, outcome.End);
        Assert.Contains(outcome.View.Notices, n => n.Code == GuardError.Of(GuardKind.AnotherActive).Code);
    }

    static ScriptedContext Frozen(GuardedWorld world, Func<MigrationFacts, MigrationFacts> change) => world
        .Context(world.Input with { Stage = StageName.FreezeAndDrain, Facts = change(world.Input.Facts) with { SwitchedOff = true } })
        .On("KeepStanding", _ => null)
        .On<InventoryWritebackOu>(_ => new InventoryResult { Groups = ScriptedContext.Document("inventory"), Elsewhere = ScriptedContext.Document("elsewhere") })
        .On("IdentifyInventory", _ => new DocumentBox { Document = ScriptedContext.Document("groups") })
        .On<SnapshotGroups>(_ => new SnapshotResult { Snapshot = ScriptedContext.Document("snapshot"), Missing = 0 })
        .On("SaveStrings", _ => new DocumentBox { Document = ScriptedContext.Document("anchors") })
        .On<ReadCycle>(_ => new CycleReport { InProgress = false, Runs = [] })
        .On("KeepBaseline", _ => new CycleBaseline
        {
            KnownErrors = ScriptedContext.Document("known-errors"), Pending = ScriptedContext.Document("pending-baseline"), Deletes = [],
        });

    [Fact]
    public async Task Task_AnotherServerIsPromotedMeanwhile_EndsAtOnceWithTheSchedulerOff()
    {
        var world = new GuardedWorld(GuardPhase.Drained);
        var context = world.Context(world.Input with { Stage = StageName.EnterStagingMode }, _clock).On("KeepStanding", _ => null);
        _clock.At(TimeSpan.FromMinutes(12), () => world.Suffer(GuardKind.AnotherActive));

        var outcome = await _clock.RunAsync(() => EnterStagingModeStage.Run(context), TimeSpan.FromHours(2));

        Assert.Equal(StageEnd.Blocked, outcome.End);
        Assert.Equal(GuardError.AnotherActive.Code, outcome.View.Notices[^1].Code);
        Assert.InRange(_clock.Passed, TimeSpan.FromMinutes(12), TimeSpan.FromMinutes(17));
        Assert.Equal((0, true), (context.GuardsLeft, context.Calls.Contains(nameof(SetScheduler))));
    }

    [Fact]
    public async Task Task_TheGuardIsBlind_IsDoneWhileTwoServersExport()
    {
        var world = new GuardedWorld(GuardPhase.Drained);
        var context = world.Context(world.Input with { Stage = StageName.EnterStagingMode }, _clock).On("KeepStanding", _ => null);
        context.GuardedBy = null;
        _clock.At(TimeSpan.FromMinutes(12), () => world.Suffer(GuardKind.AnotherActive));
        _clock.At(TimeSpan.FromMinutes(40), () => world.Suffer(GuardKind.StagingEntered));

        var outcome = await _clock.RunAsync(() => EnterStagingModeStage.Run(context), TimeSpan.FromHours(2));

        Assert.Equal(StageEnd.Done, outcome.End);
        Assert.Equal([GuardKind.AnotherActive], GuardComparer.Compare(world.Expected, world.Seen).Select(c => c.Kind));
        Assert.DoesNotContain(nameof(SetScheduler), context.Calls);
        Assert.DoesNotContain(outcome.View.Notices, n => n.Code == GuardError.AnotherActive.Code);
    }

    /// <summary>Rings and soak: the next cycle would act on it, so it is made safe within an interval, hours before the work ends.</summary>
    [Theory]
    [MemberData(nameof(WhileCloudSyncWrites))]
    public async Task RingOrSoak_SomethingDangerousChanges_IsMadeSafeWithinTheInterval(GuardPhase phase, GuardKind kind)
    {
        var (run, world) = AtWork(phase);
        TimeSpan? safe = null;
        run.OnSafe = () => safe ??= _clock.Passed;
        _clock.At(Change, () => world.Suffer(kind));

        var stop = await Assert.ThrowsAsync<StageStoppedException>(() => RunAsync(run.Work));

        Assert.Equal(GuardError.Of(kind).Code, stop.Notice.Code);
        Assert.InRange(safe!.Value, Change, Change + GuardPace.Of(phase).Every);
        Assert.Equal(0, run.Context.GuardsLeft);
    }

    [Theory]
    [MemberData(nameof(WhileCloudSyncWrites))]
    public async Task RingOrSoak_TheGuardIsBlind_GoesOnToTheEndAndNothingIsMadeSafe(GuardPhase phase, GuardKind kind)
    {
        var (run, world) = AtWork(phase);
        var safe = false;
        run.OnSafe = () => safe = true;
        run.Context.GuardedBy = null;
        _clock.At(Change, () => world.Suffer(kind));

        await RunAsync(run.Work);

        Assert.Equal((false, TimeSpan.FromHours(3)), (safe, _clock.Passed));
        Assert.Equal([kind], GuardComparer.Compare(world.Expected, world.Seen).Select(c => c.Kind));
    }

    [Fact]
    public async Task Work_RulesAreRemovedMeanwhile_TellsAtOnceAndStopsAtItsEnd()
    {
        var world = new GuardedWorld(GuardPhase.SwitchedOff);
        var context = world.Context(world.Input, _clock);
        var run = new StageRun(context, world.Input with { Stage = StageName.SecondFullSync });
        _clock.At(TimeSpan.FromMinutes(30), () => world.Suffer(GuardKind.RulesChanged));
        DateTimeOffset? told = null;
        context.On("PublishView", view =>
        {
            told ??= ((ViewUpdate)view!).View.Notices.Any(n => n.Code == GuardError.RulesChanged.Code) ? run.Now : null;
            return null;
        });

        var stop = await Assert.ThrowsAsync<StageStoppedException>(() => _clock.RunAsync(
            () => GuardDuty.BesideAsync(run, GuardPhase.SwitchedOff, async () => { await run.DelayAsync(TimeSpan.FromHours(3)); return true; }), TimeSpan.FromHours(4)));

        Assert.Equal(GuardError.RulesChanged.Code, stop.Notice.Code);
        Assert.InRange(told!.Value - ScriptedClock.Begin, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(35));
        Assert.Equal((TimeSpan.FromHours(3), 0), (_clock.Passed, context.GuardsLeft));
    }

    [Fact]
    public async Task Parked_SchedulerIsTurnedOnMeanwhile_IsTurnedOffAgain()
    {
        var world = new GuardedWorld(GuardPhase.SwitchedOff);
        var context = world.Context(world.Input with { Stage = StageName.SecondFullSync }, _clock).On("KeepStanding", _ => null);
        _clock.At(TimeSpan.FromHours(9), () => world.TurnScheduler(on: true));
        _clock.At(TimeSpan.FromHours(10), () => context.Raise(MigrationEvents.OperatorRequest, new OperatorRequest { Action = OperatorAction.Retry, By = "p" }));

        var outcome = await _clock.RunAsync(() => ParkedOrchestrator.Run(context), TimeSpan.FromDays(5));

        Assert.True(outcome.Retry);
        Assert.False(world.Seen.Servers[0].Facts!.Scheduler.Enabled);
        Assert.Contains(outcome.View.Notices, n => n.Code == GuardError.SchedulerChanged.Code);
        Assert.Equal(0, context.GuardsLeft);
    }

    [Fact]
    public async Task Parked_SchedulerIsTurnedOffByTheGuard_IsRememberedSoThatSomebodyGivesItBack()
    {
        var world = new GuardedWorld(GuardPhase.Rings);
        var context = world.Context(world.Input with { Stage = StageName.StartCloudSync, Facts = world.Input.Facts with { SwitchedOff = true } }, _clock).On("KeepStanding", _ => null);
        _clock.At(Change, () => world.Suffer(GuardKind.RulesChanged));
        _clock.At(Decision, () => context.Raise(MigrationEvents.OperatorRequest, new OperatorRequest { Action = OperatorAction.Retry, By = "p" }));

        var outcome = await _clock.RunAsync(() => ParkedOrchestrator.Run(context), TimeSpan.FromDays(5));

        Assert.False(world.Seen.Servers[0].Facts!.Scheduler.Enabled);
        Assert.NotNull(outcome.Facts.SchedulerOffSince);
    }

    /// <summary>Two servers that export: the ring that kept the scheduler off ends, and must not turn it on.</summary>
    [Fact]
    public async Task Ring_AGuardTurnedTheSchedulerOff_NeitherGivesItBackNorRunsACycle()
    {
        var world = new GuardedWorld(GuardPhase.Rings);
        var run = new StageRun(world.Context(world.Input, _clock).On("KeepStanding", _ => null), world.Input with
        {
            Stage = StageName.StartCloudSync, Facts = world.Input.Facts with { SwitchedOff = true, SchedulerHeld = true },
        });
        world.Suffer(GuardKind.AnotherActive);

        await GuardDuty.HandleAsync(run, GuardPhase.Rings, new GuardReport { Changes = GuardComparer.Compare(world.Expected, world.Seen), Watch = world.Watch, Seen = world.Seen });
        await ConnectHold.GiveBackAsync(run);

        Assert.False(world.Seen.Servers[0].Facts!.Scheduler.Enabled);
        Assert.Throws<StageStoppedException>(() => ConnectHold.DemandNoGuard(run));
    }

    /// <summary>Noted as ours, so that the next look does not take it for somebody else's and the retry starts it; only where it stands.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Soak_AGuardPausesTheJob_IsNotedAsOurs(bool pauses)
    {
        var world = new GuardedWorld(GuardPhase.Soak);
        var context = world.Context(world.Input, _clock).On("KeepStanding", _ => null);
        if (!pauses) { context.On("PauseJob", _ => throw ScriptedContext.Failure("PauseJob")); }
        var run = new StageRun(context, world.Input with { Stage = StageName.VerifyMigration, Facts = world.Input.Facts with { SwitchedOff = true } });
        world.Suffer(GuardKind.RulesChanged);

        await GuardDuty.HandleAsync(run, GuardPhase.Soak, new GuardReport { Changes = GuardComparer.Compare(world.Expected, world.Seen), Watch = world.Watch, Seen = world.Seen });

        Assert.Equal(pauses, run.Facts.JobStopped);
        var next = GuardComparer.Compare(GuardExpectation.Of(GuardPhase.Soak, run.Plan, run.Facts, working: false), world.Seen);
        Assert.DoesNotContain(next, c => c.Kind is GuardKind.JobStopped or GuardKind.JobStarted);
    }

    /// <summary>Nobody is asked to put back what a stop of ours turned off; what it did not do is told all the same.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ring_StoppedByAnOperator_IsNotToldOfTheStopAsOfSomebodyElsesDeed(bool stops)
    {
        var world = new GuardedWorld(GuardPhase.Rings);
        var context = world.Context(world.Input with { Stage = StageName.StartCloudSync, Facts = world.Input.Facts with { SwitchedOff = true } }, _clock);
        GuardKind[] seen = [GuardKind.SchedulerOff, GuardKind.JobStopped, GuardKind.WizardOpen];
        var report = new GuardReport { Changes = [.. seen.Select(kind => new GuardChange { Kind = kind, Reads = "seen" })], Watch = world.Watch, Seen = world.Seen };

        var outcome = await StageRun.RunAsync(context, async run =>
        {
            if (stops) { context.Raise(MigrationEvents.Stop, new OperatorRequest { Action = OperatorAction.Stop, By = "p" }); }
            await GuardDuty.HandleAsync(run, GuardPhase.Rings, report);
            return run.Done("proved");
        });

        Assert.Equal(
            stops ? [GuardError.WizardOpen.Code] : [GuardError.SchedulerChanged.Code, GuardError.JobChanged.Code, GuardError.WizardOpen.Code],
            outcome.View.Notices.Select(n => n.Code).Where(code => GuardError.All.Any(e => e.Code == code)));
    }

    [Fact]
    public async Task Task_ItsReadBackFails_LeavesNoGuardAndNoTimerBehind()
    {
        var world = new GuardedWorld(GuardPhase.Drained);
        var context = world.Context(world.Input, _clock);
        var run = new StageRun(context, world.Input with { Stage = StageName.EnterStagingMode });
        var task = new NewTask { Kind = TaskKind.EnterStaging, Title = "t", Why = "w", Steps = [] };
        var looks = 0;

        await Assert.ThrowsAsync<StageStoppedException>(() => RunAsync(() => TaskDesk.DoAsync(
            run, task, TimeSpan.FromHours(1),
            _ => ++looks < 3 ? Task.FromResult(new ReadBack(false, "off")) : throw new StageStoppedException(Notices.SwitchUnknown()),
            phase: GuardPhase.Drained)));

        Assert.Equal((0, 0), (context.GuardsLeft, _clock.TimersLeft));
    }

    [Fact]
    public async Task Gate_ItsDecisionsCanNotBeRead_LeavesNoGuardAndNoTimerBehind()
    {
        var (context, world) = Open(GuardPhase.RulesInPlace);
        var tallies = 0;
        context.On("TallyGate", _ => ++tallies == 1
            ? new GateTally { State = GateState.Pending, Approvals = 0, Decisions = ScriptedContext.Document("decisions") }
            : throw ScriptedContext.Failure("TallyGate"));

        await Assert.ThrowsAsync<TaskFailedException>(() => WaitAsync(context, world));

        Assert.Equal((0, 0), (context.GuardsLeft, _clock.TimersLeft));
    }

    [Fact]
    public async Task Work_WhatWasNoticedCanNotBeWrittenDown_EndsWithTheWorkAndNotBefore()
    {
        var world = new GuardedWorld(GuardPhase.SwitchedOff);
        var context = world.Context(world.Input, _clock).On("AppendAudit", _ => throw ScriptedContext.Failure("AppendAudit"));
        var run = new StageRun(context, world.Input with { Stage = StageName.SecondFullSync });
        _clock.At(TimeSpan.FromMinutes(30), () => world.Suffer(GuardKind.RulesChanged));

        await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(() => GuardDuty.BesideAsync(run, GuardPhase.SwitchedOff, () => run.DelayAsync(TimeSpan.FromHours(3)))));

        Assert.Equal((TimeSpan.FromHours(3), 0), (_clock.Passed, context.GuardsLeft));
    }

    /// <summary>A full cycle of a server that exports would act before anybody looked at it.</summary>
    [Theory]
    [InlineData(GuardPhase.RulesInPlace, GuardKind.StagingLeft)]
    [InlineData(GuardPhase.RulesInPlace, GuardKind.AnotherActive)]
    [InlineData(GuardPhase.SwitchedOff, GuardKind.StagingLeft)]
    [InlineData(GuardPhase.SwitchedOff, GuardKind.AnotherActive)]
    public async Task FullCycle_AServerExports_IsNotBegun(GuardPhase phase, GuardKind kind)
    {
        var world = new GuardedWorld(phase);
        var isFirst = phase == GuardPhase.RulesInPlace;
        var input = world.Input with
        {
            Stage = isFirst ? StageName.FirstFullSync : StageName.SecondFullSync,
            Facts = world.Input.Facts with { SwitchedOff = !isFirst, KnownErrors = ScriptedContext.Document("errors"), PendingBaseline = ScriptedContext.Document("pending") },
        };
        var context = world.Context(input, _clock).On("KeepStanding", _ => null)
            .On<AddCoexistenceRules>(_ => ScriptedContext.Rules(RuleState.AsSpecified))
            .OnSub("RunCycle", asked => Task.FromResult<object>(new CycleOutcome { Server = ((CycleInput)asked!).Server, Runs = [], Stopped = Notices.SwitchUnknown() }));
        world.Suffer(kind);

        var outcome = await _clock.RunAsync(() => isFirst ? FirstFullSyncStage.Run(context) : SecondFullSyncStage.Run(context), TimeSpan.FromHours(1));

        Assert.Equal((StageEnd.Blocked, GuardError.Of(kind).Code), (outcome.End, outcome.View.Notices[^1].Code));
        Assert.DoesNotContain("RunCycle", context.Calls);
    }

    [Fact]
    public async Task EnterStaging_AfterTheirSwitchTheSchedulerIsTurnedOn_IsTurnedOffAgain()
    {
        var world = new GuardedWorld(GuardPhase.AfterTheirSwitch);
        var input = world.Input with { Stage = StageName.EnterStagingMode, Facts = world.Input.Facts with { SwitchedOff = true, SwitchedElsewhere = true } };
        var context = world.Context(input, _clock).On("KeepStanding", _ => null);
        _clock.At(TimeSpan.FromMinutes(12), () => world.TurnScheduler(on: true));
        _clock.At(TimeSpan.FromMinutes(40), () => world.Suffer(GuardKind.StagingEntered));

        var outcome = await _clock.RunAsync(() => EnterStagingModeStage.Run(context), TimeSpan.FromHours(2));

        Assert.Equal((StageEnd.Done, false), (outcome.End, world.Seen.Servers[0].Facts!.Scheduler.Enabled));
    }

    [Fact]
    public async Task LeaveStaging_WhatIsPendingIsNoLongerAllowed_AsksNobodyToLeave()
    {
        var world = new GuardedWorld(GuardPhase.LeavingStaging);
        var input = world.Input with
        {
            Stage = StageName.LeaveStagingMode,
            Facts = world.Input.Facts with { SwitchedOff = true, KnownErrors = ScriptedContext.Document("errors"), PendingBaseline = ScriptedContext.Document("pending") },
        };
        var context = world.Context(input, _clock).On("KeepStanding", _ => null)
            .On<ReadPendingExports>(_ => new PendingExports { Server = GuardedWorld.Active, Counts = [], Details = ScriptedContext.Document("pending") })
            .On("JudgePending", _ => new Judgement { Reasons = ["a planned group would be deleted"] });

        var outcome = await _clock.RunAsync(() => LeaveStagingModeStage.Run(context), TimeSpan.FromHours(2));

        Assert.Equal(StageEnd.Blocked, outcome.End);
        Assert.Empty(outcome.View.Tasks);
    }

    [Theory]
    [InlineData(StageName.SecondFullSync, GuardPhase.SwitchedOff, GuardKind.StagingLeft, StageEnd.Blocked)]
    [InlineData(StageName.EnterStagingMode, GuardPhase.Drained, GuardKind.SwitchedOff, StageEnd.SwitchedElsewhere)]
    [InlineData(StageName.DisableGroupWritebackV2, GuardPhase.RulesInPlace, GuardKind.JobStarted, StageEnd.AskAgain)]
    public async Task Hold_SomethingChangesMeanwhile_DoesNotGoOnAsReleased(StageName stage, GuardPhase phase, GuardKind kind, StageEnd end)
    {
        var world = new GuardedWorld(phase);
        var opens = new DateTimeOffset(ScriptedClock.Begin).AddDays(2);
        var input = world.Input with
        {
            Stage = stage,
            Facts = world.Input.Facts with { SwitchedOff = stage >= StageName.SecondFullSync },
            Request = world.Input.Request with { Window = new() { Start = opens, End = opens.AddDays(2), HoldBefore = [stage] } },
        };
        var context = world.Context(input, _clock).On("KeepStanding", _ => null);
        _clock.At(Change, () => world.Suffer(kind));
        _clock.At(Decision, () => context.Raise(MigrationEvents.OperatorRequest, new OperatorRequest { Action = OperatorAction.Release, By = "p" }));

        var outcome = await _clock.RunAsync(() => HoldOrchestrator.HoldBeforeStage(context), TimeSpan.FromDays(4));

        Assert.Equal((end, 0), (outcome.End, context.GuardsLeft));
        Assert.Contains(outcome.View.Notices, n => n.Code == GuardError.Of(kind).Code);
    }

    Task<bool> RunAsync(Func<Task> work) => _clock.RunAsync(
        async () =>
        {
            await work();
            return true;
        },
        TimeSpan.FromHours(4));

    public static TheoryData<GuardPhase, GuardKind> WhileCloudSyncWrites
    {
        get
        {
            var data = new TheoryData<GuardPhase, GuardKind>();
            foreach (var phase in (GuardPhase[])[GuardPhase.Rings, GuardPhase.Soak])
            {
                foreach (var kind in (GuardKind[])[GuardKind.AnotherActive, GuardKind.RulesChanged, GuardKind.DeleteRuleEnabled, GuardKind.ProvisioningRuleAdded, GuardKind.OuChanged])
                {
                    data.Add(phase, kind);
                }
            }
            return data;
        }
    }

    /// <summary>Three hours of work in a phase.</summary>
    (Working Run, GuardedWorld World) AtWork(GuardPhase phase)
    {
        var world = new GuardedWorld(phase);
        var input = world.Input with { Stage = phase == GuardPhase.Soak ? StageName.VerifyMigration : StageName.StartCloudSync, Facts = world.Input.Facts with { SwitchedOff = true } };
        var working = new Working { Context = world.Context(input, _clock).On("KeepStanding", _ => null) };
        working.Context.On("PauseJob", _ =>
        {
            working.OnSafe();
            world.PauseJob();
            return new JobStatus { Code = "Paused", QuarantineReason = null, LastCycleEnded = null, SteadyState = null, LastState = null };
        });
        var run = new StageRun(working.Context, input);
        working.Work = () => GuardDuty.BesideAsync(run, phase, () => run.DelayAsync(TimeSpan.FromHours(3)));
        return (working, world);
    }

    sealed class Working
    {
        public required ScriptedContext Context { get; init; }
        public Func<Task> Work { get; set; } = null!;

        /// <summary>Called when the job is paused, after the scheduler was turned off.</summary>
        public Action OnSafe { get; set; } = () => { };
    }

    (ScriptedContext Context, GuardedWorld World) Open(GuardPhase phase, GateState decided = GateState.Approved)
    {
        var world = new GuardedWorld(phase);
        var state = GateState.Pending;
        var context = world.Context(world.Input, _clock).On("KeepStanding", _ => null);
        context.On("TallyGate", _ => new GateTally { State = state, Approvals = 2, Decisions = ScriptedContext.Document("decisions") });
        _clock.At(Decision, () =>
        {
            state = decided;
            Approve(context);
        });
        return (context, world);
    }

    (ScriptedContext Context, GuardedWorld World) Freeze()
    {
        var world = new GuardedWorld(GuardPhase.BeforeWindow);
        var opens = new DateTimeOffset(ScriptedClock.Begin).AddHours(8);
        var input = world.Input with
        {
            Stage = StageName.FreezeAndDrain,
            Request = world.Input.Request with { Window = world.Input.Request.Window with { Start = opens, End = opens.AddHours(12) } },
            Facts = world.Input.Facts with { PlanApproved = true },
        };
        return (world.Context(input, _clock).On("KeepStanding", _ => null), world);
    }

    static void Approve(ScriptedContext context) => context.Raise(MigrationEvents.Decision, new DecisionArrived { Gate = GateName.Switch, DecisionId = "d" });

    Task<GateEnd> WaitAsync(ScriptedContext context, GuardedWorld world)
        => _clock.RunAsync(() => Gate.WaitAsync(new StageRun(context, world.Input), Gates(world), world.Phase), TimeSpan.FromHours(3));

    static OpenGate Gates(GuardedWorld world) => new()
    {
        Gate = world.Phase == GuardPhase.BeforeWindow ? GateName.Plan : GateName.Switch,
        EvidenceDigest = new string('a', 64),
        EvidenceAt = ScriptedClock.Begin,
        Deadline = new DateTimeOffset(ScriptedClock.Begin).AddHours(3),
        Required = 2,
    };

    /// <summary>Kinds that the two gates watch, by how far they reach.</summary>
    static TheoryData<GuardKind, GuardPhase> Of(Func<GuardEffect, bool> reaches)
    {
        var data = new TheoryData<GuardKind, GuardPhase>();
        foreach (var row in GuardOrchestratorTests.Watched)
        {
            var (kind, phase) = row.Data;
            if (phase is GuardPhase.BeforeWindow or GuardPhase.RulesInPlace && reaches(GuardConsequence.Of(kind, phase).Effect)) { data.Add(kind, phase); }
        }
        return data;
    }
}
