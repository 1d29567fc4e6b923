using System.Text.Json.Serialization;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Graph;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Members of groups as Entra has them now, by the objectGUIDs that Active Directory knows.</summary>
public sealed class EntraMembers(GraphClient graph)
{
    internal async Task<IReadOnlyDictionary<Guid, EntraMembership>> ReadAsync(
        IReadOnlyList<GroupIdentity> groups, IEnumerable<GroupIdentity> planned, CancellationToken cancellationToken)
    {
        var nested = planned.ToDictionary(g => g.CloudId, g => g.ObjectGuid);
        var found = new Dictionary<Guid, EntraMembership>();
        foreach (var group in groups)
        {
            var members = await OfAsync(group.CloudId, cancellationToken);
            var known = members
                .Select(m => m.OnPremisesObjectIdentifier ?? (nested.TryGetValue(m.Id, out var guid) ? guid : null))
                .OfType<Guid>()
                .ToHashSet();
            found[group.CloudId] = new EntraMembership(known, members.Count - known.Count);
        }
        return found;
    }

    /// <summary>Direct members. The identifier of the object in Active Directory is in beta only.</summary>
    internal async Task<List<EntraMember>> OfAsync(Guid group, CancellationToken cancellationToken)
    {
        var members = new List<EntraMember>();
        await foreach (var member in graph.PagesAsync<EntraMember>(
            $"beta/groups/{group:D}/members?$select=id,displayName,deviceId,onPremisesSyncEnabled,onPremisesObjectIdentifier&$top=999", cancellationToken))
        {
            members.Add(member);
        }
        return members;
    }
}

/// <summary>A member as Graph gives it.</summary>
sealed record EntraMember
{
    [JsonPropertyName("@odata.type")]
    public string? Type { get; init; }
    public required Guid Id { get; init; }
    public bool? OnPremisesSyncEnabled { get; init; }
    public Guid? OnPremisesObjectIdentifier { get; init; }
}
