using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Orchestration.Stages;

namespace GwbCloud.Tests.Functions.Orchestration;

public sealed class StartCloudSyncTests
{
    static readonly ScopeFacts Scope = new() { Assigned = 1, Missing = 0, TooEarly = 0, Strangers = 0, Wrong = [] };

    readonly List<JudgeDirectoryInput> _judged = [];
    readonly List<ScopeInput> _scopes = [];
    readonly StageInput _input;
    readonly ScriptedContext _context;
    ScriptedContext _clock;
    Func<JobStatus, JobStatus> _status = status => status;
    Func<DirectoryJudgement, DirectoryJudgement> _directory = judgement => judgement;
    Func<ScopeFacts, ScopeFacts> _scope = facts => facts;
    IReadOnlyList<string> _log = [];
    Action _judging = () => { };
    Action _assigning = () => { };
    IReadOnlyList<string> _deviations = [];
    IReadOnlyList<string> _unwritable = [];
    IReadOnlyList<ReviewItem> _connect = [];
    IReadOnlyList<ReviewItem> _before = [];
    int _steps = 5;
    int _rings = 2;
    int _logged = 1;
    bool _scheduler = true;

    public StartCloudSyncTests()
    {
        var job = new CloudSyncJob { ApplicationObjectId = Guid.Empty, ServicePrincipalId = Guid.Empty, JobId = "job", ScopeRoleId = Guid.Empty, Created = true };
        _input = ScriptedContext.Input(StageName.StartCloudSync, new() { Job = job, FrozenSnapshot = ScriptedContext.Document("snapshot"), SwitchedOff = true, SchedulerBefore = true });
        _clock = _context = new ScriptedContext(_input);
        Script(_context);
    }

    [Fact]
    public async Task Run_LaterRing_StillKnowsWhatEarlierOnesMayHaveLost()
    {
        var outcome = await StartCloudSyncStage.Run(_context);

        Assert.Equal(StageEnd.Done, outcome.End);
        Assert.Equal([1, 1, 1, 2, 2, 2], _judged.Select(j => j.TakenOver.Count));
        Assert.Equal(2, outcome.Facts.RingsProved);
    }

    [Fact]
    public async Task Run_EachRing_IsReadAfterAConnectCycleAndAgainAfterACloudSyncCycle()
    {
        await StartCloudSyncStage.Run(_context);

        string[] proof = ["PauseJob", "ReadCloudSync", "CompareWithSnapshot", "JudgeDirectory", "PrepareScopeList", "ReadScope", "ReadCloudSync", "CompareWithSnapshot", "JudgeDirectory",
            "SetScheduler", "InspectServer", "StartJob", "ReadJob", "CompareWithSnapshot",
            "JudgeDirectory", "RunEntraOnly", "ReadPendingExports", "PickConnectWrites", "SnapshotGroups", "JudgeConnectWrites", "RunCycle", "CompareWithSnapshot",
            "JudgeDirectory", "ReadJob", "CompareWithSnapshot", "JudgeDirectory", "ReadJob", "ReadProvisioningLog", "ReadScope", "SetScheduler"];
        Assert.Equal(proof, _context.Calls.Skip(_context.Calls.LastIndexOf("PauseJob")));
        Assert.Equal([false, false, true, false, false, true], _judged.Select(j => j.Earlier is not null));
    }

    [Fact]
    public async Task Run_RingsAfterTheSecond_LeaveTheSchedulerAlone()
    {
        _rings = 4;

        await StartCloudSyncStage.Run(_context);

        Assert.Equal(2, _context.Calls.Count(c => c == "RunEntraOnly"));
        Assert.Equal(4, _context.Calls.Count(c => c == "SetScheduler"));
        Assert.True(_scheduler);
    }

    [Fact]
    public async Task Run_ConnectWouldWrite_StopsBeforeItsCycleAndKeepsTheSchedulerOff()
    {
        _connect = [ReviewItem.Of("connectWrites", "3 members would go")];

        var outcome = await StartCloudSyncStage.Run(_context);

        Assert.Equal((StageEnd.Blocked, "GWB2860", false), (outcome.End, outcome.View.Notices[^1].Code, _scheduler));
        Assert.DoesNotContain("RunCycle", _context.Calls);
        Assert.True(outcome.Facts.SchedulerHeld);
        Assert.NotNull(outcome.View.Review);
    }

