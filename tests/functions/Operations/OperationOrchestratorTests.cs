using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Tests.Functions.Assessment;
using GwbCloud.Tests.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Operations;

public sealed class OperationOrchestratorTests
{
    static readonly string[] s_servers = ["AADC1"];

    readonly ScriptedClock _clock = new();
    readonly List<OperationView> _shown = [];
    readonly List<ValuePart> _parts = [];

    [Fact]
    public async Task Plan_ReadsServersAndBindsTheHash_AndWritesNothing()
    {
        var context = Context(Request())
            .On("ListServers", _ => s_servers)
            .On<InspectServer>(_ => Facts.Server("AADC1", staging: false))
            .On("PlanNewGroups", _ => new OperationDraft { Changes = ScriptedContext.Document("value-changes") with { Count = 1 }, Undo = "back" })
            .On("BindPlan", plan => OperationActivities.BindPlan((OperationPlan)plan!));

        var view = await OperationOrchestrators.Plan(context);

        Assert.Equal((OperationState.Planned, 64), (view.State, view.PlanHash!.Length));
        Assert.Equal(["ListServers", "InspectServer", "PlanNewGroups", "BindPlan", "PublishOperation"], context.Calls);
    }

    /// <summary>Silence never approves: people are reminded, the second list too, and the plan expires.</summary>
    [Fact]
    public async Task Plan_ThatNobodyDecides_RemindsAndExpires()
    {
        var view = await _clock.RunAsync(() => OperationOrchestrators.Plan(Dangerous(() => null)), TimeSpan.FromHours(24));

        Assert.Equal((OperationState.Ended, OperationOutcome.Expired, TimeSpan.FromHours(24)), (view.State, view.Outcome, _clock.Passed));
        Assert.Equal(["GWB2916", "GWB2916", "GWB2916", "GWB2916", "GWB2917"], view.Notices.Select(notice => notice.Code));
        Assert.Equal(
            [Audience.Concerned, Audience.Escalation, Audience.Concerned, Audience.Escalation, null],
            view.Notices.Select(notice => notice.Tells));
        Assert.Single(_shown, shown => shown.State == OperationState.Ended);
    }

    /// <summary>The view belongs to whoever starts it from then on.</summary>
    [Fact]
    public async Task Plan_ThatIsApproved_WaitsNoLonger_AndShowsNothingMore()
    {
        OperationDecision? decision = null;
        var context = Dangerous(() => decision);
        _clock.At(TimeSpan.FromHours(2), () =>
        {
            decision = Decision(ApprovalDecision.Approve);
            Assert.True(context.Raise(OperationWork.DecisionEvent, "d"));
        });

        var view = await _clock.RunAsync(() => OperationOrchestrators.Plan(context), TimeSpan.FromHours(24));

        Assert.Equal((OperationState.Planned, TimeSpan.FromHours(2)), (view.State, _clock.Passed));
        Assert.Equal(OperationState.Planned, Assert.Single(_shown).State);
    }

    /// <summary>The process ended between the decision and telling of it.</summary>
    [Fact]
    public async Task Plan_WhoseDecisionNobodyTold_FindsItByLooking()
    {
        OperationDecision? decision = null;
        _clock.At(TimeSpan.FromMinutes(90), () => decision = Decision(ApprovalDecision.Deny));

        var view = await _clock.RunAsync(() => OperationOrchestrators.Plan(Dangerous(() => decision)), TimeSpan.FromHours(24));

        Assert.Equal((OperationOutcome.Denied, TimeSpan.FromHours(2)), (view.Outcome, _clock.Passed));
    }

    [Fact]
    public async Task Plan_ThatCannotRead_SaysWhy()
    {
        var context = Context(Request()).On("ListServers", _ => Array.Empty<string>()).On("PlanNewGroups", _ => throw ScriptedContext.Failure("PlanNewGroups"));

        var view = await OperationOrchestrators.Plan(context);

        Assert.Equal(OperationOutcome.NotPlanned, view.Outcome);
        Assert.Single(view.Notices);
    }

    [Fact]
    public async Task Run_GoesPartByPart_AndCountsWhatIsOurs()
    {
        var view = await OperationOrchestrators.Run(Running(25, part => new() { Ours = part.Count }));

        Assert.Equal((OperationOutcome.Completed, 25, 25), (view.Outcome, view.Done, view.Written));
        Assert.Equal([(0, 0, 10), (1, 10, 10), (2, 20, 5)], _parts.Select(part => (part.Part, part.From, part.Count)));
    }

