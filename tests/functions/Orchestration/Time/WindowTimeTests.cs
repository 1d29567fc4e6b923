using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Orchestration.Guards;
using GwbCloud.Functions.Orchestration.Stages;
using GwbCloud.Tests.Functions.Orchestration.Guards;

namespace GwbCloud.Tests.Functions.Orchestration;

/// <summary>The arithmetic of the window where it acts: at its entry, after a cycle that was slower than predicted, and at both gates.</summary>
public sealed class WindowTimeTests
{
    /// <summary>With these full cycles staging comes to 12 h 31 min, and to 49 h.</summary>
    const int AboveAcceptance = 9_000;
    const int AboveAllowance = 44_000;

    static readonly DateTimeOffset Begin = new(ScriptedClock.Begin);

    readonly ScriptedClock _clock = new();

    [Fact]
    public async Task FullCycle_TakesStagingAbove12Hours_IsToldOnceAndGoesOn()
    {
        var outcome = await FullCycleAsync(AboveAcceptance, TimeSpan.FromDays(4));
        var again = await FullCycleAsync(AboveAcceptance, TimeSpan.FromDays(4), outcome.Facts);

        Assert.Equal((StageEnd.Done, AboveAcceptance), (outcome.End, outcome.Facts.ObservedInitialSeconds));
        Assert.Single(outcome.View.Notices, n => n.Code == TimeError.LongerThanPredicted.Code);
        Assert.DoesNotContain(again.View.Notices, n => n.Code == TimeError.LongerThanPredicted.Code);
    }

    [Fact]
    public async Task FullCycle_TakesStagingAbove48Hours_GoesBack()
    {
        var outcome = await FullCycleAsync(AboveAllowance, TimeSpan.FromDays(4));

        Assert.Equal((StageEnd.Blocked, TimeError.StagingTooLong.Code), (outcome.End, outcome.View.Notices[^1].Code));
    }

    [Fact]
    public async Task FullCycle_LeavesNoTimeToDecide_GoesBackBeforePeopleAreAsked()
    {
        var outcome = await FullCycleAsync(AboveAcceptance, TimeSpan.FromHours(3));

        Assert.Equal((StageEnd.Blocked, OrchestrationError.WindowTooShort.Code), (outcome.End, outcome.View.Notices[^1].Code));
    }

    [Fact]
    public async Task FullCycle_AsPredicted_IsNotWorthAWord()
    {
        var outcome = await FullCycleAsync(600, TimeSpan.FromHours(5));

        Assert.Equal(StageEnd.Done, outcome.End);
        Assert.Empty(outcome.View.Notices);
    }

    [Theory]
    [InlineData(null, 109)]
    [InlineData(1_800, 89)]
    [InlineData(3_600, 59)]
    public async Task SecondGate_FullCyclesTookLonger_EndsEarlier(int? observed, int minutes)
    {
        var (context, gates) = Confirm(observed, TimeSpan.FromMinutes(150));

        var outcome = await _clock.RunAsync(() => ConfirmSwitchStage.Run(context), TimeSpan.FromHours(3));

        Assert.Equal((StageEnd.Ended, (Ending?)Ending.Expired), (outcome.End, outcome.Ending));
        Assert.Equal((Begin.AddMinutes(minutes), TimeSpan.FromMinutes(minutes)), (gates[0].Deadline, _clock.Passed));
        Assert.Contains(outcome.View.Notices, n => n.Code == TimeError.GateNearItsEnd.Code);
    }

    [Fact]
    public async Task SecondGate_NothingElseEndsItSooner_IsOpenForItsHours()
    {
        var (context, _) = Confirm(observed: null, TimeSpan.FromHours(20));

        var outcome = await _clock.RunAsync(() => ConfirmSwitchStage.Run(context), TimeBounds.Of(GateName.Switch, new()).Longest);

        Assert.Equal((Ending.Expired, TimeSpan.FromHours(2)), (outcome.Ending, _clock.Passed));
    }

