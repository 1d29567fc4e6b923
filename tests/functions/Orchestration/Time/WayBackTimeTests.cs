using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.OnPremises;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Orchestration;

/// <summary>The way back is warned of and bounded like the way there, and what it ends counts no further.</summary>
public sealed class WayBackTimeTests
{
    static readonly DateTimeOffset Begin = new(ScriptedClock.Begin);

    readonly ScriptedClock _clock = new();

    [Fact]
    public async Task WayBack_StagingGoesOn_WarnsAndCountsNoFurtherOnceItIsLeft()
    {
        var context = Back(UndoKind.LeaveStagingMode).On<InspectServer>(_ => ScriptedContext.Server(true) with { Staging = _clock.Passed < TimeSpan.FromHours(3) });

        var outcome = await _clock.RunAsync(() => WayBackOrchestrator.Run(context), TimeSpan.FromHours(4));

        Assert.True(outcome.Complete);
        Assert.Equal(2, outcome.View.Notices.Count(n => n.Code == TimeError.StagingShare.Code));
        Assert.Equal(["staging-50", "staging-75"], outcome.Facts.AlarmsTold);
        Assert.Null(outcome.Facts.StagingSince);
    }

    [Fact]
    public async Task WayBack_NobodyLeavesStaging_EndsAtTheTasksDeadlineAndCanBeTakenUp()
    {
        var context = Back(UndoKind.LeaveStagingMode).On<InspectServer>(_ => ScriptedContext.Server(true));

        var outcome = await _clock.RunAsync(() => WayBackOrchestrator.Run(context), TimeBounds.Of(MigrationState.RollingBack, new()).Longest);

        Assert.Equal((false, TimeSpan.FromHours(new MigrationSettings().TaskHours)), (outcome.Complete, _clock.Passed));
        Assert.Equal([UndoKind.LeaveStagingMode], outcome.Facts.Undo.Select(u => u.Kind));
        Assert.Equal(Begin, outcome.Facts.StagingSince);
    }

    [Theory]
    [InlineData("the flag reads", 15, 15)]
    [InlineData("the listener answers", 120, 123)]
    [InlineData("a cycle ends without errors", 23 * 60, 24 * 60)]
    public async Task WayBack_OneThingNeverHappens_EndsInTimeAndCanBeTakenUp(string never, int least, int most)
    {
        var silent = new CommandReply { State = CommandState.Queued, Unreachable = true };
        var context = Back(facts => facts with { RulesMadeOn = ["AADC1"] }, UndoKind.RemoveRules)
            .On("PollCommand", _ => silent)
            .On<InspectServer>(_ => never == "the listener answers" ? silent : ScriptedContext.Server(never == "the flag reads" ? null : true))
            .On<RemoveCoexistenceRules>(_ => ScriptedContext.Rules(RuleState.Absent))
            .On("JudgeRuns", _ => new Judgement { Reasons = ["contoso.onmicrosoft.com Full Import ended with no-start-connection"] });

        var outcome = await _clock.RunAsync(() => WayBackOrchestrator.Run(context), TimeSpan.FromMinutes(most));

        Assert.False(outcome.Complete);
        Assert.Equal([UndoKind.RemoveRules], outcome.Facts.Undo.Select(u => u.Kind));
        Assert.InRange(_clock.Passed, TimeSpan.FromMinutes(least), TimeSpan.FromMinutes(most));
    }

    [Fact]
    public async Task WayBack_FlagWasCalledOff_TakesTheRulesOnlyAfterItReadTrueForADay()
    {
        var context = Back(facts => facts with { SwitchAttempted = true, RulesMadeOn = ["AADC1"], StagingSince = null }, UndoKind.RemoveRules)
            .On<InspectServer>(_ => ScriptedContext.Server(true))
            .On<RemoveCoexistenceRules>(_ =>
            {
                Assert.Equal(TimeSpan.FromHours(24), _clock.Passed);
                return ScriptedContext.Rules(RuleState.AsSpecified);
            });

        var outcome = await _clock.RunAsync(() => WayBackOrchestrator.Run(context), TimeBounds.Of(MigrationState.RollingBack, new()).Longest);

        Assert.False(outcome.Complete);
        Assert.Contains(nameof(RemoveCoexistenceRules), context.Calls);
    }

    [Fact]
    public async Task WayBack_ServerLeftStagingBeforeItsRulesWentOff_CountsSchedulerAndStagingAnew()
    {
        var context = Back(facts => facts with { RulesMadeOn = ["AADC1"], SchedulerBefore = null, StagingSince = null }, UndoKind.RemoveRules)
            .On<InspectServer>(_ => ScriptedContext.Server(true) with { Staging = false, Scheduler = Scheduler(true) })
            .On<SetScheduler>(set => new SchedulerChange { Before = Scheduler(true), After = Scheduler(set.Enabled) });

        var outcome = await _clock.RunAsync(() => WayBackOrchestrator.Run(context), TimeSpan.FromDays(2));

        Assert.Equal(((bool?)true, (DateTimeOffset?)Begin, (DateTimeOffset?)Begin), (outcome.Facts.SchedulerBefore, outcome.Facts.SchedulerOffSince, outcome.Facts.StagingSince));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rings_AGuardTurnedTheSchedulerOff_IsGivenBackOnceTheStageIsThrough(bool byGuard)
    {
        var input = ScriptedContext.Input(StageName.StartCloudSync, new() { SwitchedOff = true, SchedulerBefore = true });
        var off = input.Facts with { SchedulerOffSince = byGuard ? Begin : null };
        var context = new ScriptedContext(input, _clock)
            .OnSub("StartCloudSyncStage", _ => Task.FromResult<object>(new StageOutcome { End = StageEnd.Done, Facts = off, View = input.View }))
            .OnSub("ResumeSchedulerStage", _ => Task.FromResult<object>(new StageOutcome { End = StageEnd.Done, Facts = input.Facts, View = input.View }));

        Assert.True(await new Migration(context, input.Request, input.Plan).ForwardAsync(StageName.StartCloudSync));

        Assert.Equal(byGuard, context.Calls.Contains("ResumeSchedulerStage"));
    }

    ScriptedContext Back(params UndoKind[] kinds) => Back(facts => facts, kinds);

    ScriptedContext Back(Func<MigrationFacts, MigrationFacts> with, params UndoKind[] kinds) => new ScriptedContext(
        new WayBackInput
        {
            From = ScriptedContext.Input(StageName.FirstFullSync, with(new()
            {
                Undo = [.. kinds.Select(kind => new UndoStep { Kind = kind })],
                SchedulerBefore = true,
                StagingSince = Begin,
                KnownErrors = ScriptedContext.Document("known-errors"),
                PendingBaseline = ScriptedContext.Document("pending-baseline"),
            })),
        },
        _clock)
        .On<ReadPendingExports>(_ => new PendingExports { Server = "AADC1", Counts = [], Details = ScriptedContext.Document("pendingExports") })
        .On("JudgePending", _ => new Judgement { Reasons = [] })
        .OnSub("RunCycle", _ => Task.FromResult<object>(new CycleOutcome { Server = "AADC1", Runs = [], Seconds = 60 }));

    static SchedulerFacts Scheduler(bool enabled) => new() { Enabled = enabled, Suspended = false, CycleInProgress = false, IntervalSeconds = 1_800 };
}
