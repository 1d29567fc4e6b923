using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.CleanUp;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Tests.Functions.Assessment;
using GwbCloud.Tests.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Operations;

/// <summary>What a clean-up does on servers that answer otherwise than it hopes.</summary>
public sealed class CleanUpRunTests
{
    static readonly string[] s_servers = ["AADC1", "AADC2"];

    readonly HashSet<string> _holds = ["AADC1", "AADC2"];
    readonly HashSet<string> _staging = ["AADC2"];
    readonly List<LeftValue> _left = [];
    bool _scheduler = true;
    bool _sticks;
    bool _breaksOff;
    RuleState _outbound = RuleState.Absent;
    readonly List<bool> _switched = [];
    Func<int> _missing = () => 0;
    IReadOnlyList<string> _pendingDeletes = [];
    string? _deletesOn;
    Func<string, IReadOnlyList<string>> _judged = _ => [];

    [Fact]
    public async Task Standby_WhereNothingShows_StaysWithoutTheRules()
    {
        var view = await RunAsync(CleanUpStep.Standby, "AADC2");

        Assert.Equal((OperationOutcome.Completed, 1), (view.Outcome, view.Written));
        Assert.Equal(["AADC1"], _holds);
    }

    [Fact]
    public async Task Standby_WhereADeleteShows_GetsThemBack_AndNamesIt()
    {
        _judged = _ => _holds.Contains("AADC2") ? [] : ["a pending delete of CN=Sales"];

        var view = await RunAsync(CleanUpStep.Standby, "AADC2");

        Assert.Equal((OperationOutcome.Incomplete, 0, "GWB2980"), (view.Outcome, view.Written, Assert.Single(view.Notices).Code));
        Assert.Contains("CN=Sales", Assert.Single(_left).Why, StringComparison.Ordinal);
        Assert.Contains("AADC2", _holds);
    }

    [Fact]
    public async Task Standby_WithADeleteThatIsPendingAlready_KeepsItsRules()
    {
        _pendingDeletes = ["a pending delete of CN=Sales"];

        var view = await RunAsync(CleanUpStep.Standby, "AADC2");

        Assert.Equal(OperationOutcome.Incomplete, view.Outcome);
        Assert.Equal(["GWB2980", "GWB2981"], view.Notices.Select(notice => notice.Code));
        Assert.Contains("AADC2", _holds);
    }

    [Fact]
    public async Task Standby_ThatExportsByNow_IsNotTouched()
    {
        _staging.Clear();

        var view = await RunAsync(CleanUpStep.Standby, "AADC2");

        Assert.Equal(OperationOutcome.Incomplete, view.Outcome);
        Assert.Contains("AADC2", _holds);
    }

    [Fact]
    public async Task Standby_WhoseRulesDoNotGo_EndsIt()
    {
        _sticks = true;

        var view = await RunAsync(CleanUpStep.Standby, "AADC2");

        Assert.Equal((OperationOutcome.Failed, "GWB2982"), (view.Outcome, Assert.Single(view.Notices).Code));
    }

