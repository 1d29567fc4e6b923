using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Documents;
using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Functions.Orchestration.Guards;

/// <summary>What guards read of the cloud. Cheap: no group is read alone, no member is read at all.</summary>
public sealed class GuardActivities(CloudSyncReader cloudSync, TenantReader tenant, IDocumentStore store)
{
    /// <summary>Most groups that a report names.</summary>
    const int MostNamed = 20;

    [Function(nameof(GuardJob))]
    public Task<JobSight> GuardJob([ActivityTrigger] CloudSyncInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        return cloudSync.SightAsync(input.MigrationId, input.Plan, input.Job ?? throw new InvalidOperationException("There is no job to look at."), cancellationToken);
    }

    /// <summary>Planned groups that are gone, and groups that nobody planned and that are written back by now.</summary>
    [Function(nameof(GuardGroups))]
    public async Task<GroupSight> GuardGroups([ActivityTrigger] GuardGroupsInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var plan = await store.LoadOneAsync<MigrationPlan>(input.Plan, cancellationToken);
        HashSet<Guid> planned = [.. (await store.LoadListAsync<GroupIdentity>(input.Groups, cancellationToken)).Select(g => g.CloudId)];
        HashSet<Guid> known = [.. planned, .. plan.Canaries.All];
        await foreach (var group in store.EntriesAsync<ClassifiedGroup>(plan.Classified, cancellationToken))
        {
            if (group is { CloudId: { } id, Class: not (GroupClass.LetGo or GroupClass.Orphan) }) { known.Add(id); }
        }

        var groups = await tenant.GroupsAsync(cancellationToken);
        var missing = planned.Except(groups.Select(g => g.Id)).Order().Take(MostNamed).ToList();
        var gone = new List<Guid>();
        foreach (var id in missing)
        {
            // A group that was restored between the two lists was in neither.
            if (!await tenant.ExistsAsync(id, cancellationToken)) { gone.Add(id); }
        }

        return new GroupSight
        {
            Gone = [.. gone.Select(id => $"{id:D}")],
            Enabled =
            [
                .. groups.Where(g => g is { WritebackEnabled: true, Unified: false, SoftDeleted: false } && !known.Contains(g.Id)).Select(g => $"{g.Id:D}").Take(MostNamed),
            ],
        };
    }
}

public sealed record GuardGroupsInput
{
    public required DocumentReference Plan { get; init; }

    /// <summary>Document of <see cref="GroupIdentity"/>: planned groups, those among them that came until the freeze.</summary>
    public required DocumentReference Groups { get; init; }
}
