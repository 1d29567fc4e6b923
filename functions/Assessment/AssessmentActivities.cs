using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Documents;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace GwbCloud.Functions.Assessment;

/// <summary>The activities around the pure decisions of this folder: they read, decide, keep documents, and pass references on.</summary>
public sealed partial class AssessmentActivities(
    AssessmentJudge judge, StoredGroups groups, KnownCanaries knownCanaries, IDocumentStore store, ILogger<AssessmentActivities> logger)
{
    /// <summary>Findings, classes, losses and, when nothing blocks, the plan.</summary>
    [Function(nameof(JudgeTenant))]
    public Task<AssessmentOutcome> JudgeTenant([ActivityTrigger] AssessInput input, CancellationToken cancellationToken)
        => judge.JudgeAsync(input, cancellationToken);

    /// <summary>Whether the plan still holds, and the groups that came since.</summary>
    [Function(nameof(CheckDrift))]
    public async Task<PlanDrift> CheckDrift([ActivityTrigger] DriftInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var plan = await store.LoadOneAsync<MigrationPlan>(input.Plan, cancellationToken);
        var (now, _, _) = await groups.ClassifyAsync(
            input.Tenant.Groups, input.Inventory, input.Elsewhere, [.. await knownCanaries.ReadAsync(cancellationToken), .. plan.Canaries.All],
            plan.WritebackOu, GroupClassifier.LimitOf(input.Servers), cancellationToken);
        var verdict = PlanDriftCheck.Compare(
            plan,
            await store.LoadListAsync<GroupIdentity>(plan.Groups, cancellationToken),
            await store.LoadListAsync<GroupIdentity>(plan.Frozen, cancellationToken),
            await store.LoadListAsync<ClassifiedGroup>(plan.Classified, cancellationToken),
            await store.LoadListAsync<GroupLoss>(plan.Losses, cancellationToken),
            now,
            input.Servers);

        var freeze = new FreezeRecord
        {
            Classified = await store.SaveListAsync("classified", now.Groups, cancellationToken),
            Groups = await store.SaveListAsync("groups", verdict.Groups, cancellationToken),
            Kept = await store.SaveKeptAsync(now, cancellationToken),
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

    [LoggerMessage(2103, LogLevel.Information, "{AssessmentId}: plan holds: {Holds}, {Added} groups came since")]
    partial void LogDrift(string assessmentId, bool holds, int added);
}
