using System.Net;
using System.Text.Json.Serialization;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Graph;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Groups and their members as Entra has them now, by the objectGUIDs that Active Directory knows.</summary>
public sealed class EntraMembers(GraphClient graph)
{
    /// <summary>The identifier of the object in Active Directory is in beta only.</summary>
    const string Select = "$select=id,displayName,deviceId,onPremisesSyncEnabled,onPremisesDomainName,onPremisesObjectIdentifier&$top=999";

    internal async Task<IReadOnlyDictionary<Guid, EntraMembership>> ReadAsync(
        IReadOnlyList<GroupIdentity> groups, IEnumerable<GroupIdentity> all, IReadOnlyList<string> forestDomains, CancellationToken cancellationToken)
    {
        var nested = all.ToDictionary(g => g.CloudId, g => g.ObjectGuid);
        var found = new Dictionary<Guid, EntraMembership>();
        foreach (var chunk in groups.Chunk(GraphClient.BatchSize))
        {
            var requests = chunk.Select(g => new GraphBatchRequest { Id = g.CloudId.ToString("D"), Path = $"groups/{g.CloudId:D}/members?{Select}" }).ToList();
            foreach (var answer in await graph.BatchAsync("beta", requests, cancellationToken))
            {
                // A group that is gone has no members that could explain anything.
                if (answer.Error?.Status == HttpStatusCode.NotFound) { continue; }
                if (answer.Error is { } error) { throw error; }

                var page = answer.Read<GraphPage<EntraMember>>();
                var members = page.Value.ToList();
                if (page.NextLink is { } more) { await foreach (var member in graph.PagesAsync<EntraMember>(more, cancellationToken)) { members.Add(member); } }
                found[Guid.Parse(answer.Id)] = Membership(members, nested, forestDomains);
            }
        }
        return found;
    }

    static EntraMembership Membership(List<EntraMember> members, Dictionary<Guid, Guid> nested, IReadOnlyList<string> forestDomains)
    {
        var named = new Dictionary<Guid, Guid>();
        var writable = new HashSet<Guid>();
        foreach (var member in members)
        {
            Guid? child = nested.TryGetValue(member.Id, out var planned) ? planned : null;
            if ((member.ObjectGuid ?? child) is not { } guid) { continue; }
            named[guid] = member.Id;
            if (child is not null || member.IsUser && !HomeForest.IsElsewhere(member.OnPremisesDomainName, forestDomains)) { writable.Add(guid); }
        }
        return new EntraMembership(named, members.Count(m => m.IsSyncedGroup && !named.ContainsValue(m.Id))) { Writable = writable };
    }

    /// <summary>Those of the anchors that are Microsoft 365 groups which nobody could announce: founded since the plan.</summary>
    /// <param name="anchors">Anchors of objects that are new, or about to be, in the OU.</param>
    /// <param name="known">Anchors of every group that the plan classified.</param>
    /// <param name="cancellationToken">Stops between the calls.</param>
    internal Task<IReadOnlySet<string>> FoundedSinceAsync(IEnumerable<string> anchors, IReadOnlySet<string> known, CancellationToken cancellationToken) =>
        SinceAsync(anchors, known, group => group.GroupTypes.Contains("Unified"), cancellationToken);

    /// <summary>Those of the anchors that Entra has a group for which the plan did not know: it came since, and lives on as every group does.</summary>
    /// <param name="anchors">Anchors of objects that would be updated.</param>
    /// <param name="known">Anchors of every group that the plan classified.</param>
    /// <param name="cancellationToken">Stops between the calls.</param>
    internal Task<IReadOnlySet<string>> NewSinceAsync(IEnumerable<string> anchors, IReadOnlySet<string> known, CancellationToken cancellationToken) =>
        SinceAsync(anchors, known, _ => true, cancellationToken);

