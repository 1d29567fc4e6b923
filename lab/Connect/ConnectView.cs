using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Connect;

/// <summary>What follows from the tables and is needed often: who changed since a server looked, and which AD object a member is.</summary>
/// <remarks>A reopened world begins with everything changed; looking again at what did not change finds nothing.</remarks>
sealed class ConnectView
{
    readonly SimulatedWorld _world;
    readonly Dictionary<Guid, Guid> _objectOf = [];
    readonly Dictionary<string, HashSet<Guid>> _changed = new(StringComparer.Ordinal);

    /// <summary>Members whose AD object came or went, so that groups with them have to be looked at.</summary>
    readonly Dictionary<string, HashSet<Guid>> _appeared = new(StringComparer.Ordinal);

    public ConnectView(SimulatedWorld world)
    {
        _world = world;
        world.Groups.Changed += (key, _, _) => Mark(_changed, Guid.Parse(key));
        world.Principals.Changed += (key, _, after) =>
        {
            var id = Guid.Parse(key);
            if (after?.ObjectGuid is { } o) { _objectOf[id] = o; }
            else { _objectOf.Remove(id); }
            Mark(_appeared, id);
        };
        world.Objects.Changed += (_, before, after) =>
        {
            if (CloudIdOf(after ?? before!) is not { } id) { return; }
            Mark(_changed, id);
            if (before?.DeletedAt != after?.DeletedAt || before is null || after is null) { Mark(_appeared, id); }
        };
        world.Servers.Changed += (name, _, _) => Know(name);
        world.Store.Read(() =>
        {
            foreach (var p in world.Principals.Values)
            {
                if (p.ObjectGuid is { } o) { _objectOf.Add(p.Id, o); }
            }
            foreach (string name in world.Servers.Keys)
            {
                Know(name);
                _changed[name].UnionWith(world.Groups.Keys.Select(Guid.Parse));
                _changed[name].UnionWith(world.ConnectorObjects.Values.Where(o => o.Server == name).Select(o => o.CloudId));
            }
            return true;
        });
    }

    /// <summary>The cloud group that an AD object names in adminDescription.</summary>
    public static Guid? CloudIdOf(AdObject o) =>
        o.AdminDescription is { Length: > 6 } text && text.StartsWith("Group_", StringComparison.OrdinalIgnoreCase) && Guid.TryParseExact(text[6..], "D", out var id) ? id : null;

    /// <summary>The AD object of a member, or null: it has none, or it is gone.</summary>
    public Guid? ObjectOf(Guid member)
    {
        // What another forest holds has no object in the connector space that the group is written from.
        if (_objectOf.TryGetValue(member, out var o)) { return _world.Forest.Find(o) is { } found && _world.Forest.IsAtHome(found) ? o : null; }
        return _world.Groups.Find(member) is { } group && _world.Forest.FindByAdminDescription(group.Anchor) is [var written, ..] ? written.ObjectGuid : null;
    }

    /// <summary>Groups that a server has to look at since it looked last, in order.</summary>
    public IReadOnlyList<Guid> TakeChanged(string server)
    {
        var (changed, appeared) = (_changed[server], _appeared[server]);
        if (appeared.Count > 0)
        {
            changed.UnionWith(_world.Groups.Values.Where(g => g.Members.Any(appeared.Contains)).Select(g => g.Id));
            appeared.Clear();
        }
        Guid[] taken = [.. changed.Order()];
        changed.Clear();
        return taken;
    }

    /// <summary>Has a server look at a group again in its next cycle.</summary>
    public void Remind(string server, Guid cloudId) => _changed[server].Add(cloudId);

    void Know(string server)
    {
        if (_changed.TryAdd(server, [])) { _appeared.Add(server, []); }
    }

    static void Mark(Dictionary<string, HashSet<Guid>> sets, Guid id)
    {
        foreach (var set in sets.Values) { set.Add(id); }
    }
}
