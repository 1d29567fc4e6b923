using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.OnPremises;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions;

/// <summary>A tenant in which everything is in order, and whose people do their task and deny the plan at the first gate.</summary>
sealed class ScriptedTenant(MigrationPlan plan, Func<string, object, Task> raise)
{
    static readonly Guid TestUser = new("bbbbbbbb-0000-4000-8000-000000000001");

    static readonly CloudSyncFacts AsPlanned = new()
    {
        Exists = true, Started = false, Quarantined = false, MappingsAsPlanned = true, CanariesOnly = true, SchemaHash = "s", SecretsHash = "t",
        PlannedInScope = 0, StrangersInScope = 0, CanariesAssigned = true, Deviations = [],
    };

    readonly List<string> _done = [];
    readonly HashSet<string> _tasks = [];
    bool _cycled;
    bool _denied;

    /// <summary>What was done, in order: commands and audit lines by their kind, other activities by name.</summary>
    public IReadOnlyList<string> Done => _done;

    /// <summary>What people saw last.</summary>
    public MigrationView? View { get; private set; }

    public async Task<object?> RunAsync(string activity, object input)
    {
        _done.Add(input switch
        {
            AuditLine line => line.What,
            CommandSubmission submission => CommandOf(submission).GetType().Name,
            _ => activity,
        });
        return input switch
        {
            AuditLine or ReportInput or MigrationStanding => null,
            ViewUpdate update => await ShowAsync(update.View),
            CommandSubmission submission => new CommandReply
            {
                State = CommandState.Done, Result = JsonSerializer.Serialize(Answer(CommandOf(submission)), ContractJson.Options),
            },
            OnDemandInput => new OnDemandResult { InScope = false, Action = "skipped" },
            IdentityList => new DocumentBox { Document = plan.Groups },
            PlanEvidenceInput => new GateEvidence { Digest = new('d', 64), Parts = [], Reasons = [] },
            TallyInput => await TallyAsync(),
            _ => ByName(activity),
        };
    }

    object ByName(string activity)
    {
        _cycled |= activity == "StartJob";
        return activity switch
        {
            "LoadPlan" => plan,
            "PrepareCloudSync" => new CloudSyncJob { ApplicationObjectId = Guid.Empty, ServicePrincipalId = Guid.Empty, JobId = "job", ScopeRoleId = Guid.Empty, Created = true },
            "ReadCloudSync" or "RemoveCloudSync" => AsPlanned,
            "GiveBackGroupDn" => GroupDnProgress.Nothing,
            "PrepareScopeList" => plan.Groups,
            "ReadScope" => new ScopeFacts { Assigned = 2, Missing = 0, TooEarly = 0, Strangers = 0, Wrong = [] },
            "ReadCanaryMembers" => new CanaryMembers { MatchCn = "match", MatchDisplayName = "Match", User = TestUser, ObjectGuids = [TestUser] },
            "StartJob" or "ReadJob" or "PauseJob" => new JobStatus
            {
                Code = "Active", QuarantineReason = null, LastCycleEnded = DateTimeOffset.UtcNow, SteadyState = null, LastState = "Succeeded",
            },
            _ => throw new InvalidOperationException($"Nobody thought of {activity}."),
        };
    }

    object Answer(Command command) => command switch
    {
        CreateMatchCanary match => new CanaryObject
        {
            Identity = new CanaryIdentity { ObjectGuid = plan.Canaries.Match, Anchor = match.Anchor }, Snapshot = Canary(plan.Canaries.Match, "match"),
        },
        VerifyAnchors => new AnchorVerification { Expected = 1, Catalogs = [new CatalogState { GlobalCatalog = "dc1", Missing = 0 }], Duplicates = [] },
        FindByAnchor => new FoundObjects
        {
            Objects = _cycled ? [Canary(plan.Canaries.New, $"Group_{plan.Canaries.New:D}"), Canary(plan.Canaries.Match, "match")] : [],
        },
        SnapshotGroups => new SnapshotResult { Snapshot = plan.Groups, Missing = 0 },
        StampAnchors => new StampResult { Written = 1, AlreadyEqual = 0, Conflicts = [], Missing = [], Moved = [], Renamed = [], Duplicates = [] },
        UnstampAnchors => new UnstampResult { Cleared = 1, LeftAlone = 0 },
        RemoveCanaryObjects remove => new RemovedObjects { Removed = remove.Canaries.Count, AlreadyGone = 0, Refused = 0 },
        InspectServer => Server(),
        ReadCycle => new CycleReport { InProgress = false, Runs = [] },
        _ => throw new InvalidOperationException($"Nobody thought of {command.GetType().Name}."),
    };

    GroupSnapshot Canary(Guid id, string cn) => new()
    {
        Group = new AdGroup
        {
            ObjectGuid = id, DistinguishedName = $"CN={cn},{plan.WritebackOu}", SamAccountName = cn, Sid = $"S-1-5-21-{cn}", GroupType = -2147483640,
            ExternalDirectoryObjectId = $"Group_{id:D}", MemberCount = 1,
        },
        Members = [TestUser],
    };

    ServerFacts Server() => new()
    {
        Server = plan.Active.Name, Version = plan.Active.Version, Cmdlet = plan.Active.Cmdlet, Staging = false,
        Scheduler = new SchedulerFacts { Enabled = true, Suspended = false, CycleInProgress = false, IntervalSeconds = 1800 },
        Features = new FeatureFlags { GroupWritebackV2 = true, UnifiedGroupWriteback = true },
        Coexistence = new CoexistenceRules { Inbound = RuleState.Absent, Outbound = RuleState.Absent },
        DeleteRuleEnabled = false, CustomProvisioningRules = [],
        FreePrecedences = 99, MemberLimitEnabled = true, DisplayNameRuleEnabled = false, AutoUpgrade = AutoUpgradeState.Enabled, WritebackOu = plan.WritebackOu,
        WritebackOuInScope = true, AdConnector = plan.Domain,
    };

    /// <summary>An operator does each task as soon as it is shown.</summary>
    async Task<object?> ShowAsync(MigrationView view)
    {
        View = view;
        foreach (var task in view.Tasks.Where(task => task.State == TaskState.Open && _tasks.Add(task.Id)))
        {
            await raise(MigrationEvents.TaskCheck, new TaskCheck { TaskId = task.Id });
        }
        return null;
    }

    /// <summary>Nobody has decided at the first look; then somebody denies.</summary>
    async Task<GateTally> TallyAsync()
    {
        var tally = new GateTally { State = _denied ? GateState.Denied : GateState.Pending, Approvals = 0, Decisions = plan.Groups };
        if (!_denied)
        {
            _denied = true;
            await raise(MigrationEvents.Decision, new DecisionArrived { Gate = GateName.Plan, DecisionId = "one" });
        }
        return tally;
    }

    static Command CommandOf(CommandSubmission submission) => JsonSerializer.Deserialize<Command>(submission.Command, ContractJson.Options)!;
}