    [Fact]
    public async Task SecondGate_StagingComesAbove12Hours_SaysWhatIsAccepted()
    {
        var (context, gates) = Confirm(AboveAcceptance, TimeSpan.FromDays(1));
        var (asPlanned, planned) = Confirm(observed: 600, TimeSpan.FromDays(1));

        await _clock.RunAsync(() => ConfirmSwitchStage.Run(context), TimeSpan.FromHours(3));
        await _clock.RunAsync(() => ConfirmSwitchStage.Run(asPlanned), TimeSpan.FromHours(6));

        Assert.Contains("above 12 hours; who approves accepts it", gates[0].Consequences[0], StringComparison.Ordinal);
        Assert.DoesNotContain(planned[0].Consequences, c => c.Contains("12 hours", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SecondGate_StagingComesAbove48Hours_DoesNotOpen()
    {
        var (context, gates) = Confirm(AboveAllowance, TimeSpan.FromDays(4));

        var outcome = await _clock.RunAsync(() => ConfirmSwitchStage.Run(context), TimeSpan.FromHours(3));

        Assert.Equal((StageEnd.Blocked, TimeError.StagingTooLong.Code), (outcome.End, outcome.View.Notices[^1].Code));
        Assert.Empty(gates);
    }

    [Theory]
    [InlineData(24, 24)]
    [InlineData(200, 72)]
    public async Task FirstGate_NobodyDecides_ExpiresAtTheWindowOrAfterItsHours(int windowOpensAfter, int expiresAfter)
    {
        var world = new GuardedWorld(GuardPhase.BeforeWindow);
        var opens = Begin.AddHours(windowOpensAfter);
        var input = world.Input with { Stage = StageName.ApprovePlan, Request = world.Input.Request with { Window = new() { Start = opens, End = opens.AddHours(12) } } };
        var context = world.Context(input, _clock)
            .On<ReadCycle>(_ => new CycleReport { InProgress = false, Runs = [] })
            .On("GatherPlanEvidence", _ => new GateEvidence { Digest = new string('a', 64), Parts = [], Reasons = [] })
            .On("TallyGate", _ => Undecided);

        var outcome = await _clock.RunAsync(() => ApprovePlanStage.Run(context), TimeBounds.Of(GateName.Plan, new()).Longest);

        Assert.Equal((Ending.Expired, TimeSpan.FromHours(expiresAfter)), (outcome.Ending, _clock.Passed));
        Assert.False(outcome.Facts.PlanApproved);
    }

    [Theory]
    [InlineData(3, null, "GWB2821")]
    [InlineData(6, 3, "GWB2820")]
    [InlineData(6, 5, null)]
    [InlineData(6, null, null)]
    public async Task Window_EnteredLate_IsEnteredOnlyWhenTheWholeStillFitsAndMeetsNoBlackout(int endsAfter, int? blackoutAfter, string? code)
    {
        var world = new GuardedWorld(GuardPhase.BeforeWindow);
        var input = world.Input with
        {
            Stage = StageName.FreezeAndDrain,
            Request = world.Input.Request with
            {
                Window = new()
                {
                    Start = Begin.AddHours(-1),
                    End = Begin.AddHours(endsAfter),
                    Blackouts = blackoutAfter is { } hours ? [new() { From = Begin.AddHours(hours), Until = Begin.AddHours(hours + 1) }] : [],
                },
            },
        };
        var context = world.Context(input, _clock).On("KeepStanding", _ => null);
        // Entered, it would look at the servers before anything else; that is far enough.
        context.On("GuardJob", _ => throw ScriptedContext.Failure("GuardJob"));
        ConfirmAtOnce(context);

        var outcome = await _clock.RunAsync(() => FreezeAndDrainStage.Run(context), TimeSpan.FromHours(1));

        Assert.Equal(code is null ? (StageEnd.Blocked, null) : (StageEnd.Ended, (Ending?)Ending.Expired), (outcome.End, outcome.Ending));
        Assert.Equal(code is not null, outcome.View.Notices.Any(n => n.Code == code));
        Assert.DoesNotContain(nameof(SetScheduler), context.Calls);
    }

    static GateTally Undecided => new() { State = GateState.Pending, Approvals = 0, Decisions = ScriptedContext.Document("decisions") };

    Task<StageOutcome> FullCycleAsync(int seconds, TimeSpan window, MigrationFacts? facts = null)
    {
        var input = Input(StageName.FirstFullSync, facts ?? new(), window);
        var context = new ScriptedContext(input, _clock).OnSub("RunCycle", _ => Task.FromResult<object>(new CycleOutcome { Server = "AADC1", Runs = [], Seconds = seconds }));
        return _clock.RunAsync(
            () => StageRun.RunAsync(context, async run =>
            {
                await run.CyclesAsync(CyclePolicy.Initial, run.Servers);
                return run.Done("");
            }),
            TimeSpan.FromDays(1));
    }

    (ScriptedContext Context, List<OpenGate> Gates) Confirm(int? observed, TimeSpan window)
    {
        var gates = new List<OpenGate>();
        var input = Input(
            StageName.ConfirmSwitch,
            new()
            {
                ObservedInitialSeconds = observed,
                Ours = ScriptedContext.Document("anchors"),
                FrozenSnapshot = ScriptedContext.Document("snapshot"),
                KnownErrors = ScriptedContext.Document("known-errors"),
                PendingBaseline = ScriptedContext.Document("pending-baseline"),
                Job = new() { ApplicationObjectId = Guid.Empty, ServicePrincipalId = Guid.Empty, JobId = "job", ScopeRoleId = Guid.Empty, Created = true },
            },
            window);
        var context = new ScriptedContext(input, _clock)
            .On<GatherEvidence>(_ => new EvidenceResult { Parts = ["part"] })
            .On("GatherCloudEvidence", _ => new CloudEvidence { Part = "{}", Passed = true, Reasons = [] })
            .On("BindEvidence", _ => new GateEvidence { Digest = new string('a', 64), Parts = [], Reasons = [] })
            .On("TallyGate", tally =>
            {
                gates.Add(((TallyInput)tally!).Gate);
                return Undecided;
            });
        return (context, gates);
    }

    /// <summary>An operator says at once that he will be reachable.</summary>
    static void ConfirmAtOnce(ScriptedContext context) => context.On("PublishView", view =>
    {
        if (((ViewUpdate)view!).View.Tasks is [.., { Kind: TaskKind.ConfirmReachable, State: TaskState.Open } task])
        {
            context.Queue(MigrationEvents.TaskCheck, new TaskCheck { TaskId = task.Id });
        }
        return null;
    });

    static StageInput Input(StageName stage, MigrationFacts facts, TimeSpan window)
    {
        var input = ScriptedContext.Input(stage, facts);
        return input with { Request = input.Request with { Window = new() { Start = Begin, End = Begin + window } } };
    }
}
