using GwbCloud.Lab.Forest;

namespace GwbCloud.Lab.World.Deeds;

/// <summary>Gives a written group's object another common name.</summary>
public sealed record ObjectRenamed : GroupDeed
{
    public required string Name { get; init; }

    internal override DeedResult Do(SimulatedWorld world, WorldChange change) => DirectoryDesk.With(world, Group, o =>
    {
        world.Forest.Rename(change, o.ObjectGuid, Name);
        world.Forest.Update(change, o.ObjectGuid, g => g with { PlacedByHand = true });
    });
}

/// <summary>Moves a written group's object into another container.</summary>
public sealed record ObjectMoved : GroupDeed
{
    /// <summary>A container below the writeback OU, by its own name; it is made when it is not there.</summary>
    public string Container { get; init; } = "Projects";

    internal override DeedResult Do(SimulatedWorld world, WorldChange change) => DirectoryDesk.With(world, Group, o =>
    {
        string container = $"OU={DistinguishedName.Escape(Container)},{world.ForestFacts.WritebackOu}";
        if (!world.ForestFacts.Containers.Contains(container, StringComparer.OrdinalIgnoreCase))
        {
            world.PutForest(change, world.ForestFacts with { Containers = [.. world.ForestFacts.Containers, container] });
        }

        world.Forest.Move(change, o.ObjectGuid, container);
        world.Forest.Update(change, o.ObjectGuid, g => g with { PlacedByHand = true });
    });
}

/// <summary>Deletes a written group's object; Connect makes it anew while it still provisions.</summary>
public sealed record ObjectDeleted : GroupDeed
{
    internal override DeedResult Do(SimulatedWorld world, WorldChange change) => DirectoryDesk.With(world, Group, o => world.Forest.Delete(change, o.ObjectGuid));
}

/// <summary>Sets msDS-ExternalDirectoryObjectId of a written group's object by hand.</summary>
public sealed record ObjectAnchorSet : GroupDeed
{
    /// <summary>Null clears it.</summary>
    public string? Value { get; init; }

    internal override DeedResult Do(SimulatedWorld world, WorldChange change) => DirectoryDesk.With(world, Group, o => world.Forest.SetAnchor(change, o.ObjectGuid, Value));
}

/// <summary>Takes members out of a written group's object by hand.</summary>
public sealed record ObjectMembersChanged : GroupDeed
{
    public required int Removed { get; init; }

    internal override DeedResult Do(SimulatedWorld world, WorldChange change) =>
        DirectoryDesk.With(world, Group, o => world.Forest.RemoveMembers(change, o.ObjectGuid, o.Members.Take(Removed)));
}

/// <summary>Something of the migration's goes wrong: of these groups the first is renamed, the next moved, the next emptied and the next deleted, and so on.</summary>
/// <remarks>Without a migration it would not have happened, so it is harm for as long as nobody repairs it.</remarks>
public sealed record GroupsTakenApart : Deed
{
    /// <summary>As <see cref="SeededName"/> reads them.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    internal override bool InControl => false;

    internal override IEnumerable<string> NamedGroups => Groups;

    internal override DeedResult Do(SimulatedWorld world, WorldChange change)
    {
        foreach (var (at, group) in Groups.Index())
        {
            var result = DirectoryDesk.With(world, group, o =>
            {
                switch (at % 4)
                {
                    case 0:
                        world.Forest.Rename(change, o.ObjectGuid, $"Taken apart {at}");
                        break;
                    case 1:
                        world.Forest.Move(change, o.ObjectGuid, world.ForestFacts.Containers.First(c => !c.Equals(world.ForestFacts.WritebackOu, StringComparison.OrdinalIgnoreCase)));
                        break;
                    case 2:
                        world.Forest.SetMembers(change, o.ObjectGuid, []);
                        break;
                    default:
                        world.Forest.Delete(change, o.ObjectGuid);
                        break;
                }
            });
            if (result.Refused is not null) { return result; }
        }

        return DeedResult.Done;
    }
}

/// <summary>Takes from the agents' account what it may do on some groups: inheritance is blocked there.</summary>
public sealed record AgentRightsRemoved : Deed
{
    /// <summary>As <see cref="SeededName"/> reads them; empty is the whole writeback OU.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    internal override IEnumerable<string> NamedGroups => Groups;

    internal override DeedResult Do(SimulatedWorld world, WorldChange change)
    {
        if (Groups.Count == 0) { world.PutForest(change, world.ForestFacts with { AgentMayWriteOu = false }); }
        var results = Groups.Select(g => DirectoryDesk.With(world, g, o => world.Forest.Update(change, o.ObjectGuid, x => x with { InheritanceBlocked = true }))).ToList();
        return results.FirstOrDefault(r => r.Refused is not null) ?? DeedResult.Done;
    }
}

/// <summary>A global catalog begins to lag behind, or catches up.</summary>
public sealed record ReplicationLagSet : Deed
{
    /// <summary>Place of the global catalog, from 0; the first is where writes go.</summary>
    public int GlobalCatalog { get; init; } = 2;
    public required int Seconds { get; init; }

    internal override DeedResult Do(SimulatedWorld world, WorldChange change)
    {
        var forest = world.ForestFacts;
        if (GlobalCatalog >= forest.GlobalCatalogs.Count) { return DeedResult.Refuse("There is no such global catalog."); }
        world.PutForest(change, forest with { ReplicationSeconds = new Dictionary<string, int>(forest.ReplicationSeconds) { [forest.GlobalCatalogs[GlobalCatalog]] = Seconds } });
        return DeedResult.Done;
    }
}

static class DirectoryDesk
{
    public static DeedResult With(SimulatedWorld world, string group, Action<AdObject> deed)
    {
        if (world.Forest.FindByAdminDescription($"Group_{world.SeededGroup(group):D}") is not [var o, ..]) { return DeedResult.Refuse("The object is gone."); }
        deed(o);
        return DeedResult.Done;
    }
}
