using System.Globalization;

namespace GwbCloud.Lab.World.Deeds;

/// <summary>Deletes a group in Entra for good.</summary>
public sealed record GroupHardDeleted : GroupDeed
{
    internal override DeedResult Do(SimulatedWorld world, WorldChange change)
    {
        var id = world.SeededGroup(Group);
        if (world.Groups.Find(id) is null) { return DeedResult.Refuse("The group is gone."); }
        foreach (var parent in world.Groups.Values.Where(g => g.Members.Contains(id)).ToList())
        {
            world.Groups.Put(change, parent.Id, parent with { Members = [.. parent.Members.Where(m => m != id)] });
        }

        foreach (var assignment in world.Assignments.Values.Where(a => a.GroupId == id).ToList()) { world.Assignments.Delete(change, assignment.Id); }
        world.Groups.Delete(change, id.ToString("D"));
        return DeedResult.Done;
    }
}

/// <summary>Deletes a group in Entra so that it can still come back, or brings it back.</summary>
public sealed record GroupSoftDeleted : GroupDeed
{
    public bool Restored { get; init; }

    internal override DeedResult Do(SimulatedWorld world, WorldChange change) =>
        GroupDesk.Edit(world, change, Group, g => g with { DeletedAt = Restored ? null : world.Clock.GetUtcNow() });
}

/// <summary>Makes a new security group in Entra.</summary>
public sealed record GroupCreated : Deed
{
    public required string Name { get; init; }

    /// <summary>writebackConfiguration.isEnabled.</summary>
    public bool? Writeback { get; init; } = true;

    internal override DeedResult Do(SimulatedWorld world, WorldChange change)
    {
        var id = world.Random.Id("deed.group", Name);
        world.Groups.Put(change, id, new CloudGroup
        {
            Id = id,
            DisplayName = Name,
            WritebackEnabled = Writeback,
            OnPremisesGroupType = Writeback == true ? "universalSecurityGroup" : null,
            Members = [.. GroupDesk.SyncedUsers(world).Take(3)],
        });
        return DeedResult.Done;
    }
}

/// <summary>Enables or disables a group's writeback.</summary>
public sealed record GroupWritebackSet : GroupDeed
{
    public required bool Enabled { get; init; }

    internal override DeedResult Do(SimulatedWorld world, WorldChange change) => GroupDesk.Edit(world, change, Group, g => g with
    {
        WritebackEnabled = Enabled,
        OnPremisesGroupType = Enabled && !g.Unified ? "universalSecurityGroup" : g.OnPremisesGroupType,
    });
}

/// <summary>Says as what a Microsoft 365 group is written.</summary>
public sealed record GroupTypeSet : GroupDeed
{
    /// <summary>writebackConfiguration.onPremisesGroupType; null is a distribution group.</summary>
    public string? Type { get; init; }

    internal override DeedResult Do(SimulatedWorld world, WorldChange change) => GroupDesk.Edit(world, change, Group, g => g with { OnPremisesGroupType = Type });
}

/// <summary>Gives a group another display name in Entra.</summary>
public sealed record GroupRenamed : GroupDeed
{
    public required string Name { get; init; }

    internal override DeedResult Do(SimulatedWorld world, WorldChange change) => GroupDesk.Edit(world, change, Group, g => g with { DisplayName = Name });
}

/// <summary>Gives a security group a mail value, or takes it away.</summary>
public sealed record GroupMailSet : GroupDeed
{
    /// <summary>Null takes it away.</summary>
    public string? Mail { get; init; }

    internal override DeedResult Do(SimulatedWorld world, WorldChange change) => GroupDesk.Edit(world, change, Group, g => g with { Mail = Mail, MailEnabled = Mail is not null });
}

/// <summary>Adds users to a group in Entra and takes others out.</summary>
public sealed record GroupMembersChanged : GroupDeed
{
    public int Added { get; init; }
    public int Removed { get; init; }

    internal override DeedResult Do(SimulatedWorld world, WorldChange change) => GroupDesk.Edit(world, change, Group, g =>
    {
        var users = GroupDesk.SyncedUsers(world).ToHashSet();
        var leave = g.Members.Where(users.Contains).Take(Removed).ToHashSet();
        return g with { Members = [.. g.Members.Where(m => !leave.Contains(m)), .. users.Except(g.Members).Order().Take(Added)] };
    });
}

/// <summary>A busy week: many written groups get another description and another member.</summary>
public sealed record GroupsTouched : Deed
{
    /// <summary>How many, from the first written group on.</summary>
    public required int Count { get; init; }

    internal override DeedResult Do(SimulatedWorld world, WorldChange change)
    {
        var users = GroupDesk.SyncedUsers(world).Order().ToList();
        for (int i = 0; i < Count; i++)
        {
            if (world.Groups.Find(WorldSeeder.GroupId(world, "written", i.ToString(CultureInfo.InvariantCulture))) is not { } group) { continue; }
            var joins = users.Count == 0 || group.Members.Contains(users[i % users.Count]) ? group.Members : [.. group.Members, users[i % users.Count]];
            world.Groups.Put(change, group.Id, group with { Description = string.Create(CultureInfo.InvariantCulture, $"Reviewed again, note {i}"), Members = joins });
        }

        return DeedResult.Done;
    }
}

static class GroupDesk
{
    public static DeedResult Edit(SimulatedWorld world, WorldChange change, string name, Func<CloudGroup, CloudGroup> edit)
    {
        if (world.Groups.Find(world.SeededGroup(name)) is not { } group) { return DeedResult.Refuse("The group is gone."); }
        world.Groups.Put(change, group.Id, edit(group));
        return DeedResult.Done;
    }

    public static IEnumerable<Guid> SyncedUsers(SimulatedWorld world) => world.Principals.Values.Where(p => p is { Kind: PrincipalKind.User, ObjectGuid: not null }).Select(p => p.Id);
}