    [Fact]
    public async Task Run_ConnectNotReadToTheEnd_IsNotTakenForHarmless()
    {
        _steps = 4;

        var outcome = await StartCloudSyncStage.Run(_context);

        Assert.Equal((StageEnd.Blocked, "GWB2860", false), (outcome.End, outcome.View.Notices[^1].Code, _scheduler));
        Assert.DoesNotContain("RunCycle", _context.Calls);
    }

    [Fact]
    public async Task Run_RingThatCloudSyncSpoils_GivesTheSchedulerBack()
    {
        _directory = judgement => judgement with { Found = [ReviewItem.Of("renamed", "renamed: CN=Sales", Guid.NewGuid())] };

        var outcome = await StartCloudSyncStage.Run(_context);

        Assert.Equal(("GWB2780", true, false), (outcome.View.Notices[^1].Code, _scheduler, outcome.Facts.SchedulerHeld));
        Assert.NotNull(outcome.View.Review);
    }

    [Theory]
    [InlineData("escrow")]
    [InlineData("log")]
    [InlineData("logGap")]
    public async Task Run_WhatSomebodyAccepted_IsNotFoundAgain(string what)
    {
        _rings = 1;
        List<ReviewItem> kept = [];
        _status = status => status with { Escrowed = what == "escrow" && _context.Calls.Contains("RunEntraOnly") ? 4 : 0, Exported = what == "logGap" ? 7 : 0 };
        _log = what == "log" ? ["the provisioning log shows 1 failures: Sales"] : [];
        _logged = what == "logGap" ? 0 : 1;
        _context.On("KeepReview", found =>
        {
            kept.AddRange(((ReviewBox)found!).Items);
            return new DocumentBox { Document = ScriptedContext.Document("review") };
        });

        var first = await StartCloudSyncStage.Run(_context);
        var again = new ScriptedContext(_input with { Facts = first.Facts with { Accepted = [.. kept.Select(item => item.Name)] } });
        Script(_clock = again);
        var second = await StartCloudSyncStage.Run(again);

        Assert.Equal((StageEnd.Blocked, what), (first.End, Assert.Single(kept).Kind));
        Assert.Equal(StageEnd.Done, second.End);
    }

    [Fact]
    public async Task Run_FirstRing_IsReadBackBeforeTheFilterIsLiftedAndTheJobStarts()
    {
        await StartCloudSyncStage.Run(_context);

        var order = _context.Calls.Where(c => c is "ReadScope" or "LiftCanaryFilter" or "StartJob").Take(3);
        Assert.Equal(["ReadScope", "LiftCanaryFilter", "StartJob"], order);
        Assert.Equal([true, false], _scopes.GroupBy(s => s.Ring).Select(ring => ring.First().Untouched));
    }

    [Fact]
    public async Task Run_RingWhoseGroupsAreAllGoneInEntra_IsLeftOut()
    {
        var gone = Document.OfList("ring", (int[])[1]).Reference;
        var other = Document.OfList("ring", (int[])[2]).Reference;
        _context
            .On("PlanRings", _ => new RingPlan { Rings = [gone, other] })
            .On("FindOrphans", _ => new OrphansFound { Left = [ScriptedContext.Document("ring"), other], Gone = gone })
            .On("NameOrphans", _ => new OrphanNames { Orphans = [new() { CloudId = Guid.NewGuid(), DistinguishedName = "CN=Sales" }] });

        var outcome = await StartCloudSyncStage.Run(_context);

        Assert.Equal((StageEnd.Done, 2), (outcome.End, outcome.Facts.RingsProved));
        Assert.Equal([2], _scopes.Select(s => s.Ring).Distinct());
        Assert.Contains(outcome.View.Notices, n => n.Code == "GWB2844");
    }

