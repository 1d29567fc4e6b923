using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Orchestration;

public sealed class WayForwardTests
{
    static readonly MigrationFacts Frozen = new()
    {
        FrozenSnapshot = ScriptedContext.Document("snapshot"),
        PendingBaseline = ScriptedContext.Document("pending-baseline"),
        KnownErrors = ScriptedContext.Document("known-errors"),
        PlanApproved = true,
        AnchorsVerified = true,
    };

    [Fact]
    public void Stages_EverythingStillInStaging_BeginWithTheSecondFullSync()
        => Assert.Equal(WayForward.AfterSwitch, WayForward.Stages(Timeline(), "AADC1", [Server(staging: true)], Frozen));

    [Fact]
    public void Stages_TheServerExports_LeadThroughStagingMode()
        => Assert.Equal([StageName.EnterStagingMode, .. WayForward.AfterSwitch], WayForward.Stages(Timeline(), "AADC1", [Server(staging: false)], Frozen));

    [Fact]
    public void Stages_RulesGoneOnOneServer_MakeThemAgainFirst()
    {
        var servers = new[] { Server(staging: true), Server(staging: true) with { Server = "AADC2", Coexistence = ScriptedContext.Rules(RuleState.Absent) } };

        Assert.Equal([StageName.CoexistenceRules, .. WayForward.AfterSwitch], WayForward.Stages(Timeline(), "AADC1", servers, Frozen));
    }

    [Fact]
    public void Stages_StampsAndJobUndone_MakeThemAgainBeforeTheRings()
    {
        var stages = WayForward.Stages(Timeline((StageName.StampAnchors, StageState.Undone), (StageName.PrepareCloudSync, StageState.Undone)), "AADC1", [Server(staging: true)], Frozen);

        Assert.Equal([StageName.StampAnchors, StageName.PrepareCloudSync, .. WayForward.AfterSwitch], stages);
    }

    [Fact]
    public void Stages_ParkedInTheRings_DoNotGoBackIntoStagingMode()
    {
        var done = new[] { StageName.SecondFullSync, StageName.LeaveStagingMode, StageName.ResumeScheduler }.Select(s => (s, StageState.Done)).ToArray();

        Assert.Equal([StageName.StartCloudSync, StageName.VerifyMigration], WayForward.Stages(Timeline(done), "AADC1", [Server(staging: false)], Frozen));
    }

    [Fact]
    public void Stages_SomebodyElseSwitchedBeforeTheFreeze_KeepWhatIsThereAndAskPeopleBeforeStagingIsLeft()
        => Assert.Equal(
            [
                StageName.FreezeAndDrain, StageName.EnterStagingMode, StageName.CoexistenceRules, StageName.SecondFullSync, StageName.ApprovePlan,
                .. WayForward.AfterSwitch.Skip(1),
            ],
            WayForward.Stages(
                Timeline(), "AADC1", [Server(staging: false) with { Coexistence = ScriptedContext.Rules(RuleState.Absent) }], new() { AnchorsVerified = true }));

    /// <summary>Cloud Sync would make every group a second time that bears no stamp.</summary>
    [Theory]
    [InlineData(StageState.Pending)]
    [InlineData(StageState.Failed)]
    [InlineData(StageState.Undone)]
    public void Stages_StampsWereNeverDone_MakeThemBeforeTheRings(StageState state)
        => Assert.Equal(
            [StageName.StampAnchors, .. WayForward.AfterSwitch], WayForward.Stages(Timeline((StageName.StampAnchors, state)), "AADC1", [Server(staging: true)], Frozen));

    [Fact]
    public void Stages_TheWayBackBrokeOffWhileItTookTheStamps_ProveThemAgain()
        => Assert.Equal(
            [StageName.StampAnchors, .. WayForward.AfterSwitch],
            WayForward.Stages(Timeline(), "AADC1", [Server(staging: true)], Frozen with { AnchorsVerified = false }));

    [Fact]
    public void Stages_TheListenerSpellsItsNameOtherwise_IsTheSameServer()
        => Assert.Equal(WayForward.AfterSwitch, WayForward.Stages(Timeline(), "aadc1.contoso.example", [Server(staging: true)], Frozen));

    [Fact]
    public async Task Run_TheServerExports_StopsItsSchedulerBeforeAnythingElse()
    {
        var context = new ScriptedContext(Input())
            .On<InspectServer>(_ => Server(staging: false) with { Scheduler = new() { Enabled = true, Suspended = false, CycleInProgress = false, IntervalSeconds = 1_800 } })
            .On<SetScheduler>(set => { Assert.False(set.Enabled); return Changed(set.Enabled); });

        var outcome = await WayForwardOrchestrator.Run(context);

        Assert.Equal(StageName.EnterStagingMode, outcome.Stages![0]);
        Assert.True(outcome.Facts.SchedulerBefore);
        Assert.Equal(ScriptedClock.Begin, outcome.Facts.SchedulerOffSince);
        Assert.Contains(nameof(SetScheduler), context.Calls);
    }

    [Fact]
    public async Task Run_AServerStaysSilent_FindsNoWay()
    {
        var context = new ScriptedContext(Input()).On<InspectServer>(_ => new GwbCloud.Functions.OnPremises.CommandReply
        {
            State = CommandState.Failed, Error = new() { Code = "GWB6001", Message = "no", Transient = false },
        });

        var outcome = await WayForwardOrchestrator.Run(context);

        Assert.Null(outcome.Stages);
        Assert.NotEmpty(outcome.View.Notices);
    }

    static StageInput Input() => ScriptedContext.Input(StageName.SecondFullSync, Frozen with { SwitchedOff = true });

    static ServerFacts Server(bool staging) => ScriptedContext.Server(flag: false) with { Staging = staging };

    static SchedulerChange Changed(bool enabled)
    {
        var now = new SchedulerFacts { Enabled = enabled, Suspended = false, CycleInProgress = false, IntervalSeconds = 1_800 };
        return new() { Before = now with { Enabled = !enabled }, After = now };
    }

    static StageView[] Timeline(params (StageName Name, StageState State)[] states) =>
        [.. Enum.GetValues<StageName>().Select(name => new StageView { Name = name, State = states.Append((name, Before(name))).First(s => s.Item1 == name).Item2 })];

    /// <summary>As it is in front of the switch.</summary>
    static StageState Before(StageName name) => name <= StageName.RehearseOnStandby ? StageState.Done : StageState.Pending;
}
