using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Orchestration.Guards;
using GwbCloud.Functions.Orchestration.Stages;
using GwbCloud.Tests.Functions.Orchestration.Guards;

namespace GwbCloud.Tests.Functions.Orchestration;

/// <summary>What people are shown at a gate, and who is told when they do not come.</summary>
public sealed class GateTests
{
    const string First = "aaaaaaaa-0000-4000-8000-000000000003";
    const string Second = "aaaaaaaa-0000-4000-8000-000000000004";

    static readonly DateTimeOffset Begin = new(ScriptedClock.Begin, TimeSpan.Zero);

    readonly ScriptedClock _clock = new();
    readonly List<OpenGate> _gates = [];

    [Fact]
    public async Task SecondGate_ShowsWhatCanBeChosenAndWhatFollows()
    {
        await RunAsync(Confirm());

        var gate = _gates[0];
        Assert.Equal([ApprovalDecision.Approve, ApprovalDecision.Postpone, ApprovalDecision.Deny], gate.Ends.Select(end => end.Decision));
        Assert.All(gate.Ends, end => Assert.NotEmpty(end.Consequences));
        Assert.Equal((true, false), (gate.Ends[0].NeedsDomain, gate.Ends[0].NeedsComment));
        Assert.Equal((false, true), (gate.Ends[2].NeedsDomain, gate.Ends[2].NeedsComment));
        Assert.All(gate.Ends, end => Assert.Equal(GateImpact.Exports, end.Impact));
        Assert.Contains(gate.Consequences, sentence => sentence.Contains("have stood still since", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FirstGate_OffersToLeaveThingsAsTheyAre()
    {
        await _clock.RunAsync(() => ApprovePlanStage.Run(Plan()), TimeSpan.FromDays(4));

        Assert.Equal(
            [ApprovalDecision.Approve, ApprovalDecision.Postpone, ApprovalDecision.Deny, ApprovalDecision.DenyAndLeave], _gates[0].Ends.Select(end => end.Decision));
        Assert.Equal([(true, false), (false, false), (false, true), (false, true)], _gates[0].Ends.Select(end => (end.NeedsDomain, end.NeedsComment)));
    }

    [Fact]
    public async Task Gate_WithNamedApprovers_AsksTheSecondListAfterItsShareOfTheTime()
    {
        var settings = new MigrationSettings { Approvers = [First], EscalationApprovers = [Second], EscalateAtPercent = 25, ApprovalsRequired = 1 };
        var outcome = await RunAsync(Confirm(settings));

        var escalation = Assert.IsType<GateEscalation>(_gates[0].Escalation);
        Assert.Equal([First], _gates[0].Approvers);
        Assert.Equal((Begin.AddMinutes(30), Second), (escalation.At, Assert.Single(escalation.Approvers)));
        var told = outcome.View.Notices.Where(notice => notice.Code == ApprovalError.GateEscalated.Code).ToList();
        Assert.Equal([Audience.Escalation, Audience.Escalation], told.Select(notice => notice.Tells));
    }

    /// <summary>Who is not asked is not announced, and nobody reads that a list was asked which nobody configured.</summary>
    [Fact]
    public async Task Gate_WithoutASecondList_AnnouncesNone()
    {
        var outcome = await RunAsync(Confirm());

        Assert.Null(_gates[0].Escalation);
        Assert.DoesNotContain(outcome.View.Notices, notice => notice.Code == ApprovalError.GateEscalated.Code);
        Assert.Equal(2, outcome.View.Notices.Count(notice => notice is { Code: "GWB2831", Tells: Audience.Escalation }));
    }

    [Theory]
    [InlineData(OperatorAction.Cancel, Ending.Cancelled)]
    [InlineData(OperatorAction.Stop, Ending.Cancelled)]
    [InlineData(OperatorAction.Postpone, Ending.Postponed)]
    public async Task Gate_EndedByAnOperator_SaysThatAndByWhom(OperatorAction action, Ending ending)
    {
        var (plan, confirm) = (Plan(), Confirm());
        plan.Queue(MigrationEvents.OperatorRequest, new OperatorRequest { Action = action, By = First });
        confirm.Queue(MigrationEvents.OperatorRequest, new OperatorRequest { Action = action, By = First });

        var first = await _clock.RunAsync(() => ApprovePlanStage.Run(plan), TimeSpan.FromDays(4));
        var second = await RunAsync(confirm);

        Assert.All([first, second], outcome =>
        {
            Assert.Equal((StageEnd.Ended, (Ending?)ending), (outcome.End, outcome.Ending));
            Assert.Equal((action, First), (outcome.View.AskedEnd?.Action, outcome.View.AskedEnd?.By));
            Assert.Equal([OrchestrationError.EndedOnRequest.Code], outcome.View.Notices.Select(notice => notice.Code));
        });
    }

    [Fact]
    public async Task FirstGate_TellsEachConsequenceOnce()
    {
        await _clock.RunAsync(() => ApprovePlanStage.Run(Plan()), TimeSpan.FromDays(4));

        Assert.Single(Sentences(), sentence => sentence.StartsWith("It was requested for the window ", StringComparison.Ordinal));
        Assert.Single(Sentences(), sentence => sentence.Contains("stand still", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SecondGate_TellsEachConsequenceOnce()
    {
        await RunAsync(Confirm());

        Assert.Single(Sentences(), sentence => sentence.Contains("GroupWritebackV2 is switched off", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(50, new[] { 25, 50, 75, 90 }, new[] { 50, 90 })]
    [InlineData(75, new[] { 25, 75, 90 }, new[] { 75, 90 })]
    [InlineData(90, new[] { 25, 75, 90 }, new[] { 90 })]
    public void RemindersOfAGate_TellTheSecondListAtItsShareAndNearTheEnd(int escalateAtPercent, int[] told, int[] escalated)
    {
        var reminders = Reminders.Gate(escalateAtPercent);

        Assert.Equal(told, reminders.Select(reminder => reminder.Percent));
        Assert.Equal(escalated, reminders.Where(reminder => reminder.Tells == Audience.Escalation).Select(reminder => reminder.Percent));
    }

    [Fact]
    public async Task FirstGate_SpeaksOfStretchesOfTimeAsPeopleDo()
    {
        await _clock.RunAsync(() => ApprovePlanStage.Run(Plan()), TimeSpan.FromDays(4));

        Assert.DoesNotContain([.. _gates[0].Consequences, .. _gates[0].Ends.SelectMany(end => end.Consequences)], text => text.Contains("minutes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Gate_AskedAgainOnOtherEvidence_ShowsTheDifference()
    {
        var asked = new AskedEvidence { Gate = GateName.Switch, Digest = new('b', 64), Parts = [] };
        var context = Confirm(asked: asked).On("CompareEvidence", _ => new EvidenceDifference { Changes = [new() { Part = "cloud", Path = "job", Before = "1", After = "2" }] });

        var outcome = await RunAsync(context);

        Assert.Equal("job", Assert.Single(_gates[0].Changes).Path);
        Assert.Equal(new string('a', 64), outcome.Facts.Asked!.Digest);
    }

    [Theory]
    [InlineData(GateName.Plan, 'b')]
    [InlineData(GateName.Switch, 'a')]
    public async Task Gate_AskedForTheFirstTimeOrOnTheSame_ComparesNothing(GateName gate, char digest)
    {
        var context = Confirm(asked: new() { Gate = gate, Digest = new(digest, 64), Parts = [] });

        await RunAsync(context);

        Assert.Empty(_gates[0].Changes);
        Assert.DoesNotContain("CompareEvidence", context.Calls);
    }

    /// <summary>What is asked at the gate that opened, and what follows from an approval.</summary>
    IEnumerable<string> Sentences() => [.. _gates[0].Consequences, .. _gates[0].Ends[0].Consequences];

    Task<StageOutcome> RunAsync(ScriptedContext context) => _clock.RunAsync(() => ConfirmSwitchStage.Run(context), TimeSpan.FromHours(3));

    ScriptedContext Confirm(MigrationSettings? settings = null, AskedEvidence? asked = null) => Asking(
        ScriptedContext.Input(StageName.ConfirmSwitch, new()
        {
            Ours = ScriptedContext.Document("anchors"),
            FrozenSnapshot = ScriptedContext.Document("snapshot"),
            KnownErrors = ScriptedContext.Document("known-errors"),
            PendingBaseline = ScriptedContext.Document("pending-baseline"),
            StagingSince = Begin.AddHours(-1),
            Job = new() { ApplicationObjectId = Guid.Empty, ServicePrincipalId = Guid.Empty, JobId = "job", ScopeRoleId = Guid.Empty, Created = true },
            Asked = asked,
        }),
        settings ?? new());

    ScriptedContext Plan()
    {
        var world = new GuardedWorld(GuardPhase.BeforeWindow);
        return Scripted(world.Context(Opening(world.Input with { Stage = StageName.ApprovePlan }, new()), _clock)).On<ReadCycle>(_ => new CycleReport { InProgress = false, Runs = [] });
    }

    ScriptedContext Asking(StageInput input, MigrationSettings settings) => Scripted(new(Opening(input, settings), _clock));

    static StageInput Opening(StageInput input, MigrationSettings settings) =>
        input with { Request = input.Request with { Settings = settings, Window = new() { Start = Begin.AddDays(2), End = Begin.AddDays(3) } } };

    ScriptedContext Scripted(ScriptedContext context) =>
        context
            .On<GatherEvidence>(_ => new EvidenceResult { Parts = ["part"] })
            .On("GatherCloudEvidence", _ => new CloudEvidence { Part = "{}", Passed = true, Reasons = [] })
            .On("BindEvidence", _ => new GateEvidence { Digest = new('a', 64), Parts = [], Reasons = [] })
            .On("GatherPlanEvidence", _ => new GateEvidence { Digest = new('a', 64), Parts = [], Reasons = [] })
            .On("TallyGate", tally =>
            {
                _gates.Add(((TallyInput)tally!).Gate);
                return new GateTally { State = GateState.Pending, Approvals = 0, Decisions = ScriptedContext.Document("decisions") };
            });
}
