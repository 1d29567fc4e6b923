using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Graph;
using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Finds what the match canary's object is made of.</summary>
public sealed class CanaryActivities(IDocumentStore documents, EntraMembers entra, GraphClient graph)
{
    [Function(nameof(ReadCanaryMembers))]
    public async Task<CanaryMembers> ReadCanaryMembers([ActivityTrigger] CloudSyncInput input, CancellationToken cancellationToken)
    {
        var plan = await documents.LoadOneAsync<MigrationPlan>(input.Plan, cancellationToken);
        var id = plan.Canaries.Match;
        var group = await graph.GetAsync<NamedGroup>($"v1.0/groups/{id:D}?$select=id,displayName", cancellationToken);
        var user = (await entra.OfAsync(id, cancellationToken)).Select(m => m.OnPremisesObjectIdentifier).OfType<Guid>().First();
        var others = await OthersAsync(plan, user, cancellationToken);
        return new()
        {
            MatchCn = input.Job is { KeepsNames: true } ? KeptCanary.CommonName(id) : GroupNaming.CommonName(plan.Naming, id, group.DisplayName),
            MatchDisplayName = group.DisplayName,
            User = user,
            ObjectGuids = [user, .. others],
        };
    }

    /// <summary>A device and a synced group out of the planned groups' own members, where there are any and Entra names their objects.</summary>
    async Task<IReadOnlyList<Guid>> OthersAsync(MigrationPlan plan, Guid user, CancellationToken cancellationToken)
    {
        var classified = await documents.LoadListAsync<ClassifiedGroup>(plan.Classified, cancellationToken);
        var found = new List<Guid>();
        foreach (var kind in new Func<ClassifiedGroup, bool>[] { g => g.DeviceMembers, g => g.SyncedGroupMembers })
        {
            if (classified.FirstOrDefault(g => g.Class == GroupClass.Migrates && kind(g)) is not { CloudId: { } id }) { continue; }
            var member = (await entra.OfAsync(id, cancellationToken)).FirstOrDefault(m =>
                (m.IsDevice || m.IsSyncedGroup) && m.ObjectGuid is { } g && g != user && !found.Contains(g));
            if (member?.ObjectGuid is { } guid) { found.Add(guid); }
        }
        return found;
    }

    internal sealed record NamedGroup
    {
        public required string DisplayName { get; init; }
    }
}
