using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Orchestration.Stages;

namespace GwbCloud.Tests.Functions.Orchestration;

/// <summary>The stages that wait for Cloud Sync and for tasks about it: one thing never happens, and the stage ends at the bound of that wait.</summary>
public sealed class CloudSyncBoundsTests
{
    static readonly TimeSpan LastLook = TimeSpan.FromMinutes(20);
    static readonly Guid User = new("bbbbbbbb-0000-4000-8000-000000000001");
    static readonly Canaries Canaries = new() { New = new(1, 0, 0, new byte[8]), Match = new(2, 0, 0, new byte[8]), Unassigned = new(3, 0, 0, new byte[8]) };
    static readonly CloudSyncJob Job = new() { ApplicationObjectId = Guid.Empty, ServicePrincipalId = Guid.Empty, JobId = "job", ScopeRoleId = Guid.Empty, Created = true };

    readonly ScriptedClock _clock = new();
    readonly HashSet<string> _said = [];

    [Theory]
    [InlineData("the portal is corrected", "GWB2712", 24)]
    [InlineData("the canaries are assigned", "GWB2712", 24)]
    [InlineData("the members switch is reported", "GWB2712", 24)]
    [InlineData("the catalogs show the anchor", "GWB2722", 24)]
    [InlineData("a cycle ends", "GWB2781", 6)]
    [InlineData("the new canary appears", "GWB2711", 2)]
    [InlineData("members are written", "GWB2711", 0)]
    public async Task PrepareCloudSync_OneThingNeverHappens_BlocksInTime(string never, string code, int hours)
    {
        var context = Preparing(never);

        var outcome = await _clock.RunAsync(() => PrepareCloudSyncStage.Run(context), TimeSpan.FromHours(hours) + LastLook);

        Assert.Equal((StageEnd.Blocked, code), (outcome.End, outcome.View.Notices[^1].Code));
        Assert.InRange(_clock.Passed, TimeSpan.FromHours(hours), TimeSpan.FromHours(hours) + LastLook);
    }

    [Theory]
    [InlineData("the ring is assigned", "GWB2712", 24 * 60)]
    [InlineData("the app has assigned all", "GWB2783", 15)]
    [InlineData("the app's assignments read back", "GWB2783", 14)]
    [InlineData("the server rests", "GWB2704", 4 * 60)]
    [InlineData("the job is steady", "GWB2784", 24 * 60)]
    [InlineData("a further cycle ends", "GWB2781", 6 * 60)]
    public async Task StartCloudSync_OneThingNeverHappens_BlocksInTimeAndPausesTheJob(string never, string code, int minutes)
    {
        var context = Starting(never);

        var outcome = await _clock.RunAsync(() => StartCloudSyncStage.Run(context), TimeSpan.FromMinutes(minutes) + LastLook);

        Assert.Equal((StageEnd.Blocked, code), (outcome.End, outcome.View.Notices[^1].Code));
        Assert.InRange(_clock.Passed, TimeSpan.FromMinutes(minutes), TimeSpan.FromMinutes(minutes) + LastLook);
        Assert.Equal("PauseJob", context.Calls.Last(call => call is "PauseJob" or "StartJob"));
    }

    [Theory]
    [InlineData("nothing is missing", null, 24)]
    [InlineData("a group is verified", "GWB2788", 24)]
    [InlineData("a cycle ends while a group is not verified", "GWB2781", 24 + 6)]
    [InlineData("the threshold is raised", "GWB2712", 24 + 24)]
    [InlineData("the canaries are unassigned", "GWB2712", 24 + 24)]
    [InlineData("a last cycle ends", "GWB2781", 24 + 6)]
    public async Task VerifyMigration_OneThingNeverHappens_BlocksInTimeBehindTheSoak(string never, string? code, int hours)
    {
        var context = Verifying(never);

        var outcome = await _clock.RunAsync(() => VerifyMigrationStage.Run(context), TimeSpan.FromHours(hours) + LastLook);

        Assert.Equal((code is null ? StageEnd.Done : StageEnd.Blocked, code), (outcome.End, outcome.View.Notices is [.., var last] ? last.Code : null));
        Assert.InRange(_clock.Passed, TimeSpan.FromHours(hours), TimeSpan.FromHours(hours) + LastLook);
    }

