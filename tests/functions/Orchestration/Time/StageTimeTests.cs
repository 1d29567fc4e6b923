using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.OnPremises;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Orchestration.Stages;

namespace GwbCloud.Tests.Functions.Orchestration;

/// <summary>A stage as a whole has a limit, and so has a cycle that it waits for. Steps that each succeed in time add up all the same.</summary>
public sealed class StageTimeTests
{
    static readonly DateTimeOffset Begin = new(ScriptedClock.Begin);
    static readonly TimeSpan Step = TimeSpan.FromMinutes(20);

    readonly ScriptedClock _clock = new();

    [Theory]
    [InlineData(StageName.FreezeAndDrain)]
    [InlineData(StageName.EnterStagingMode)]
    [InlineData(StageName.CoexistenceRules)]
    [InlineData(StageName.FirstFullSync)]
    [InlineData(StageName.ConfirmSwitch)]
    public async Task BeforeTheSwitch_SlowStepsAddUp_EndsWhileTheWayBackStillFits(StageName stage)
    {
        var input = Input(stage, new(), TimeSpan.FromHours(3));

        var outcome = await SlowlyAsync(input, steps: 30);

        Assert.Equal((StageEnd.Blocked, TimeError.StageTooLong.Code), (outcome.End, outcome.View.Notices[^1].Code));
        Assert.InRange(_clock.Passed, TimeSpan.FromHours(1), TimeSpan.FromHours(3) - TimeSpan.FromSeconds(input.Plan.Time.UndoSeconds));
    }

    [Theory]
    [InlineData(StageName.EnterStagingMode)]
    [InlineData(StageName.SecondFullSync)]
    [InlineData(StageName.LeaveStagingMode)]
    [InlineData(StageName.ResumeScheduler)]
    public async Task PastTheSwitch_SlowStepsAddUp_EndsAfterHalfADayWhateverTheWindow(StageName stage)
    {
        var outcome = await SlowlyAsync(Input(stage, new() { SwitchedOff = true }, TimeSpan.FromHours(1)), steps: 100);

        Assert.Equal((StageEnd.Blocked, TimeError.StageTooLong.Code), (outcome.End, outcome.View.Notices[^1].Code));
        Assert.InRange(_clock.Passed, TimeSpan.FromHours(12), TimeSpan.FromHours(12) + Step);
    }

    [Fact]
    public async Task PastTheSwitch_FullCyclesAreLong_HasFourTimesAsMuch()
    {
        var input = Input(StageName.SecondFullSync, new() { SwitchedOff = true, ObservedInitialSeconds = 5 * 3_600 }, TimeSpan.FromHours(1));

        await SlowlyAsync(input, steps: 100);

        Assert.InRange(_clock.Passed, TimeSpan.FromHours(20), TimeSpan.FromHours(20) + Step);
    }

    [Theory]
    [InlineData(StageName.DisableGroupWritebackV2)]
    [InlineData(StageName.StartCloudSync)]
    [InlineData(StageName.PrepareCloudSync)]
    public async Task OutsideOfTheWindowAndAtTheSwitchItself_NothingEndsAStageAsAWhole(StageName stage)
    {
        var outcome = await SlowlyAsync(Input(stage, new() { SwitchedOff = stage > StageName.DisableGroupWritebackV2 }, TimeSpan.FromHours(1)), steps: 100);

        Assert.Equal((StageEnd.Done, 100 * Step), (outcome.End, _clock.Passed));
    }