    [Fact]
    public async Task Run_ThatLeavesSomething_IsIncomplete_AndListsIt()
    {
        var view = await OperationOrchestrators.Run(Running(25, part => new() { Ours = part.Count - 1, LeftCount = 1, Left = ScriptedContext.Document("left") }));

        Assert.Equal((OperationOutcome.Incomplete, 22), (view.Outcome, view.Written));
        Assert.NotNull(view.Left);
        Assert.Equal("GWB2901", Assert.Single(view.Notices).Code);
    }

    [Fact]
    public async Task Run_ToldToStop_EndsBetweenTwoParts()
    {
        ScriptedContext context = null!;
        context = Running(25, part =>
        {
            context.Raise(OperationWork.StopEvent, "somebody");
            return new() { Ours = part.Count };
        });

        var view = await OperationOrchestrators.Run(context);

        Assert.Equal((OperationOutcome.Stopped, 10), (view.Outcome, view.Written));
        Assert.Equal("GWB2903", Assert.Single(view.Notices).Code);
    }

    [Fact]
    public async Task Run_WhosePartFails_HasFailed_AndKnowsWhatIsWritten()
    {
        var view = await OperationOrchestrators.Run(Running(25, part => part.Part == 1 ? throw ScriptedContext.Failure("WriteValues") : new() { Ours = part.Count }));

        Assert.Equal((OperationOutcome.Failed, 10), (view.Outcome, view.Written));
    }

    [Fact]
    public async Task Run_BesideAMigrationThatBegan_WritesNothing()
    {
        var view = await OperationOrchestrators.Run(Running(25, _ => new()).On("FindMigrationUnderWay", _ => "m-1"));

        Assert.Equal(("GWB2905", 0), (Assert.Single(view.Notices).Code, _parts.Count));
    }

    [Fact]
    public async Task Undo_GoesBackwards_AndEndsUndone()
    {
        var view = await OperationOrchestrators.Run(Running(25, _ => new(), undo: true, written: 25));

        Assert.Equal([2, 1, 0], _parts.Select(part => part.Part));
        Assert.Equal((OperationOutcome.Undone, 0), (view.Outcome, view.Written));
        Assert.Contains(_shown, shown => shown is { State: OperationState.Undoing, Written: 20, Done: 5 });
    }

    ScriptedContext Running(int values, Func<ValuePart, PartOutcome> outcome, bool undo = false, int written = 0)
    {
        var changes = ScriptedContext.Document("value-changes") with { Count = values };
        var run = new OperationRun
        {
            Request = Request(), PlanHash = "h", By = "p", Undo = undo, Number = 1, Written = written,
            Plan = new() { OperationId = Request().OperationId, Terms = Request().Terms, Draft = new() { Changes = changes, Undo = "back" }, PlannedAt = default, ValidUntil = default },
        };
        return Context(run)
            .On("FindMigrationUnderWay", _ => "")
            .On("JoinLeft", _ => new LeftWhole { Left = ScriptedContext.Document("left") })
            .On(undo ? "RevertValues" : "WriteValues", part =>
            {
                _parts.Add((ValuePart)part!);
                return outcome((ValuePart)part!);
            });
    }

    ScriptedContext Dangerous(Func<OperationDecision?> decision) => Context(Request(), _clock)
        .On("ListServers", _ => Array.Empty<string>())
        .On("PlanNewGroups", _ => new OperationDraft { Changes = ScriptedContext.Document("value-changes") with { Count = 1 }, Dangers = ["It is dangerous."] })
        .On("BindPlan", plan => OperationActivities.BindPlan((OperationPlan)plan!))
        .On("FindDecision", _ => new DecisionAnswer { Decision = decision() });

    static OperationDecision Decision(ApprovalDecision decision) => new() { DecisionId = "d", By = "a", At = default, Decision = decision, PlanHash = "h" };

    ScriptedContext Context(object input, ScriptedClock? clock = null) => new ScriptedContext(input, clock).On("PublishOperation", view =>
    {
        _shown.Add((OperationView)view!);
        return null;
    }).On("AppendAudit", _ => null);

    static OperationRequest Request() => new()
    {
        OperationId = "o-20260101-000000-0001", Terms = new NewGroupsTerms { Writeback = WritebackWish.Off }, RequestedBy = "p",
        Settings = new() { PlanValidHours = 24, ValuesAtOnce = 10, ApprovalFromGroups = 50 },
    };
}