    ScriptedContext Preparing(string never)
    {
        var input = ScriptedContext.Input(StageName.PrepareCloudSync, new());
        var context = Service(new ScriptedContext(input with { Plan = input.Plan with { Canaries = Canaries } }, _clock), never);
        return context
            .On("PublishView", update =>
            {
                if (never == "the members switch is reported") { return null; }
                foreach (var task in ((ViewUpdate)update!).View.Tasks.Where(t => t is { Kind: TaskKind.MembersSwitch, State: TaskState.Open } && _said.Add(t.Id)))
                {
                    context.Queue(MigrationEvents.TaskCheck, new TaskCheck { TaskId = task.Id });
                }
                return null;
            })
            .On("PrepareCloudSync", _ => Job)
            .On("ReadCloudSync", _ => CloudSyncReader.Nothing with
            {
                Exists = true, MappingsAsPlanned = true, CanariesOnly = true, Corrections = never == "the portal is corrected" ? ["choose 'Selected security groups'"] : [],
            })
            .On("SaveIdentities", _ => new DocumentBox { Document = ScriptedContext.Document("groups") })
            .On("ReadScope", _ => Scope(missing: never == "the canaries are assigned"))
            .On("ReadCanaryMembers", _ => new CanaryMembers { MatchCn = "match", MatchDisplayName = "Match", User = User, ObjectGuids = [User] })
            .On("ProvisionCanary", _ => new OnDemandResult { InScope = false, Action = "skipped" })
            .On<CreateMatchCanary>(match => new CanaryObject { Identity = new() { ObjectGuid = Canaries.Match, Anchor = match.Anchor }, Snapshot = PrepareCloudSyncTests.Object(Canaries.Match, "match", User) })
            .On<VerifyAnchors>(_ => Catalogs(missing: never == "the catalogs show the anchor"))
            .On<FindByAnchor>(_ =>
            {
                Guid[] members = never == "members are written" ? [] : [User];
                var match = PrepareCloudSyncTests.Object(Canaries.Match, "match", members);
                return new FoundObjects { Objects = never == "the new canary appears" ? [match] : [PrepareCloudSyncTests.Object(Canaries.New, Anchors.Of(Canaries.New), members), match] };
            });
    }

    ScriptedContext Starting(string never)
    {
        var byApp = never is "the app has assigned all" or "the app's assignments read back";
        var input = ScriptedContext.Input(StageName.StartCloudSync, new() { Job = Job, FrozenSnapshot = ScriptedContext.Document("snapshot"), SwitchedOff = true, SchedulerBefore = true });
        var context = Service(new ScriptedContext(input with { Plan = input.Plan with { AssignScope = byApp ? ScopeAssignment.App : ScopeAssignment.Operator } }, _clock), never);
        var cycled = false;
        var calls = 0;
        return Compared(context)
            .On("PlanRings", _ => new RingPlan { Rings = [Document.OfList("ring", (int[])[1]).Reference] })
            .On<InventoryWritebackOu>(_ => new InventoryResult { Groups = ScriptedContext.Document("inventory"), Elsewhere = ScriptedContext.Document("elsewhere") })
            .On("FindUnwritable", _ => new StringList { Kind = "unwritable", Strings = [] })
            .On("ReadCloudSync", _ => CloudSyncReader.Nothing with { CanariesOnly = !context.Calls.Contains("LiftCanaryFilter") })
            .On("LiftCanaryFilter", _ => CloudSyncReader.Nothing)
            .On("ReadScope", _ => Scope(missing: byApp || never == "the ring is assigned"))
            .On("AssignScope", _ => ++calls < 1_000
                ? new ScopeProgress { Made = 1, Left = never == "the app has assigned all" ? 1 : 0 }
                : throw new NotSupportedException("It assigns for ever."))
            .On("ReadJob", _ => Status() with
            {
                SteadyState = never == "the job is steady" ? null : Now,
                LastCycleEnded = never == "a further cycle ends" && cycled ? null : Now,
            })
            .On("PickConnectWrites", _ => new ConnectWrites { Groups = ScriptedContext.Document("groups"), Exports = ScriptedContext.Document("exports") })
            .On<SetScheduler>(set =>
            {
                var facts = ScriptedContext.Server(false).Scheduler with { Enabled = set.Enabled };
                return new SchedulerChange { Before = facts, After = facts };
            })
            .On<InspectServer>(_ => ScriptedContext.Server(false) with
            {
                Scheduler = new() { Enabled = false, Suspended = false, CycleInProgress = never == "the server rests", IntervalSeconds = 1_800 },
            })
            .On<RunEntraOnly>(_ => new EntraOnlyReport { Steps = Enum.GetValues<EntraOnlyStep>(), Runs = [] })
            .On<ReadPendingExports>(_ => new PendingExports { Server = "AADC1", Counts = [], Details = ScriptedContext.Document("pending") })
            .OnSub("RunCycle", _ =>
            {
                cycled = true;
                return Task.FromResult<object>(new CycleOutcome { Server = "AADC1", Runs = [] });
            });
    }