    [Fact]
    public async Task WayBack_TheWindowIsLongOver_GoesOn()
    {
        var input = Input(StageName.FirstFullSync, new(), TimeSpan.FromHours(1));
        var run = new StageRun(new ScriptedContext(input, _clock).On<InspectServer>(_ => ScriptedContext.Server(true)), input);

        await _clock.RunAsync(
            async () =>
            {
                for (var step = 0; step < 30; step++)
                {
                    await run.OnLeadAsync(new InspectServer());
                    await run.DelayAsync(Step);
                }
                return true;
            },
            TimeSpan.FromDays(1));

        Assert.Equal(30 * Step, _clock.Passed);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task Cycle_OverrunsItsTime_IsStoppedOnlyWhereThatIsSafe(bool safe, bool refused)
    {
        var input = new CycleInput
        {
            Request = Input(StageName.FirstFullSync, new(), TimeSpan.FromDays(1)).Request, Server = "AADC1", Policy = CyclePolicy.Initial,
            Until = Begin.AddMinutes(77), StopsWhenLate = safe,
        };
        var context = NeverEnding(input).On<StopCycle>(_ => refused
            ? new CommandReply { State = CommandState.Failed, Error = new() { Code = "GWB6001", Message = "no", Transient = false } }
            : new CycleStop { WasInProgress = true, InProgress = false });

        var outcome = await _clock.RunAsync(() => CycleOrchestrator.RunCycle(context), TimeSpan.FromMinutes(77));

        Assert.Equal((TimeError.StageTooLong.Code, safe), (outcome.Stopped?.Code, context.Calls.Contains(nameof(StopCycle))));
        Assert.Equal(safe && !refused, outcome.Stopped!.Message.Contains("told to stop", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cycle_AnotherRunsAlready_IsWaitedForNoLongerAndNotStopped()
    {
        var input = new CycleInput
        {
            Request = Input(StageName.FirstFullSync, new(), TimeSpan.FromDays(1)).Request, Server = "AADC1", Policy = CyclePolicy.Initial,
            Until = Begin.AddMinutes(20), StopsWhenLate = true,
        };
        var busy = ScriptedContext.Server(true) with { Scheduler = new() { Enabled = false, Suspended = false, CycleInProgress = true, IntervalSeconds = 1_800 } };
        var context = new ScriptedContext(input, _clock).On<InspectServer>(_ => busy);

        var outcome = await _clock.RunAsync(() => CycleOrchestrator.RunCycle(context), TimeSpan.FromMinutes(21));

        Assert.Equal(TimeError.StageTooLong.Code, outcome.Stopped?.Code);
        Assert.DoesNotContain(nameof(StopCycle), context.Calls);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(45)]
    [InlineData(90)]
    public void Cycle_IsGivenUpInTimeForOneThatTakesAsLong(int minutes)
    {
        var input = Input(StageName.FirstFullSync, new(), TimeSpan.FromHours(6));
        var limits = new TimeLimits(input.Request, input.Plan, input.Facts);

        var until = limits.CycleUntil(StageName.FirstFullSync, CyclePolicy.Initial, Begin.AddMinutes(minutes))!.Value;

        var took = until - Begin.AddMinutes(minutes);
        Assert.True(took > TimeSpan.FromSeconds(2 * input.Plan.Time.InitialSeconds));
        Assert.True(until + took + TimeSpan.FromSeconds(input.Plan.Time.DeltaSeconds) <= input.Request.Window.End);
    }

    [Theory]
    [InlineData(StageName.FirstFullSync, false)]
    [InlineData(StageName.SecondFullSync, true)]
    public async Task Stage_GivesItsCyclesWhatItHas(StageName stage, bool switchedOff)
    {
        var cycles = new List<CycleInput>();
        var context = new ScriptedContext(Input(stage, new() { SwitchedOff = switchedOff }, TimeSpan.FromHours(6)), _clock).OnSub("RunCycle", cycle =>
        {
            cycles.Add((CycleInput)cycle!);
            return Task.FromResult<object>(new CycleOutcome { Server = "AADC1", Runs = [] });
        });

        await _clock.RunAsync(
            () => StageRun.RunAsync(context, async run =>
            {
                await run.CyclesAsync(CyclePolicy.Initial, run.Servers);
                return run.Done("");
            }),
            TimeSpan.FromDays(1));

        var asked = Assert.Single(cycles);
        Assert.Equal(!switchedOff, asked.StopsWhenLate);
        Assert.Equal(switchedOff, asked.Until > Begin.AddHours(6));
    }

    [Fact]
    public async Task Task_TheListenerFallsSilentMeanwhile_LeavesNoGuardBehind()
    {
        var looks = 0;
        var context = new ScriptedContext(Input(StageName.EnterStagingMode, new() { SchedulerBefore = true }, TimeSpan.FromHours(6)), _clock)
            .On<InspectServer>(_ => ++looks < 3
                ? ScriptedContext.Server(true) with { Staging = false }
                : new CommandReply { State = CommandState.Failed, Error = new() { Code = "GWB6001", Message = "no", Transient = false } });

        var outcome = await _clock.RunAsync(() => EnterStagingModeStage.Run(context), TimeSpan.FromHours(1));

        Assert.Equal((StageEnd.Blocked, 0), (outcome.End, context.GuardsLeft));
    }

    async Task<StageOutcome> SlowlyAsync(StageInput input, int steps)
    {
        var context = new ScriptedContext(input, _clock).On<InspectServer>(_ => ScriptedContext.Server(true));
        return await _clock.RunAsync(
            () => StageRun.RunAsync(context, async run =>
            {
                for (var step = 0; step < steps; step++)
                {
                    await run.OnLeadAsync(new InspectServer());
                    await run.DelayAsync(Step);
                }
                return run.Done("worked");
            }),
            TimeSpan.FromDays(2));
    }

    ScriptedContext NeverEnding(CycleInput input) => new ScriptedContext(input, _clock)
        .On<InspectServer>(_ => ScriptedContext.Server(true))
        .On<StartCycle>(_ => new CycleTicket { Server = "AADC1", Policy = CyclePolicy.Initial, RunsBefore = 0 })
        .On<ReadCycle>(_ => new CycleReport { InProgress = true, Runs = [] });

    static StageInput Input(StageName stage, MigrationFacts facts, TimeSpan window)
    {
        var input = ScriptedContext.Input(stage, facts);
        return input with { Request = input.Request with { Window = new() { Start = Begin, End = Begin + window } } };
    }
}