    /// <summary>
    /// Exports of groups to which somebody did something in Entra that Connect only carries over, as it would have without a migration: deleted
    /// there for good, so that their object goes, made there, so that one comes, or given another name there. A group that lives is never let go, one that is
    /// known never made again, and one that bears its name of before never renamed.
    /// </summary>
    /// <param name="pending">What a server would export.</param>
    /// <param name="known">Anchors of every group that has an object.</param>
    /// <param name="before">Anchor and display name of the groups of the snapshot, by distinguished name: one that is gone in Entra has no anchor in Connect any more.</param>
    /// <param name="cancellationToken">Stops between the calls.</param>
    internal async Task<IReadOnlyList<PendingExport>> CarriedOverAsync(
        IEnumerable<PendingExport> pending, IReadOnlySet<string> known, IReadOnlyDictionary<string, AdGroup> before, CancellationToken cancellationToken)
    {
        var carried = new List<PendingExport>();
        var names = before.Values.Where(g => g is { AdminDescription: not null, DisplayName: not null })
            .DistinctBy(g => g.AdminDescription).ToDictionary(g => g.AdminDescription!, g => g.DisplayName!, StringComparer.Ordinal);
        foreach (var of in pending.Where(p => p.ObjectType == "group").GroupBy(AnchorOf, StringComparer.Ordinal))
        {
            bool goes = of.All(p => p.Operation == ExportOperation.Delete);
            bool comes = of.All(p => p.Operation == ExportOperation.Add) && of.Key is not null && !known.Contains(of.Key);
            bool renamed = of.Any(p => p.Operation == ExportOperation.Rename) && of.All(p => p is { Operation: ExportOperation.Rename or ExportOperation.Update, TypeChange: false });
            if (!(goes || comes || renamed) || of.Key is null || Anchors.CloudId(of.Key) is not { } id) { continue; }

            var group = await FindAsync(id, cancellationToken);
            bool asInEntra = goes ? group is null && !await CanComeBackAsync(id, cancellationToken) : comes ? group is not null : group?.DisplayName is { } now && names.TryGetValue(of.Key, out var earlier) && now != earlier;
            if (asInEntra) { carried.AddRange(of); }
        }
        return carried;

        string? AnchorOf(PendingExport export) => export.Anchor ?? before.GetValueOrDefault(export.DistinguishedName)?.AdminDescription;
    }

    async Task<IReadOnlySet<string>> SinceAsync(
        IEnumerable<string> anchors, IReadOnlySet<string> known, Func<EntraGroup, bool> counts, CancellationToken cancellationToken)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var anchor in anchors.Where(a => !known.Contains(a)).Distinct(StringComparer.Ordinal))
        {
            if (Anchors.CloudId(anchor) is { } id && await FindAsync(id, cancellationToken) is { } group && counts(group)) { found.Add(anchor); }
        }
        return found;
    }

    /// <summary>Soft-deleted: version 2 keeps the object of such a group, for it may be restored and must then be the same.</summary>
    async Task<bool> CanComeBackAsync(Guid id, CancellationToken cancellationToken) =>
        await graph.FindAsync<EntraGroup>($"v1.0/directory/deletedItems/{id:D}?$select=id", cancellationToken) is not null;

    Task<EntraGroup?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        graph.FindAsync<EntraGroup>($"v1.0/groups/{id:D}?$select=id,groupTypes,displayName", cancellationToken);

    /// <summary>Direct members. The identifier of the object in Active Directory is in beta only.</summary>
    internal async Task<List<EntraMember>> OfAsync(Guid group, CancellationToken cancellationToken)
    {
        var members = new List<EntraMember>();
        await foreach (var member in graph.PagesAsync<EntraMember>(
            $"beta/groups/{group:D}/members?{Select}", cancellationToken))
        {
            members.Add(member);
        }
        return members;
    }
}

/// <summary>A group's kind as Graph gives it.</summary>
sealed record EntraGroup
{
    public required Guid Id { get; init; }
    public IReadOnlyList<string> GroupTypes { get; init => field = value ?? []; } = [];
    public string? DisplayName { get; init; }
}

/// <summary>A member as Graph gives it.</summary>
sealed record EntraMember
{
    [JsonPropertyName("@odata.type")]
    public string? Type { get; init; }
    public required Guid Id { get; init; }
    public Guid? DeviceId { get; init; }
    public bool? OnPremisesSyncEnabled { get; init; }
    public Guid? OnPremisesObjectIdentifier { get; init; }

    public string? OnPremisesDomainName { get; init; }

    public bool IsUser => Type == "#microsoft.graph.user";
    public bool IsDevice => Type == "#microsoft.graph.device";
    public bool IsSyncedGroup => Type == "#microsoft.graph.group" && OnPremisesSyncEnabled == true;

    /// <summary>A hybrid-joined device's id is the objectGUID of its computer object.</summary>
    public Guid? ObjectGuid => OnPremisesObjectIdentifier ?? (IsDevice ? DeviceId : null);
}
