using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.Rules;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Tests.Functions.Assessment;
using GwbCloud.Tests.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Operations;

/// <summary>What is read once more before a rule is written, and what becomes of the scheduler. The whole effect is rehearsed in the lab.</summary>
public sealed class RuleRunTests
{
    static readonly string[] s_servers = ["AADC1", "AADC2"];
    static readonly DeleteRuleTerms s_add = new() { Rule = WritebackWish.On };

    readonly List<(string Server, bool Enabled)> _scheduler = [];
    readonly Dictionary<string, WritebackRuleState> _rules = new() { ["AADC1"] = WritebackRuleState.Absent, ["AADC2"] = WritebackRuleState.Absent };
    ServerFacts _server = Facts.Server("AADC1", staging: false);
    bool _bin = true;
    bool _fails;
    int _more;

    [Fact]
    public async Task Run_HoldsTheSchedulerOfTheServerThatExports_AndSetsEveryServer()
    {
        var view = await OperationOrchestrators.Run(Running(s_add));

        Assert.Equal((OperationOutcome.Completed, 2), (view.Outcome, view.Written));
        Assert.Equal([("AADC1", true), ("AADC1", false), ("AADC1", true)], _scheduler);
        Assert.All(_rules.Values, state => Assert.Equal(WritebackRuleState.On, state));
    }

    public static TheoryData<string, Action<RuleRunTests>> Changed { get; } = new()
    {
        { "GWB2906", run => run.Flag(false) },
        { "GWB2906", run => run.Flag(null) },
        { "GWB2907", run => run._more = 3 },
        { "GWB2908", run => run._bin = false },
    };

    /// <summary>Approved was what people had read: what would be deleted beyond it, for ever, or all, is refused at the start too.</summary>
    [Theory]
    [MemberData(nameof(Changed), DisableDiscoveryEnumeration = true)]
    public async Task Run_WhereThingsAreNotAsPlanned_WritesNothing(string code, Action<RuleRunTests> change)
    {
        change(this);

        var view = await OperationOrchestrators.Run(Running(s_add));

        Assert.Equal((OperationOutcome.Failed, code), (view.Outcome, Assert.Single(view.Notices).Code));
        Assert.Empty(_scheduler);
        Assert.All(_rules.Values, state => Assert.Equal(WritebackRuleState.Absent, state));
    }

    [Fact]
    public async Task Plan_WithoutTheRecycleBin_IsRefused()
    {
        _bin = false;

        var view = await OperationOrchestrators.Plan(Running(s_add, plan: true));

        Assert.Equal((OperationOutcome.NotPlanned, "GWB2908"), (view.Outcome, Assert.Single(view.Notices).Code));
    }

    [Fact]
    public async Task Run_OnAServerThatFails_GivesTheSchedulerBack()
    {
        _fails = true;

        var view = await OperationOrchestrators.Run(Running(s_add));

        Assert.Equal(OperationOutcome.Failed, view.Outcome);
        Assert.Equal(("AADC1", true), _scheduler[^1]);
    }

    /// <summary>An open wizard holds what the rule editor would write.</summary>
    [Fact]
    public async Task Run_WhileAWizardIsOpen_WritesNoRule_AndGivesTheSchedulerBack()
    {
        _server = _server with { Scheduler = _server.Scheduler with { Suspended = true } };

        var view = await OperationOrchestrators.Run(Running(s_add));

        Assert.Equal((OperationOutcome.Failed, "GWB2913"), (view.Outcome, Assert.Single(view.Notices).Code));
        Assert.Equal(("AADC1", true), _scheduler[^1]);
        Assert.All(_rules.Values, state => Assert.Equal(WritebackRuleState.Absent, state));
    }

    [Fact]
    public async Task Run_StoppedWhileACycleRuns_EndsWithTheSchedulerAsItWas()
    {
        _server = _server with { Scheduler = _server.Scheduler with { CycleInProgress = true } };
        ScriptedContext context = null!;
        context = Running(s_add).On("HoldScheduler", found =>
        {
            context.Raise(OperationWork.StopEvent, "somebody");
            return found;
        });

        var view = await OperationOrchestrators.Run(context);

        Assert.Equal(OperationOutcome.Stopped, view.Outcome);
        Assert.Equal(("AADC1", true), _scheduler[^1]);
    }

    void Flag(bool? reads) => _server = _server with { Features = _server.Features with { GroupWritebackV2 = reads } };

    ScriptedContext Running(DeleteRuleTerms terms, bool plan = false)
    {
        var request = new OperationRequest
        {
            OperationId = "o-20260101-000000-0001", Terms = terms, RequestedBy = "p", Settings = new() { PlanValidHours = 24, ValuesAtOnce = 10, ApprovalFromGroups = 50 },
        };
        ValueChange[] changes = [.. s_servers.Select(server => new ValueChange { Target = server, Before = "absent", After = "on" })];
        var run = new OperationRun
        {
            Request = request, PlanHash = "h", By = "p", Number = 1,
            Plan = new() { OperationId = request.OperationId, Terms = terms, Draft = new() { Changes = ScriptedContext.Document("value-changes") with { Count = 2 }, Undo = "back" }, PlannedAt = default, ValidUntil = default },
        };
        return new ScriptedContext(plan ? request : run)
            .On("PublishOperation", _ => null)
            .On("FindMigrationUnderWay", _ => "")
            .On("ListServers", _ => s_servers)
            .On("HoldScheduler", found => found)
            .On("ReleaseScheduler", held => held)
            .On("LoadRuleChanges", _ => new RuleChanges { Changes = changes })
            .On("FindMoreAffected", _ => new MoreAffected { Count = _more, Example = "CN=Sales" })
            .On("KeepRuleValue", keep => ValueJudge.Keep(((RuleKeep)keep!).Changes, ((RuleKeep)keep).Now))
            .On<InspectForest>(_ => new Facts().Forest with { RecycleBinEnabled = _bin })
            .On<InventoryWritebackOu>(_ => new InventoryResult { Groups = ScriptedContext.Document("groups"), Elsewhere = ScriptedContext.Document("holders") })
            .OnServer<InspectServer>((_, server) => _server with { Server = server, Staging = server == "AADC2" })
            .OnServer<ReadWritebackRules>((_, server) => RulesOf(server))
            .OnServer<SetWritebackRule>((set, server) =>
            {
                if (_fails) { throw ScriptedContext.Failure("SetWritebackRule"); }
                _rules[server] = set.State;
                return RulesOf(server);
            })
            .OnServer<SetScheduler>((change, server) =>
            {
                _scheduler.Add((server, change.Enabled));
                return new SchedulerChange { Before = _server.Scheduler, After = _server.Scheduler with { Enabled = change.Enabled } };
            });
    }

    WritebackRules RulesOf(string server) => new() { MemberLimit = WritebackRuleState.On, DeleteOnDisable = _rules[server] };
}