    ScriptedContext Verifying(string never)
    {
        var input = ScriptedContext.Input(StageName.VerifyMigration, new() { Job = Job, FrozenSnapshot = ScriptedContext.Document("snapshot"), SwitchedOff = true });
        var mode = never == "the threshold is raised" ? CloudSyncSetupMode.VerifyOnly : CloudSyncSetupMode.Write;
        var failing = never is "a group is verified" or "a cycle ends while a group is not verified" ? Document.OfList("groups", (int[])[1]).Reference : null;
        var verdicts = ScriptedContext.Document("verdicts");
        return Compared(Service(new ScriptedContext(input with { Plan = input.Plan with { Setup = mode } }, _clock), never))
            .On("ReadJob", _ => Status() with { LastCycleEnded = never is "a last cycle ends" or "a cycle ends while a group is not verified" ? null : Now })
            .On("PlanVerification", _ => new VerificationPlan { Parts = [ScriptedContext.Document("groups")], Log = ScriptedContext.Document("log") })
            .On<SnapshotGroups>(_ => new SnapshotResult { Snapshot = ScriptedContext.Document("snapshot"), Missing = 0 })
            .On("VerifyGroups", _ => new VerificationPart { Verdicts = verdicts, Failing = failing })
            .On("JoinVerdicts", _ => new Verification { Groups = 1, Verified = failing is null ? 1 : 0, LoggedAsDone = 0, Examples = ["Sales"], Verdicts = verdicts })
            .On("RelaxThreshold", _ => CloudSyncReader.Nothing)
            .On("ReadCloudSync", _ => CloudSyncReader.Nothing with
            {
                StopsAtFirstDelete = never == "the threshold is raised", CanariesInScope = never == "the canaries are unassigned" ? 2 : 0,
            })
            .On<FindByAnchor>(_ => new FoundObjects { Objects = [] })
            .On<RemoveCanaryObjects>(_ => new RemovedObjects { Removed = 0, AlreadyGone = 0, Refused = 0 });
    }

    ScriptedContext Service(ScriptedContext context, string never) => context
        .On("PrepareScopeList", _ => ScriptedContext.Document("scope-list"))
        .On("StartJob", _ => Status())
        .On("PauseJob", _ => Status())
        .On("ReadJob", _ => Status() with { LastCycleEnded = never == "a cycle ends" ? null : Now });

    static ScriptedContext Compared(ScriptedContext context) => context
        .On<CompareWithSnapshot>(_ => new DirectoryComparison
        {
            Compared = 1, Deleted = 0, Renamed = 0, Moved = 0, SidChanged = 0, TypeChanged = 0, Created = 0, AnchorsChanged = 0, MembersLost = 0, MembersGained = 0,
            Examples = [], Differences = ScriptedContext.Document("differences"),
        })
        .On("JudgeDirectory", _ => new DirectoryJudgement { Found = [], Summary = "all explained", Comparison = ScriptedContext.Document("comparison") });

    DateTimeOffset Now => new(_clock.Now);

    JobStatus Status() => new() { Code = "Active", QuarantineReason = null, LastCycleEnded = Now, SteadyState = Now, LastState = null };

    static ScopeFacts Scope(bool missing) => new() { Assigned = missing ? 0 : 1, Missing = missing ? 1 : 0, TooEarly = 0, Strangers = 0, Wrong = [] };

    internal static AnchorVerification Catalogs(bool missing) => new()
    {
        Expected = 1, Catalogs = [new() { GlobalCatalog = "DC01", Missing = missing ? 1 : 0 }], Duplicates = [],
    };
}
