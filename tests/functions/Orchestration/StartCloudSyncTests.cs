using GwbCloud.Contracts.Commands;
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

    public StartCloudSyncTests()
    {
        var job = new CloudSyncJob { ApplicationObjectId = Guid.Empty, ServicePrincipalId = Guid.Empty, JobId = "job", ScopeRoleId = Guid.Empty, Created = true };
        _input = ScriptedContext.Input(StageName.StartCloudSync, new() { Job = job, FrozenSnapshot = ScriptedContext.Document("snapshot"), SwitchedOff = true });
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

        string[] proof = ["PauseJob", "ReadCloudSync", "PrepareScopeList", "ReadScope", "ReadCloudSync", "StartJob", "ReadJob", "CompareWithSnapshot", "JudgeDirectory", "RunCycle",
            "CompareWithSnapshot", "JudgeDirectory", "ReadJob", "CompareWithSnapshot", "JudgeDirectory", "ReadJob", "ReadProvisioningLog", "ReadScope"];
        Assert.Equal(proof, _context.Calls.Skip(_context.Calls.LastIndexOf("PauseJob")));
        Assert.Equal([false, false, true, false, false, true], _judged.Select(j => j.Earlier is not null));
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
            "directory" => judgement with { Reasons = ["renamed: CN=Sales"] },
            "alternating" => judgement with { Alternating = ["2 members of CN=Sales went and came"] },
            _ => judgement,
        };
        _log = what == "log" ? ["the provisioning log shows 1 creates: Sales"] : [];

        var outcome = await StartCloudSyncStage.Run(_context);

        Assert.Equal((StageEnd.Blocked, code), (outcome.End, outcome.View.Notices[^1].Code));
        Assert.Equal("PauseJob", _context.Calls[^1]);
        Assert.Single(_context.Calls, "StartJob");
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
    public async Task Run_AgentsLostTheirRightsOnAGroup_AssignsNothing()
    {
        _unwritable = ["CN=Sales,OU=GroupWriteback,DC=contoso,DC=example"];

        var outcome = await StartCloudSyncStage.Run(_context);

        Assert.Equal((StageEnd.Blocked, "GWB2789"), (outcome.End, outcome.View.Notices[^1].Code));
        Assert.DoesNotContain("ReadScope", _context.Calls);
    }

    [Fact]
    public async Task Run_JudgementThatFails_PausesTheJob()
    {
        _context.On("ReadProvisioningLog", _ => throw ScriptedContext.Failure("ReadProvisioningLog"));

        var outcome = await StartCloudSyncStage.Run(_context);

        Assert.Equal(StageEnd.Blocked, outcome.End);
        Assert.Equal("PauseJob", _context.Calls[^1]);
    }

    void Stop() => _context.Raise(MigrationEvents.OperatorRequest, new OperatorRequest { Action = OperatorAction.Stop, By = "p" });

    void Script(ScriptedContext context) => context
        .On("PlanRings", _ => new RingPlan { Rings = [ScriptedContext.Document("ring"), ScriptedContext.Document("ring")] })
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
        .On("ReadProvisioningLog", _ => new ProvisioningLog { Creates = 0, Updates = 1, Deletes = 0, Failures = 0, Errors = [], Reasons = _log })
        .On("JudgeDirectory", judging =>
        {
            _judged.Add((JudgeDirectoryInput)judging!);
            _judging();
            return _directory(new() { Reasons = [], Summary = "all explained", Comparison = ScriptedContext.Document("comparison") });
        })
        .On<CompareWithSnapshot>(_ => new DirectoryComparison
        {
            Compared = 1, Deleted = 0, Renamed = 0, Moved = 0, SidChanged = 0, TypeChanged = 0, Created = 0, AnchorsChanged = 0, MembersLost = 0, MembersGained = 0,
            Examples = [], Differences = ScriptedContext.Document("differences"),
        })
        .OnSub("RunCycle", _ => Task.FromResult<object>(new CycleOutcome { Server = "AADC1", Runs = [] }));

    JobStatus Status()
    {
        var now = new DateTimeOffset(_clock.CurrentUtcDateTime, TimeSpan.Zero);
        return new() { Code = "Active", QuarantineReason = null, LastCycleEnded = now, SteadyState = now, LastState = null };
    }
}