    [Fact]
    public async Task Run_TriedAgain_GoesOnBehindTheRingsThatWereProved()
    {
        var context = new ScriptedContext(_input with { Facts = _input.Facts with { RingsProved = 1 } });
        Script(_clock = context);

        var outcome = await StartCloudSyncStage.Run(context);

        Assert.Equal((StageEnd.Done, 2), (outcome.End, outcome.Facts.RingsProved));
        Assert.Equal([2], _scopes.Select(s => s.Ring).Distinct());
    }

    [Fact]
    public async Task Run_TriedAgainWhileARingsGroupIsStillInEscrow_DoesNotTakeItForOld()
    {
        _status = status => status with { Escrowed = 1 };
        var context = new ScriptedContext(_input with { Facts = _input.Facts with { EscrowedBefore = 0 } });
        Script(_clock = context);

        var outcome = await StartCloudSyncStage.Run(context);

        Assert.Equal((StageEnd.Blocked, "GWB2786"), (outcome.End, outcome.View.Notices[^1].Code));
    }

    [Fact]
    public async Task Run_StrangerInScopeBeforeTheFirstRing_NeverStartsTheJob()
    {
        _scope = facts => facts with { Strangers = 1, Wrong = ["Sales"] };

        var outcome = await StartCloudSyncStage.Run(_context);

        Assert.Equal((StageEnd.Blocked, "GWB2782"), (outcome.End, outcome.View.Notices[^1].Code));
        Assert.DoesNotContain("StartJob", _context.Calls);
        Assert.DoesNotContain("LiftCanaryFilter", _context.Calls);
    }

    [Fact]
    public async Task Run_GroupsThatCameTooEarly_AreJudgedWithTheRing()
    {
        _scope = facts => facts with { TooEarly = 1, Joined = ScriptedContext.Document("ring"), Wrong = ["Sales"] };

        await StartCloudSyncStage.Run(_context);

        Assert.Equal([2, 2, 2, 3, 3, 3], _judged.Select(j => j.TakenOver.Count));
    }

    public static TheoryData<string, string> Failing { get; } = new()
    {
        { "directory", "GWB2780" }, { "quarantine", "GWB2781" }, { "failures", "GWB2781" }, { "cycle", "GWB2784" }, { "steady", "GWB2784" },
        { "alternating", "GWB2785" }, { "escrow", "GWB2786" }, { "log", "GWB2787" },
    };

    [Theory]
    [MemberData(nameof(Failing))]
    public async Task Run_WhatDoesNotHold_PausesTheJobInItsRingWithItsCode(string what, string code)
    {
        var started = false;
        _context.On("StartJob", _ => { started = true; return Status(); });
        _status = status => (what, started) switch
        {
            ("quarantine", true) => status with { QuarantineReason = "TooManyDeletes" },
            ("failures", true) => status with { CompleteFailures = 3 },
            ("cycle", true) => status with { LastCycleEnded = null },
            ("steady", true) => status with { SteadyState = null },
            ("escrow", true) => status with { Escrowed = 3 },
            _ => status with { Escrowed = 2 },
        };
        _directory = judgement => what switch
        {
            "directory" => judgement with { Found = [ReviewItem.Of("renamed", "renamed: CN=Sales")] },
            "alternating" => judgement with { Alternating = [ReviewItem.Of("alternating", "2 members of CN=Sales went and came")] },
            _ => judgement,
        };
        _log = what == "log" ? ["the provisioning log shows 1 creates: Sales"] : [];

        var outcome = await StartCloudSyncStage.Run(_context);

        Assert.Equal((StageEnd.Blocked, code), (outcome.End, outcome.View.Notices[^1].Code));
        Assert.Equal("PauseJob", _context.Calls[^1]);
        Assert.Single(_context.Calls, "StartJob");
        Assert.True(_scheduler);
        Assert.Equal(0, outcome.Facts.RingsProved);
    }