    [Fact]
    public async Task Active_AfterTheStandbyShowedNothingOnceMore_LosesTheRules()
    {
        _holds.Remove("AADC2");

        var view = await RunAsync(CleanUpStep.Active, "AADC1");

        Assert.Equal((OperationOutcome.Completed, 1), (view.Outcome, view.Written));
        Assert.Empty(_holds);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Active_WhenAStandbyShowsSomethingOrHasTheRulesAgain_KeepsThem(bool shows)
    {
        if (shows) { _holds.Remove("AADC2"); }
        _judged = server => shows && !_holds.Contains(server) ? ["a pending delete of CN=Sales"] : [];

        var view = await RunAsync(CleanUpStep.Active, "AADC1");

        Assert.Equal((OperationOutcome.Incomplete, 0), (view.Outcome, view.Written));
        Assert.Equal(s_servers, _holds.Order());
    }

    [Fact]
    public async Task Active_WhenGroupsMissAfterItsCycle_GetsThemBack()
    {
        _holds.Remove("AADC2");
        _missing = () => 3;

        var view = await RunAsync(CleanUpStep.Active, "AADC1");

        Assert.Equal((OperationOutcome.Incomplete, "GWB2984"), (view.Outcome, Assert.Single(view.Notices).Code));
        Assert.Equal(["AADC1"], _holds);
        Assert.Equal([false], _switched);
    }

    /// <summary>A delete reaches a global catalog late: the first look may find everything still there.</summary>
    [Fact]
    public async Task Active_WhenGroupsMissOnlyAfterReplication_GetsThemBackToo()
    {
        _holds.Remove("AADC2");
        var looks = 0;
        _missing = () => looks++ == 0 ? 0 : 3;

        var view = await RunAsync(CleanUpStep.Active, "AADC1");

        Assert.Equal("GWB2984", Assert.Single(view.Notices).Code);
        Assert.Equal(["AADC1"], _holds);
    }

    /// <summary>An earlier run broke off after the removal: what is pending now the next cycle would delete.</summary>
    [Fact]
    public async Task Active_StartedAgain_WithDeletesPendingAndNoRules_GetsThemBackAtOnce()
    {
        _holds.Clear();
        _pendingDeletes = ["a pending delete of CN=Sales"];
        _deletesOn = "AADC1";

        var view = await RunAsync(CleanUpStep.Active, "AADC1");

        Assert.Equal((OperationOutcome.Incomplete, "GWB2984"), (view.Outcome, Assert.Single(view.Notices).Code));
        Assert.Equal(["AADC1"], _holds);
        Assert.Equal([false], _switched);
    }

    [Fact]
    public async Task Active_ThatCannotBeWatched_GetsThemBack()
    {
        _holds.Remove("AADC2");
        _breaksOff = true;

        var view = await RunAsync(CleanUpStep.Active, "AADC1");

        Assert.Equal(OperationOutcome.Failed, view.Outcome);
        Assert.Equal(["AADC1"], _holds);
    }

    /// <summary>A removal that broke off between the two rules: the half is ours to complete, and nobody else's change.</summary>
    [Fact]
    public async Task Undo_OfAHalfRemoval_PutsTheOtherHalfBack()
    {
        _holds.Remove("AADC2");
        _outbound = RuleState.AsSpecified;

        var view = await RunAsync(CleanUpStep.Standby, "AADC2", undo: true);

        Assert.Equal(OperationOutcome.Undone, view.Outcome);
        Assert.Equal(s_servers, _holds.Order());
    }

    [Fact]
    public async Task Active_WhoseSchedulerIsOff_SaysThatNobodyHasSeenIt()
    {
        _holds.Remove("AADC2");
        _scheduler = false;

        var view = await RunAsync(CleanUpStep.Active, "AADC1");

        Assert.Equal((OperationOutcome.Completed, "GWB2983"), (view.Outcome, Assert.Single(view.Notices).Code));
    }

    [Fact]
    public async Task Undo_PutsThemBack_AndHasAStandbyCalculate()
    {
        _holds.Remove("AADC2");

        var view = await RunAsync(CleanUpStep.Standby, "AADC2", undo: true);

        Assert.Equal((OperationOutcome.Undone, 0), (view.Outcome, view.Written));
        Assert.Equal(s_servers, _holds.Order());
    }

    async Task<OperationView> RunAsync(CleanUpStep step, string target, bool undo = false)
    {
        var request = new OperationRequest
        {
            OperationId = "o-20260101-000000-0001", Terms = new CleanUpTerms { Step = step }, RequestedBy = "p",
            Settings = new() { PlanValidHours = 24, ValuesAtOnce = 10, ApprovalFromGroups = 50 },
        };
        var run = new OperationRun
        {
            Request = request, PlanHash = "h", By = "p", Undo = undo, Number = undo ? 2 : 1, Written = undo ? 1 : 0,
            Plan = new() { OperationId = request.OperationId, Terms = request.Terms, Draft = new() { Changes = ScriptedContext.Document("value-changes") with { Count = 1 }, Undo = "back" }, PlannedAt = default, ValidUntil = default },
        };
        var lot = new CleanUpLot
        {
            Request = ScriptedContext.Input(StageName.Assess, ScriptedContext.Facts).Request,
            WritebackOu = Facts.Ou,
            Groups = ScriptedContext.Document("groups"),
            Kept = new() { Values = [new() { Target = target, Before = RuleWords.Of(ScriptedContext.Rules(RuleState.AsSpecified)), After = RuleWords.None }] },
        };
        var context = new ScriptedContext(run)
            .On("PublishOperation", _ => null)
            .On("FindMigrationUnderWay", _ => "")
            .On("ListServers", _ => s_servers)
            .On("ReadCleanUp", _ => lot)
            .On("KeepBaseline", input => new CycleBaseline { KnownErrors = ScriptedContext.Document("errors"), Pending = ScriptedContext.Document("pending"), Deletes = _deletesOn is null || ((BaselineInput)input!).Pending[0].Server == _deletesOn ? _pendingDeletes : [] })
            .On("JudgeRuns", _ => new Judgement { Reasons = [] })
            .On("JudgePending", input => new Judgement { Reasons = _judged(((JudgePendingInput)input!).Pending.Server) })
            .On("KeepLeft", list =>
            {
                _left.AddRange(((LeftList)list!).Values);
                return new LeftWhole { Left = ScriptedContext.Document("left") with { Count = _left.Count } };
            })
            .OnServer<InspectServer>((_, server) => Sight(server))
            .OnServer<ReadPendingExports>((_, server) => new PendingExports { Server = server, Counts = [], Details = ScriptedContext.Document("pending") })
            .On<SetScheduler>(change =>
            {
                _switched.Add(change.Enabled);
                return new SchedulerChange { Before = Sight("AADC1").Scheduler, After = Sight("AADC1").Scheduler with { Enabled = change.Enabled } };
            })
            .On<ReadCycle>(_ => _breaksOff && !_holds.Contains("AADC1") ? throw ScriptedContext.Failure("ReadCycle") : new CycleReport { InProgress = false, Runs = [new() { RunNumber = 7, Connector = "corp.example", Profile = "Full Import", Result = "success", Errors = [] }] })
            .On<VerifyAnchors>(_ => new AnchorVerification { Expected = 20, Catalogs = [new() { GlobalCatalog = "dc1", Missing = _missing() }], Duplicates = [] })
            .OnServer<RetireCoexistenceRules>((_, server) =>
            {
                if (!_sticks) { _holds.Remove(server); }
                return RulesOf(server);
            })
            .OnServer<AddCoexistenceRules>((_, server) =>
            {
                _holds.Add(server);
                return RulesOf(server);
            })
            .OnSub("RunCycle", input => Task.FromResult<object>(new CycleOutcome { Server = ((CycleInput)input!).Server, Runs = [] }));
        return await OperationOrchestrators.Run(context);
    }

    ServerFacts Sight(string server)
    {
        var facts = Facts.Server(server, _staging.Contains(server));
        return facts with { Coexistence = RulesOf(server), Features = facts.Features with { GroupWritebackV2 = false }, Scheduler = facts.Scheduler with { Enabled = _scheduler } };
    }

    CoexistenceRules RulesOf(string server) =>
        ScriptedContext.Rules(_holds.Contains(server) ? RuleState.AsSpecified : RuleState.Absent) is var rules && rules.Outbound == RuleState.Absent ? rules with { Outbound = _outbound } : rules;
}
