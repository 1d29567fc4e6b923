using GwbCloud.Lab.Forest;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Harm;

/// <summary>The groups of Active Directory and of Entra at one moment, as the comparison needs them.</summary>
public sealed record WorldImage
{
    /// <summary>Living groups under the writeback OU or with an anchor, by objectGUID.</summary>
    public required IReadOnlyDictionary<Guid, AdObject> Groups { get; init; }

    /// <summary>Living cloud groups by id.</summary>
    public required IReadOnlyDictionary<Guid, CloudGroup> CloudGroups { get; init; }

    /// <summary>objectGUIDs of users, devices and synced groups by Entra id.</summary>
    public required IReadOnlyDictionary<Guid, Guid> Principals { get; init; }

    public static WorldImage Of(SimulatedWorld world) => Of(world, shown: null);

    /// <summary>The world with the objects of its forest as somebody else read them.</summary>
    /// <param name="world">The world.</param>
    /// <param name="shown">Living objects; null takes the world's own.</param>
    public static WorldImage Of(SimulatedWorld world, IEnumerable<AdObject>? shown)
    {
        ArgumentNullException.ThrowIfNull(world);
        return world.Store.Read(() => new WorldImage
        {
            Groups = (shown ?? world.Objects.Values)
                .Where(o => o is { Class: AdClass.Group, DeletedAt: null } && (AnchorOf(o) is not null || DistinguishedName.IsUnder(o.DistinguishedName, world.ForestFacts.WritebackOu)))
                .ToDictionary(o => o.ObjectGuid),
            CloudGroups = world.Groups.Values.Where(g => g.DeletedAt is null).ToDictionary(g => g.Id),
            Principals = world.Principals.Values.Where(p => p.ObjectGuid is not null).ToDictionary(p => p.Id, p => p.ObjectGuid!.Value),
        });
    }

    /// <summary>The cloud id in a group's adminDescription or, without one, in its anchor.</summary>
    public static Guid? AnchorOf(AdObject group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return Read(group.AdminDescription) ?? Read(group.ExternalDirectoryObjectId);

        static Guid? Read(string? anchor) =>
            anchor?.StartsWith("Group_", StringComparison.OrdinalIgnoreCase) == true && Guid.TryParse(anchor.AsSpan("Group_".Length), out var id) ? id : null;
    }
}
