using System.Text.Json.Serialization;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Graph;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Members of groups as Entra has them now, by the objectGUIDs that Active Directory knows.</summary>
public sealed class EntraMembers(GraphClient graph)
{
    internal async Task<IReadOnlyDictionary<Guid, EntraMembership>> ReadAsync(
        IReadOnlyList<GroupIdentity> groups, IEnumerable<GroupIdentity> all, CancellationToken cancellationToken)
    {
        var nested = all.ToDictionary(g => g.CloudId, g => g.ObjectGuid);
        var found = new Dictionary<Guid, EntraMembership>();
        foreach (var group in groups)
        {
            var members = await OfAsync(group.CloudId, cancellationToken);
            var named = new Dictionary<Guid, Guid>();
            foreach (var member in members)
            {
                Guid? child = nested.TryGetValue(member.Id, out var planned) ? planned : null;
                if ((member.ObjectGuid ?? child) is { } guid) { named[guid] = member.Id; }
            }
            found[group.CloudId] = new EntraMembership(named, members.Count(m => m.IsSyncedGroup && !named.ContainsValue(m.Id)));
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
    public Guid? DeviceId { get; init; }
    public bool? OnPremisesSyncEnabled { get; init; }
    public Guid? OnPremisesObjectIdentifier { get; init; }

    public bool IsDevice => Type == "#microsoft.graph.device";
    public bool IsSyncedGroup => Type == "#microsoft.graph.group" && OnPremisesSyncEnabled == true;

    /// <summary>A hybrid-joined device's id is the objectGUID of its computer object.</summary>
    public Guid? ObjectGuid => OnPremisesObjectIdentifier ?? (IsDevice ? DeviceId : null);
}
