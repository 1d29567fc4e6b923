using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Orchestration.Stages;

namespace GwbCloud.Tests.Functions.Orchestration;

public sealed class StartCloudSyncTests
{
    readonly List<int> _takenOver = [];
    readonly ScriptedContext _context;
    Action<int> _judging = _ => { };
    Action _assigning = () => { };
    IReadOnlyList<string> _deviations = [];

    public StartCloudSyncTests()
    {
        var job = new CloudSyncJob { ApplicationObjectId = Guid.Empty, ServicePrincipalId = Guid.Empty, JobId = "job", ScopeRoleId = Guid.Empty, Created = true };
        var input = ScriptedContext.Input(StageName.StartCloudSync, new() { Job = job, FrozenSnapshot = ScriptedContext.Document("snapshot"), SwitchedOff = true });
        _context = new ScriptedContext(input);
        _context
            .On("PlanRings", _ => new RingPlan { Rings = [ScriptedContext.Document("ring"), ScriptedContext.Document("ring")] })
            .On("PrepareScopeList", _ => ScriptedContext.Document("scope-list"))
            .On("ReadScope", _ =>
            {
                _assigning();
                return new ScopeFacts { Assigned = 1, Missing = 0, TooEarly = 0, Strangers = 0, Wrong = [] };
            })
            .On("ReadCloudSync", _ => CloudSyncReader.Nothing with { Deviations = _deviations })
            .On("LiftCanaryFilter", _ => CloudSyncReader.Nothing)
            .On("StartJob", _ => Status())
            .On("PauseJob", _ => Status())
            .On("ReadJob", _ => Status())
            .On("ReadProvisioningLog", _ => new ProvisioningLog { Creates = 0, Updates = 1, Deletes = 0, Failures = 0, Errors = [] })
            .On("JudgeDirectory", judging =>
            {
                _takenOver.Add(((JudgeDirectoryInput)judging!).TakenOver.Count);
                _judging(_takenOver.Count);
                return new DirectoryJudgement { Reasons = [], Summary = "all explained", Comparison = ScriptedContext.Document("comparison") };
            })
            .On<CompareWithSnapshot>(_ => new DirectoryComparison
            {
                Compared = 1, Deleted = 0, Renamed = 0, Moved = 0, SidChanged = 0, TypeChanged = 0, Created = 0, AnchorsChanged = 0, MembersLost = 0, MembersGained = 0,
                Examples = [], Differences = ScriptedContext.Document("differences"),
            });
    }

    [Fact]
    public async Task Run_LaterRing_StillKnowsWhatEarlierOnesMayHaveLost()
    {
        var outcome = await StartCloudSyncStage.Run(_context);

        Assert.Equal(StageEnd.Done, outcome.End);
        Assert.Equal([1, 2], _takenOver);
    }

    [Fact]
    public async Task Run_StoppedWhileARingIsJudged_PausesAgainAndTouchesNoOther()
    {
        _judging = _ => Stop();

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

        Assert.Equal(StageEnd.Blocked, outcome.End);
        Assert.DoesNotContain("PrepareScopeList", _context.Calls);
        Assert.DoesNotContain("StartJob", _context.Calls);
    }

    void Stop() => _context.Raise(MigrationEvents.OperatorRequest, new OperatorRequest { Action = OperatorAction.Stop, By = "p" });

    JobStatus Status() => new()
    {
        Code = "Active",
        QuarantineReason = null,
        LastCycleEnded = new DateTimeOffset(_context.CurrentUtcDateTime, TimeSpan.Zero),
        SteadyState = null,
        LastState = null,
    };
}