    [Fact]
    public async Task Run_StoppedWhileARingIsJudged_PausesAgainAndTouchesNoOther()
    {
        _judging = Stop;

        var outcome = await StartCloudSyncStage.Run(_context);

        Assert.Equal(StageEnd.Blocked, outcome.End);
        Assert.Single(_context.Calls, "StartJob");
        Assert.Equal("PauseJob", _context.Calls[^1]);
    }

    [Fact]
    public async Task Run_StoppedWhileARingIsAssigned_NeverStartsTheJob()
    {
        _assigning = Stop;

        await StartCloudSyncStage.Run(_context);

        Assert.DoesNotContain("StartJob", _context.Calls);
        Assert.Equal("PauseJob", _context.Calls[^1]);
    }

    [Fact]
    public async Task Run_JobDeviatesBeforeARing_AssignsNothing()
    {
        _deviations = ["GWB4212: values are gone"];

        var outcome = await StartCloudSyncStage.Run(_context);

        Assert.Equal((StageEnd.Blocked, "GWB2710"), (outcome.End, outcome.View.Notices[^1].Code));
        Assert.DoesNotContain("ReadScope", _context.Calls);
        Assert.DoesNotContain("StartJob", _context.Calls);
    }

    [Fact]
    public async Task Run_JobDeviatesWhenARingIsAssigned_NeverStartsTheJob()
    {
        _assigning = () => _deviations = ["GWB4206: all security groups"];

        var outcome = await StartCloudSyncStage.Run(_context);

        Assert.Equal((StageEnd.Blocked, "GWB2710"), (outcome.End, outcome.View.Notices[^1].Code));
        Assert.DoesNotContain("LiftCanaryFilter", _context.Calls);
        Assert.DoesNotContain("StartJob", _context.Calls);
    }

    [Fact]
    public async Task Run_GroupGoneBeforeItsRing_AssignsNothingAndNeverStartsTheJob()
    {
        _before = [ReviewItem.Of("deleted", "deleted: CN=Sales", Guid.NewGuid())];

        var outcome = await StartCloudSyncStage.Run(_context);

        Assert.Equal((StageEnd.Blocked, "GWB2867"), (outcome.End, outcome.View.Notices[^1].Code));
        Assert.DoesNotContain("ReadScope", _context.Calls);
        Assert.DoesNotContain("StartJob", _context.Calls);
        Assert.NotNull(outcome.View.Review);
    }

    [Fact]
    public async Task Run_GroupGoneWhileItsRingIsAssigned_NeverStartsTheJob()
    {
        _assigning = () => _before = [ReviewItem.Of("deleted", "deleted: CN=Sales", Guid.NewGuid())];

        var outcome = await StartCloudSyncStage.Run(_context);

        Assert.Equal((StageEnd.Blocked, "GWB2867"), (outcome.End, outcome.View.Notices[^1].Code));
        Assert.DoesNotContain("LiftCanaryFilter", _context.Calls);
        Assert.DoesNotContain("StartJob", _context.Calls);
    }

    [Fact]
    public async Task Run_AgentsLostTheirRightsOnAGroup_AssignsNothing()
    {
        _unwritable = ["CN=Sales,OU=GroupWriteback,DC=contoso,DC=example"];

        var outcome = await StartCloudSyncStage.Run(_context);

        Assert.Equal((StageEnd.Blocked, "GWB2789"), (outcome.End, outcome.View.Notices[^1].Code));
        Assert.DoesNotContain("ReadScope", _context.Calls);
    }

    /// <summary>Its proof started the job: whoever comes next must not start it again behind somebody who paused it since.</summary>
    [Fact]
    public async Task Run_JobThatAStopPaused_IsNotOursToTakeUpOnceItsRingIsProved()
    {
        _clock = _context.With(_input with { Facts = _input.Facts with { JobStopped = true } });

        var outcome = await StartCloudSyncStage.Run(_clock);

        Assert.Equal((StageEnd.Done, false), (outcome.End, outcome.Facts.JobStopped));
    }

