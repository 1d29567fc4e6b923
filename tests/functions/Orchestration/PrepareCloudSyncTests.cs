using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Orchestration.Stages;

namespace GwbCloud.Tests.Functions.Orchestration;

/// <summary>What people are asked for while Cloud Sync is prepared, and when it is enough.</summary>
public sealed class PrepareCloudSyncTests
{
    static readonly Guid User = new("bbbbbbbb-0000-4000-8000-000000000001");
    static readonly Canaries Canaries = new() { New = new(1, 0, 0, new byte[8]), Match = new(2, 0, 0, new byte[8]), Unassigned = new(3, 0, 0, new byte[8]) };

    readonly ScriptedContext _context;
    readonly HashSet<string> _said = [];
    readonly Queue<IReadOnlyList<string>> _corrections = new();
    int _cycles;
    int _switchedOnAfter;
    bool _inScope;
    MigrationView? _view;

    public PrepareCloudSyncTests()
    {
        var input = ScriptedContext.Input(StageName.PrepareCloudSync, new());
        input = input with { Plan = input.Plan with { Canaries = Canaries } };
        _context = new ScriptedContext(input);
        _context
            .On("PublishView", update =>
            {
                _view = ((ViewUpdate)update!).View;

                // Nothing but a person's word closes it: they say that it is set as soon as they see it.
                foreach (var task in _view.Tasks.Where(t => t is { Kind: TaskKind.MembersSwitch, State: TaskState.Open } && _said.Add(t.Id)))
                {
                    _context!.Queue(MigrationEvents.TaskCheck, new TaskCheck { TaskId = task.Id });
                }
                return null;
            })
            .On("PrepareCloudSync", _ => new CloudSyncJob { ApplicationObjectId = Guid.Empty, ServicePrincipalId = Guid.Empty, JobId = "job", ScopeRoleId = Guid.Empty, Created = true })
            .On("ReadCloudSync", _ => CloudSyncReader.Nothing with { Exists = true, MappingsAsPlanned = true, CanariesOnly = true, Corrections = _corrections.TryDequeue(out var some) ? some : [] })
            .On("SaveIdentities", _ => new DocumentBox { Document = ScriptedContext.Document("groups") })
            .On("PrepareScopeList", _ => ScriptedContext.Document("scope-list"))
            .On("ReadScope", _ => new ScopeFacts { Assigned = 2, Missing = 0, TooEarly = 0, Strangers = 0, Wrong = [] })
            .On("ReadCanaryMembers", _ => new CanaryMembers { MatchCn = "match", MatchDisplayName = "Match", User = User, ObjectGuids = [User] })
            .On("ProvisionCanary", _ => new OnDemandResult { InScope = _inScope, Action = "skipped" })
            .On("StartJob", _ => Status())
            .On("PauseJob", _ => Status())
            .On("ReadJob", _ => Status())
            .On<CreateMatchCanary>(match => new CanaryObject { Identity = new() { ObjectGuid = Canaries.Match, Anchor = match.Anchor }, Snapshot = Object(Canaries.Match, "match", User) })
            .On<VerifyAnchors>(_ => new AnchorVerification { Expected = 1, Catalogs = [], Duplicates = [] })
            .On<FindByAnchor>(_ =>
            {
                Guid[] members = ++_cycles > _switchedOnAfter ? [User] : [];
                return new FoundObjects { Objects = [Object(Canaries.New, Anchors.Of(Canaries.New), members), Object(Canaries.Match, "match", members)] };
            });
    }

    [Fact]
    public async Task Run_EverythingInOrder_AsksOnceAndIsDone()
    {
        var outcome = await PrepareCloudSyncStage.Run(_context);

        Assert.True(outcome.End == StageEnd.Done, string.Join("; ", outcome.View.Notices.Select(n => n.Message)));
        Assert.True(outcome.Facts.CanariesProved);
        Assert.Equal([TaskKind.MembersSwitch], Kinds());
        Assert.Single(_context.Calls, "StartJob");
    }

    [Fact]
    public async Task Run_CanariesShowTheSwitchOff_AsksAgainWithWhatTheyShowed()
    {
        _switchedOnAfter = 1;

        var outcome = await PrepareCloudSyncStage.Run(_context);

        Assert.Equal(StageEnd.Done, outcome.End);
        Assert.Equal(2, Kinds().Count);
        Assert.Contains("synced test user", _view!.Tasks[^1].Why, StringComparison.Ordinal);
        Assert.Equal(2, _context.Calls.Count(c => c == "StartJob"));
    }

    [Fact]
    public async Task Run_SwitchStaysOff_EndsAfterThreeRounds()
    {
        _switchedOnAfter = int.MaxValue;

        var outcome = await PrepareCloudSyncStage.Run(_context);

        Assert.Equal(StageEnd.Blocked, outcome.End);
        Assert.False(outcome.Facts.CanariesProved);
        Assert.Equal(3, _context.Calls.Count(c => c == "StartJob"));
    }

    [Fact]
    public async Task Run_SomethingOnlyThePortalCanSet_IsATaskUntilItReadsRight()
    {
        IReadOnlyList<string> wrong = ["Scoping filters: choose 'Selected security groups'."];
        for (var look = 0; look < 3; look++) { _corrections.Enqueue(wrong); }

        var outcome = await PrepareCloudSyncStage.Run(_context);

        Assert.Equal(StageEnd.Done, outcome.End);
        Assert.Equal([TaskKind.CorrectConfiguration, TaskKind.MembersSwitch], Kinds());
        Assert.Contains(wrong[0], _view!.Tasks[0].Steps);
        // Saving in the portal writes a whole schema, so what is ours is written again.
        Assert.Equal(2, _context.Calls.Count(c => c == "PrepareCloudSync"));
    }

    [Fact]
    public async Task Run_PortalNeverCorrected_StopsBeforeAnyCanary()
    {
        for (var look = 0; look < 1_000; look++) { _corrections.Enqueue(["Scoping filters: choose 'Selected security groups'."]); }

        var outcome = await PrepareCloudSyncStage.Run(_context);

        Assert.Equal(StageEnd.Blocked, outcome.End);
        Assert.DoesNotContain(nameof(CreateMatchCanary), _context.Calls);
    }

    [Fact]
    public async Task Run_UnassignedCanaryInScope_IsBlockedBeforeAnyCycle()
    {
        _inScope = true;

        var outcome = await PrepareCloudSyncStage.Run(_context);

        Assert.Equal(StageEnd.Blocked, outcome.End);
        Assert.DoesNotContain("StartJob", _context.Calls);
    }

    List<TaskKind> Kinds() => [.. _view!.Tasks.Select(t => t.Kind)];

    internal static GroupSnapshot Object(Guid id, string cn, params Guid[] members) => new()
    {
        Group = new AdGroup
        {
            ObjectGuid = id,
            DistinguishedName = $"CN={cn},OU=Writeback,DC=contoso,DC=example",
            SamAccountName = "s",
            Sid = "S-1-5-21-1-2-3-1000",
            GroupType = -2147483640,
            ExternalDirectoryObjectId = Anchors.Of(id),
            AdminDescription = Anchors.Of(id),
            MemberCount = members.Length,
        },
        Members = members,
    };

    JobStatus Status() => new()
    {
        Code = "Active",
        QuarantineReason = null,
        LastCycleEnded = new DateTimeOffset(_context.CurrentUtcDateTime, TimeSpan.Zero),
        SteadyState = null,
        LastState = null,
    };
}
