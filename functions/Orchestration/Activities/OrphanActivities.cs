using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Which groups Entra no longer has, not even deleted and restorable.</summary>
public sealed class OrphanActivities(TenantReader tenant, IDocumentStore store)
{
    /// <summary>Divides lists of groups into those that Entra has and those that are gone for good. No member is read.</summary>
    [Function(nameof(FindOrphans))]
    public async Task<OrphansFound> FindOrphans([ActivityTrigger] OrphansInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        HashSet<Guid> there = [.. (await tenant.GroupsAsync(cancellationToken)).Select(g => g.Id)];
        var gone = new Dictionary<Guid, GroupIdentity>();
        var left = new List<DocumentReference>();
        foreach (var reference in input.Lists)
        {
            var groups = await store.LoadListAsync<GroupIdentity>(reference, cancellationToken);
            foreach (var missing in groups.Where(g => there.Add(g.CloudId)))
            {
                // A group that was restored between the two lists was in neither.
                if (!await tenant.ExistsAsync(missing.CloudId, cancellationToken)) { gone[missing.CloudId] = missing; }
            }
            List<GroupIdentity> kept = [.. groups.Where(g => !gone.ContainsKey(g.CloudId))];
            left.Add(kept.Count == groups.Count ? reference : await store.SaveListAsync("groups", kept, cancellationToken));
        }

        return new OrphansFound
        {
            Left = left,
            Gone = gone.Count == 0 ? null : await store.SaveListAsync("groups-gone", gone.Values, cancellationToken),
        };
    }

    /// <summary>Those of the gone groups whose objects the directory still has, under the names that they bear there now.</summary>
    [Function(nameof(NameOrphans))]
    public async Task<OrphanNames> NameOrphans([ActivityTrigger] OrphanNamesInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var gone = (await store.LoadListAsync<GroupIdentity>(input.Gone, cancellationToken)).ToDictionary(g => g.ObjectGuid);
        var objects = await store.LoadListAsync<GroupSnapshot>(input.Snapshot, cancellationToken);
        return new OrphanNames
        {
            Orphans =
            [
                .. objects.Where(o => gone.ContainsKey(o.Group.ObjectGuid))
                    .Select(o => new OrphanedObject { CloudId = gone[o.Group.ObjectGuid].CloudId, DistinguishedName = o.Group.DistinguishedName })
                    .OrderBy(o => o.DistinguishedName, StringComparer.Ordinal),
            ],
        };
    }
}

public sealed record OrphansInput
{
    /// <summary>Documents of <see cref="GroupIdentity"/>.</summary>
    public required IReadOnlyList<DocumentReference> Lists { get; init; }
}

public sealed record OrphansFound
{
    /// <summary>The lists without the groups that are gone, in the order of the input.</summary>
    public required IReadOnlyList<DocumentReference> Left { get; init; }

    /// <summary>Document of <see cref="GroupIdentity"/>; null when Entra has all of them.</summary>
    public DocumentReference? Gone { get; init; }
}

public sealed record OrphanNamesInput
{
    /// <summary>Document of <see cref="GroupIdentity"/>.</summary>
    public required DocumentReference Gone { get; init; }

    /// <summary>Document of <see cref="GroupSnapshot"/>: what the directory has of them now.</summary>
    public required DocumentReference Snapshot { get; init; }
}

public sealed record OrphanNames
{
    public required IReadOnlyList<OrphanedObject> Orphans { get; init; }
}
