using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Documents;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Assessment;

/// <summary>The activities around the pure decisions of this folder: they read, decide, keep documents, and pass references on.</summary>
public sealed partial class AssessmentActivities(
    TenantReader tenant, KnownCanaries knownCanaries, IDocumentStore store, IOptions<AssessmentOptions> options, IOptions<CloudSyncOptions> cloudSync,
    ILogger<AssessmentActivities> logger)
{
    /// <summary>The tenant's facts, every group of interest among them.</summary>
    [Function(nameof(ReadTenant))]
    public async Task<TenantFacts> ReadTenant([ActivityTrigger] AssessmentRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var basics = await tenant.BasicsAsync(cancellationToken);
        var groups = await tenant.GroupsAsync([.. request.Canaries?.All ?? []], cancellationToken);
        LogTenantRead(request.AssessmentId, groups.Count);
        return new TenantFacts
        {
            Tenant = basics.Tenant,
            PremiumLicence = basics.PremiumLicence,
            GovernanceLicence = basics.GovernanceLicence,
            NewM365GroupsAreWritten = basics.NewM365GroupsAreWritten,
            ConnectServers = basics.ConnectServers,
            Numbers = NumbersOf(groups) with { Users = basics.Users },
            Groups = await store.SaveListAsync("tenant-groups", groups, cancellationToken),
        };
    }

    /// <summary>Findings, classes, losses and, when nothing blocks, the plan.</summary>
    [Function(nameof(JudgeTenant))]
    public async Task<AssessmentOutcome> JudgeTenant([ActivityTrigger] AssessInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var facts = await FactsAsync(input, cancellationToken);
        var findings = await KeepAsync(FindingCatalogue.Judge(facts, input.Request.Acceptances), cancellationToken);
        var blocking = findings.Count(f => f.Severity == FindingSeverity.Blocks);
        var toAccept = findings.Count(f => f is { Severity: FindingSeverity.NeedsAcceptance, Accepted: false });
        var classified = await store.SaveListAsync("classified", facts.Classified.Groups, cancellationToken);
        var losses = await store.SaveListAsync("losses", facts.Classified.Losses, cancellationToken);
        var plan = blocking > 0 ? null : await PlanAsync(facts, input.Request, classified, losses, cancellationToken);

        LogJudged(input.Request.AssessmentId, facts.Classified.Migrating.Count, blocking, toAccept);
        return new AssessmentOutcome
        {
            AssessmentId = input.Request.AssessmentId,
            State = blocking > 0 ? AssessmentState.Blocked : toAccept > 0 ? AssessmentState.NeedsAcceptance : AssessmentState.Ready,
            Plan = plan is null ? null : await store.SaveOneAsync("plan", plan, cancellationToken),
            PlanHash = plan is null ? null : CanonicalJson.Hash(plan),
            Findings = await store.SaveListAsync("findings", findings, cancellationToken),
            Classified = classified,
            Losses = losses,
            Facts = await store.SaveOneAsync("facts", input, cancellationToken),
            Naming = facts.Classified.Naming,
            Time = facts.Time,
            Blocking = blocking,
            ToAccept = toAccept,
            Groups = facts.Classified.Groups.Count,
            NotReady = facts.Classified.Groups.Count(g => g.Readiness == Readiness.NotReady),
            Migrating = facts.Classified.Migrating.Count,
            Freezing = facts.Classified.Freezing.Count,
            M365NewlyWritten = facts.Classified.M365NewlyWritten,
            M365TypeChanged = facts.Classified.M365TypeChanged,
            MembersLost = facts.Classified.MembersLost,
            Blast = BlastRadius.Of(facts.Classified),
            Tenant = facts.Tenant.Numbers,
        };
    }

    /// <summary>Whether the plan still holds, and the groups that came since.</summary>
    [Function(nameof(CheckDrift))]
    public async Task<PlanDrift> CheckDrift([ActivityTrigger] DriftInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var plan = await store.LoadOneAsync<MigrationPlan>(input.Plan, cancellationToken);
        var now = await ClassifyAsync(
            input.Tenant.Groups, input.Inventory, input.Elsewhere, plan.Canaries.All, plan.WritebackOu, GroupClassifier.MemberLimit, cancellationToken);
        var verdict = PlanDriftCheck.Compare(
            plan,
            await store.LoadListAsync<GroupIdentity>(plan.Groups, cancellationToken),
            await store.LoadListAsync<GroupIdentity>(plan.Frozen, cancellationToken),
            await store.LoadListAsync<ClassifiedGroup>(plan.Classified, cancellationToken),
            now.Classification);

        var freeze = new FreezeRecord
        {
            Classified = await store.SaveListAsync("classified", now.Classification.Groups, cancellationToken),
            Groups = await store.SaveListAsync("groups", verdict.Groups, cancellationToken),
            Kept = await KeptAsync(now.Classification, cancellationToken),
        };
        if (verdict.Holds)
        {
            await freeze.WriteAsync(store, input.Plan, cancellationToken);
        }

        LogDrift(plan.AssessmentId, verdict.Holds, verdict.Added.Count);
        return new PlanDrift
        {
            Holds = verdict.Holds,
            Groups = freeze.Groups,
            Added = await store.SaveListAsync("groups-added", verdict.Added, cancellationToken),
            Reasons = verdict.Reasons,
        };
    }

    /// <summary>The rings of the take-over.</summary>
    [Function(nameof(PlanRings))]
    public async Task<RingPlan> PlanRings([ActivityTrigger] RingInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var plan = await store.LoadOneAsync<MigrationPlan>(input.Plan, cancellationToken);
        var freeze = await FreezeRecord.ReadAsync(store, input.Plan, cancellationToken);
        var rings = RingPlanner.Plan(
            await store.LoadListAsync<GroupIdentity>(input.Groups, cancellationToken),
            await store.LoadListAsync<ClassifiedGroup>(freeze?.Classified ?? plan.Classified, cancellationToken),
            (freeze?.Kept ?? plan.Kept) is { } kept
                ? (await store.LoadListAsync<KeptDn>(kept, cancellationToken)).Select(k => k.CloudId).ToHashSet()
                : null);

        var documents = new List<DocumentReference>();
        foreach (var ring in rings)
        {
            documents.Add(await store.SaveListAsync("ring", ring, cancellationToken));
        }

        return new RingPlan { Rings = documents };
    }

    static TenantNumbers NumbersOf(IReadOnlyList<CloudGroupFacts> groups)
    {
        var live = groups.Where(g => !g.SoftDeleted).ToList();
        var m365 = live.Where(g => g.Unified).ToLookup(g => g.WritebackEnabled);
        return new TenantNumbers
        {
            Groups = live.Count,
            Memberships = live.Sum(g => (long)g.Members),
            M365Undecided = m365[null].Count(),
            M365On = m365[true].Count(),
            M365Off = m365[false].Count(),
        };
    }

    // Each finding's names are a document of their own, so that a list of 20,000 can be paged.
    async Task<IReadOnlyList<Finding>> KeepAsync(IReadOnlyList<JudgedFinding> judged, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>(judged.Count);
        foreach (var (finding, concerns) in judged)
        {
            findings.Add(finding with { Concerned = await store.SaveListAsync("concerned", concerns, cancellationToken) });
        }

        return findings;
    }

    async Task<AssessmentFacts> FactsAsync(AssessInput input, CancellationToken cancellationToken)
    {
        var (classified, cloud, inventory, known) = await ClassifyAsync(
            input.Tenant.Groups, input.Inventory, input.Elsewhere, input.Request.Canaries?.All ?? [], input.Forest.WritebackOu,
            input.Servers.Any(s => !s.MemberLimitEnabled) ? GroupClassifier.LargestMemberLimit : GroupClassifier.MemberLimit, cancellationToken);
        return new AssessmentFacts
        {
            Tenant = input.Tenant,
            Forest = input.Forest,
            Servers = input.Servers,
            Silent = input.Silent,
            CloudSync = input.CloudSync,
            ReadAt = input.ReadAt,
            Inventory = inventory,
            Cloud = cloud,
            Classified = classified,
            Canaries = input.Request.Canaries,
            KnownCanaries = known,
            Time = TimeArithmetic.Plan(input.Servers, options.Value.ConfirmHours, options.Value.UnknownInitialMinutes),
            Options = options.Value,
        };
    }

    async Task<Classified> ClassifyAsync(
        DocumentReference tenantGroups, DocumentReference inventory, DocumentReference? elsewhere, IReadOnlyList<Guid> canaries, string writebackOu,
        int m365Limit, CancellationToken cancellationToken)
    {
        var cloud = await store.LoadListAsync<CloudGroupFacts>(tenantGroups, cancellationToken);
        var groups = await store.LoadListAsync<AdGroup>(inventory, cancellationToken);
        var known = await knownCanaries.ReadAsync(cancellationToken);
        var holders = elsewhere is null ? [] : await store.LoadListAsync<AnchorHolder>(elsewhere, cancellationToken);
        var classification = new GroupClassifier(cloud, groups, known.Concat(canaries), writebackOu, holders.Select(h => h.Anchor), m365Limit).Classify();
        return new Classified(classification, cloud.ToDictionary(g => g.Id), groups, known);
    }

    async Task<MigrationPlan> PlanAsync(
        AssessmentFacts facts, AssessmentRequest request, DocumentReference classified, DocumentReference losses, CancellationToken cancellationToken)
        => PlanBuilder.Build(facts, request, cloudSync.Value, new PlanDocuments
        {
            Groups = await store.SaveListAsync("groups", facts.Classified.Migrating, cancellationToken),
            Frozen = await store.SaveListAsync("frozen", facts.Classified.Freezing, cancellationToken),
            Classified = classified,
            Losses = losses,
            Kept = await KeptAsync(facts.Classified, cancellationToken),
        });

    async Task<DocumentReference?> KeptAsync(Classification classification, CancellationToken cancellationToken)
        => classification.Kept.Count == 0 ? null : await store.SaveListAsync("kept", classification.Kept, cancellationToken);

    sealed record Classified(
        Classification Classification, IReadOnlyDictionary<Guid, CloudGroupFacts> Cloud, IReadOnlyList<AdGroup> Inventory, IReadOnlySet<Guid> Known);

    [LoggerMessage(2101, LogLevel.Information, "{AssessmentId}: {Groups} groups of the tenant read")]
    partial void LogTenantRead(string assessmentId, int groups);

    [LoggerMessage(2102, LogLevel.Information, "{AssessmentId}: {Migrating} groups migrate, {Blocking} findings block, {ToAccept} wait for acceptance")]
    partial void LogJudged(string assessmentId, int migrating, int blocking, int toAccept);

    [LoggerMessage(2103, LogLevel.Information, "{AssessmentId}: plan holds: {Holds}, {Added} groups came since")]
    partial void LogDrift(string assessmentId, bool holds, int added);
}
