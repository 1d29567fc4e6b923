using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.Restore;
using GwbCloud.Tests.Functions.Assessment;
using GwbCloud.Tests.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Operations.Restore;

/// <summary>The order in which groups are restored, and what holds when something fails in the middle.</summary>
public sealed class RestoreRunTests
{
    readonly List<string> _deeds = [];
    string[] _servers = ["AADC1", "AADC2"];
    RestoreLot _lot = new() { Snapshot = List("snapshot", 3), Parts = [List("restore-objects", 2), List("restore-objects", 1)], Total = 3 };
    RestoreEnd _end = new() { Restored = 3, Off = List("value-changes", 3), SoftDeleted = 0 };
    bool? _version2 = true;
    Func<bool> _fails = () => false;
    ScriptedContext _context = null!;

    [Fact]
    public async Task Run_RestoresFirst_SwitchesOnAfterwards_AndHoldsTheScheduler()
    {
        var view = await RunAsync(RestoreThen.SwitchOn);

        Assert.Equal((OperationOutcome.Completed, 3, 3), (view.Outcome, view.Written, view.Done));
        Assert.Equal(["scheduler on", "scheduler off", "restore 2", "restore 1", "read back", "switch on 3", "scheduler on"], _deeds);
        Assert.Empty(view.Notices);
    }

    [Fact]
    public async Task Run_ThatLeavesEntra_SaysWhatIsToBeDoneNow()
    {
        var view = await RunAsync(RestoreThen.Nothing);

        Assert.Equal(OperationOutcome.Completed, view.Outcome);
        Assert.Equal("GWB2972", Assert.Single(view.Notices).Code);
        Assert.DoesNotContain(_deeds, deed => deed.StartsWith("switch on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_WithSoftDeletedGroups_SendsPeopleToEntraAfterwards()
    {
        _end = _end with { Off = null, SoftDeleted = 2 };

        var view = await RunAsync(RestoreThen.SwitchOn);

        Assert.Contains("2 restored groups are soft-deleted", Assert.Single(view.Notices).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OfNestedGroups_GoesTwice_SoThatMembersAreThere()
    {
        _lot = _lot with { Nested = true };

        await RunAsync(RestoreThen.Nothing);

        Assert.Equal(["restore 2", "restore 1", "restore 2", "restore 1"], _deeds.Where(deed => deed.StartsWith("restore", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Run_ThatLeavesSomething_IsIncomplete()
    {
        _end = _end with { Restored = 2, Left = List("left", 1), Off = null };

        var view = await RunAsync(RestoreThen.SwitchOn);

        Assert.Equal((OperationOutcome.Incomplete, 2, "GWB2971"), (view.Outcome, view.Written, Assert.Single(view.Notices).Code));
    }

    [Fact]
    public async Task Run_ToldToStop_EndsBetweenTwoParts_AndSwitchesNothingOn()
    {
        _fails = () =>
        {
            _context.Raise(OperationWork.StopEvent, "somebody");
            return false;
        };

        var view = await RunAsync(RestoreThen.SwitchOn);

        Assert.Equal(OperationOutcome.Stopped, view.Outcome);
        Assert.Equal(["scheduler on", "scheduler off", "restore 2", "read back", "scheduler on"], _deeds);
        Assert.Contains(view.Notices, notice => notice.Code == "GWB2972");
    }

    [Fact]
    public async Task Run_WhoseListenerFails_GivesTheSchedulerBack()
    {
        _fails = () => true;

        var view = await RunAsync(RestoreThen.SwitchOn);

        Assert.Equal(OperationOutcome.Failed, view.Outcome);
        Assert.Equal(["scheduler on", "scheduler off", "scheduler on"], _deeds);
    }

    [Fact]
    public async Task Run_UnderADangerThatThePlanDoesNotName_WritesNothing()
    {
        _lot = _lot with { Dangers = ["The delete-on-disable rule is in force on AADC1."] };

        var view = await RunAsync(RestoreThen.Nothing);

        Assert.Equal((OperationOutcome.Failed, "GWB2907"), (view.Outcome, Assert.Single(view.Notices).Code));
        Assert.DoesNotContain(_deeds, deed => deed.StartsWith("restore", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Plan_WhereNobodyCanSayWhatIsWritten_IsRefused(bool silent)
    {
        if (silent) { _servers = []; }
        _version2 = null;

        var view = await OperationOrchestrators.Plan(Context(Request(RestoreThen.Nothing)));

        Assert.Equal((OperationOutcome.NotPlanned, "GWB2970"), (view.Outcome, Assert.Single(view.Notices).Code));
    }

    async Task<OperationView> RunAsync(RestoreThen then)
    {
        var request = Request(then);
        _context = Context(new OperationRun
        {
            Request = request, PlanHash = "h", By = "p", Number = 1,
            Plan = new() { OperationId = request.OperationId, Terms = request.Terms, Draft = new() { Changes = List("value-changes", 3) }, PlannedAt = default, ValidUntil = default },
        });
        return await OperationOrchestrators.Run(_context);
    }

    ScriptedContext Context(object input) => new ScriptedContext(input)
        .On("PublishOperation", _ => null)
        .On("FindMigrationUnderWay", _ => "")
        .On("ListServers", _ => _servers)
        .On("HoldScheduler", found => found).On("ReleaseScheduler", held => held)
        .On("OpenRestore", _ => _lot)
        .On("CloseRestore", _ => Did("read back", _end))
        .On("WriteValues", part => Did($"switch on {((ValuePart)part!).Count}", new PartOutcome { Ours = ((ValuePart)part!).Count }))
        .On("JoinLeft", parts => new LeftWhole { Left = ((LeftParts)parts!).Parts[0] })
        .OnServer<InspectServer>((_, server) => Sight(server))
        .On<SetScheduler>(set => Did($"scheduler {(set.Enabled ? "on" : "off")}", new SchedulerChange { Before = Sight("AADC1").Scheduler, After = Sight("AADC1").Scheduler with { Enabled = set.Enabled } }))
        .On<FindDeletedGroups>(_ => new DeletedGroups { WritebackOu = Facts.Ou, RecycleBinEnabled = true, KeptDays = 180, Groups = List("deleted-groups", 3) })
        .On<InventoryWritebackOu>(_ => new InventoryResult { Groups = List("inventory", 5), Elsewhere = List("anchors-elsewhere", 0) })
        .On<RepairGroups>(repair => _fails() ? throw ScriptedContext.Failure("RepairGroups") : Did($"restore {repair.Objects.Count}", new RepairResult
        {
            AsTheyWere = 0, Repaired = repair.Objects.Count, Incomplete = 0, Refused = 0, Groups = List("repairs", repair.Objects.Count),
        }));

    ServerFacts Sight(string server)
    {
        var facts = Facts.Server(server, staging: server != "AADC1");
        return facts with { Features = facts.Features with { GroupWritebackV2 = _version2 } };
    }

    T Did<T>(string deed, T answer)
    {
        _deeds.Add(deed);
        return answer;
    }

    static OperationRequest Request(RestoreThen then) => new()
    {
        OperationId = "o-20260101-000000-0001", Terms = new RestoreTerms { Then = then }, RequestedBy = "p",
        Settings = new() { PlanValidHours = 24, ValuesAtOnce = 10, ApprovalFromGroups = 50 },
    };

    static DocumentReference List(string kind, int count) => ScriptedContext.Document(kind) with { Count = count };
}