    [Fact]
    public async Task Run_JudgementThatFails_PausesTheJob()
    {
        _context.On("ReadProvisioningLog", _ => throw ScriptedContext.Failure("ReadProvisioningLog"));

        var outcome = await StartCloudSyncStage.Run(_context);

        Assert.Equal(StageEnd.Blocked, outcome.End);
        Assert.Equal("PauseJob", _context.Calls[^1]);
    }

    void Stop() => _context.Raise(MigrationEvents.Stop, new OperatorRequest { Action = OperatorAction.Stop, By = "p" });

    void Script(ScriptedContext context) => context
        .On("PlanRings", _ => new RingPlan { Rings = [.. Enumerable.Repeat(ScriptedContext.Document("ring"), _rings)] })
        .On<InventoryWritebackOu>(_ => new InventoryResult { Groups = ScriptedContext.Document("inventory"), Elsewhere = ScriptedContext.Document("elsewhere") })
        .On("FindUnwritable", _ => new StringList { Kind = "unwritable", Strings = _unwritable })
        .On("ReadCloudSync", _ => CloudSyncReader.Nothing with { CanariesOnly = !_context.Calls.Contains("LiftCanaryFilter"), Deviations = _deviations })
        .On("PrepareScopeList", _ => ScriptedContext.Document("scope-list"))
        .On("ReadScope", scope =>
        {
            _scopes.Add((ScopeInput)scope!);
            _assigning();
            return _scope(Scope);
        })
        .On("LiftCanaryFilter", _ => CloudSyncReader.Nothing)
        .On("StartJob", _ => Status())
        .On("PauseJob", _ => Status())
        .On("ReadJob", _ => _status(Status()))
        .On("ReadProvisioningLog", _ => new ProvisioningLog { Creates = 0, Updates = _logged, Deletes = 0, Failures = 0, Errors = [], Reasons = _log })
        .On("JudgeDirectory", judging =>
        {
            var input = (JudgeDirectoryInput)judging!;
            if (input.Starting is not null) { return new DirectoryJudgement { Found = _before, Summary = "as frozen", Comparison = ScriptedContext.Document("comparison") }; }
            _judged.Add(input);
            _judging();
            return _directory(new() { Found = [], Summary = "all explained", Comparison = ScriptedContext.Document("comparison") });
        })
        .On<CompareWithSnapshot>(_ => new DirectoryComparison
        {
            Compared = 1, Deleted = 0, Renamed = 0, Moved = 0, SidChanged = 0, TypeChanged = 0, Created = 0, AnchorsChanged = 0, MembersLost = 0, MembersGained = 0,
            Examples = [], Differences = ScriptedContext.Document("differences"),
        })
        .On("KeepReview", _ => new DocumentBox { Document = ScriptedContext.Document("review") })
        .On("PickConnectWrites", _ => new ConnectWrites { Groups = ScriptedContext.Document("groups"), Exports = Document.OfList("exports", (int[])[1]).Reference })
        .On("JudgeConnectWrites", _ => new ConnectJudgement { Found = _connect })
        .On<SetScheduler>(set =>
        {
            _scheduler = set.Enabled;
            var facts = ScriptedContext.Server(false).Scheduler with { Enabled = set.Enabled };
            return new SchedulerChange { Before = facts, After = facts };
        })
        .On<InspectServer>(_ => ScriptedContext.Server(false))
        .On<RunEntraOnly>(_ => new EntraOnlyReport { Steps = [.. Enum.GetValues<EntraOnlyStep>().Take(_steps)], Runs = [] })
        .On<ReadPendingExports>(_ => new PendingExports { Server = "AADC1", Counts = [], Details = ScriptedContext.Document("pending") })
        .On<SnapshotGroups>(_ => new SnapshotResult { Snapshot = ScriptedContext.Document("snapshot"), Missing = 0 })
        .OnSub("RunCycle", _ => Task.FromResult<object>(new CycleOutcome { Server = "AADC1", Runs = [] }));

    JobStatus Status()
    {
        var now = new DateTimeOffset(_clock.CurrentUtcDateTime, TimeSpan.Zero);
        return new() { Code = "Active", QuarantineReason = null, LastCycleEnded = now, SteadyState = now, LastState = null };
    }
}
