using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using GwbCloud.Lab.Tenant.OData;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Tenant.Api;

/// <summary>groups, their members and writeback configuration, the deleted ones, and users.</summary>
sealed class GroupsApi
{
    const string Living = "living";
    const string Deleted = "deleted";
    const string UserKind = "user";

    static readonly string[] Settable = ["displayName", "description", "writebackConfiguration"];

    readonly SimulatedWorld _world;
    readonly TenantEntities _entities;
    readonly TableIndex _groups;
    readonly TableIndex _users;

    /// <summary>Members in the order of their ids, for each list of members: lists are never changed, only replaced.</summary>
    readonly ConditionalWeakTable<IReadOnlyList<Guid>, string[]> _sorted = [];

    public GroupsApi(SimulatedWorld world, TenantEntities entities)
    {
        (_world, _entities) = (world, entities);
        (_groups, _users) = world.Store.Read(() => (
            world.Groups.IndexBy(g => g.DeletedAt is null ? Living : Deleted),
            world.Principals.IndexBy(p => p.Kind == PrincipalKind.User ? UserKind : null)));
    }

    public IEnumerable<GraphRoute> Routes =>
    [
        GraphRoute.Get("groups", Needs.ReadGroups, call => ODataQuery.Page(call, _entities.Group, after => GroupsAfter(Living, after))),
        GraphRoute.Get("groups/$count", Needs.ReadGroups, call => ODataQuery.Count(call, _entities.Group, GroupsAfter(Living, null))),
        GraphRoute.Get("groups/{id}", Needs.ReadGroups, call => ODataQuery.One(call, _entities.Group, Find(call))),
        GraphRoute.Write("PATCH", "groups/{id}", Needs.WriteGroups, PatchAsync),
        GraphRoute.Get("groups/{id}/members", Needs.ReadMembers, call => ODataQuery.Page(call, _entities.Member, after => MembersAfter(Find(call), after)), cost: 3),
        GraphRoute.Get("groups/{id}/members/$count", Needs.ReadMembers, call => ODataQuery.Count(call, _entities.Member, MembersAfter(Find(call), null)), cost: 3),
        GraphRoute.Get("groups/{id}/members/{cast}", Needs.ReadMembers, MembersOfType, cost: 3),
        GraphRoute.Get("groups/{id}/members/{cast}/$count", Needs.ReadMembers, CountOfType, cost: 3),
        GraphRoute.Get("groups/{id}/transitiveMembers", Needs.ReadMembers, call => ODataQuery.Page(call, _entities.Member, TransitiveMembers(Find(call))), cost: 5),
        GraphRoute.Get("groups/{id}/transitiveMembers/$count", Needs.ReadMembers, call => ODataQuery.Count(call, _entities.Member, TransitiveMembers(Find(call))), cost: 5),
        GraphRoute.Get("users", Needs.ReadUsers, call => ODataQuery.Page(call, _entities.User, UsersAfter)),
        GraphRoute.Get("users/$count", Needs.ReadUsers, call => ODataQuery.Count(call, _entities.User, UsersAfter(null))),
        GraphRoute.Get("users/{id}", Needs.ReadUsers, call => ODataQuery.One(call, _entities.User, FindUser(call))),
        GraphRoute.Get("directory/deletedItems/microsoft.graph.group", Needs.ReadGroups, call => ODataQuery.Page(call, _entities.Group, after => GroupsAfter(Deleted, after))),
        GraphRoute.Get("directory/deletedItems/microsoft.graph.group/{id}", Needs.ReadGroups, call => ODataQuery.One(call, _entities.Group, FindDeleted(call))),
        GraphRoute.Get("directory/deletedItems/{id}", Needs.ReadGroups, call => ODataQuery.One(call, _entities.Group, FindDeleted(call))),
        GraphRoute.Read("POST", "directoryObjects/getByIds", Needs.ReadMembers, GetByIds, cost: 3),
    ];

    IEnumerable<CloudGroup> GroupsAfter(string state, string? after) => _groups.After(state, after).Select(k => _world.Groups[k]);

    IEnumerable<CloudPrincipal> UsersAfter(string? after) => _users.After(UserKind, after).Select(k => _world.Principals[k]);

    CloudGroup Find(GraphCall call) => _world.Groups.Find(call.Id("id")) is { DeletedAt: null } group ? group : throw GraphException.NotFound(call["id"]);

    CloudGroup FindDeleted(GraphCall call) => _world.Groups.Find(call.Id("id")) is { DeletedAt: not null } group ? group : throw GraphException.NotFound(call["id"]);

    CloudPrincipal FindUser(GraphCall call)
    {
        var key = call["id"];
        var user = Guid.TryParse(key, out var id)
            ? _world.Principals.Find(id)
            : UsersAfter(null).FirstOrDefault(u => _entities.UserPrincipalName(u).Equals(key, StringComparison.OrdinalIgnoreCase));
        return user is { Kind: PrincipalKind.User } ? user : throw GraphException.NotFound(key);
    }

    IEnumerable<DirectoryObject> MembersAfter(CloudGroup group, string? after)
    {
        var keys = _sorted.GetValue(group.Members, members => [.. members.Select(TenantEntities.Key).Order(StringComparer.Ordinal)]);
        var from = after is null ? 0 : Array.BinarySearch(keys, after, StringComparer.Ordinal) is var at and >= 0 ? at + 1 : ~Array.BinarySearch(keys, after, StringComparer.Ordinal);
        for (; from < keys.Length; from++)
        {
            if (_entities.Find(Guid.Parse(keys[from])) is { } found)
            {
                yield return found;
            }
        }
    }

    GraphAnswer MembersOfType(GraphCall call)
    {
        var group = Find(call);
        return call["cast"] switch
        {
            "microsoft.graph.user" => ODataQuery.Page(call, _entities.User, after => PrincipalsAfter(group, PrincipalKind.User, after)),
            "microsoft.graph.device" => ODataQuery.Page(call, _entities.Device, after => PrincipalsAfter(group, PrincipalKind.Device, after)),
            "microsoft.graph.group" => ODataQuery.Page(call, _entities.Group, after => MembersAfter(group, after).Select(m => m.Group).OfType<CloudGroup>()),
            var other => throw GraphException.NoSuchSegment(other),
        };
    }

    GraphAnswer CountOfType(GraphCall call)
    {
        var group = Find(call);
        return call["cast"] switch
        {
            "microsoft.graph.user" => ODataQuery.Count(call, _entities.User, PrincipalsAfter(group, PrincipalKind.User, null)),
            "microsoft.graph.device" => ODataQuery.Count(call, _entities.Device, PrincipalsAfter(group, PrincipalKind.Device, null)),
            "microsoft.graph.group" => ODataQuery.Count(call, _entities.Group, MembersAfter(group, null).Select(m => m.Group).OfType<CloudGroup>()),
            var other => throw GraphException.NoSuchSegment(other),
        };
    }

    IEnumerable<CloudPrincipal> PrincipalsAfter(CloudGroup group, PrincipalKind kind, string? after) =>
        MembersAfter(group, after).Select(m => m.Principal).OfType<CloudPrincipal>().Where(p => p.Kind == kind);

    List<DirectoryObject> TransitiveMembers(CloudGroup group)
    {
        var found = new Dictionary<Guid, DirectoryObject>();
        var open = new Queue<CloudGroup>([group]);
        while (open.TryDequeue(out var next))
        {
            foreach (var member in MembersAfter(next, null).Where(m => found.TryAdd(m.Id, m)))
            {
                if (member.Group is { } nested)
                {
                    open.Enqueue(nested);
                }
            }
        }

        return [.. found.Values];
    }

    GraphAnswer GetByIds(GraphCall call)
    {
        ODataQuery.DemandKnown(call, "$select");
        var ids = (call.BodyObject["ids"] as JsonArray ?? throw GraphException.BadRequest("ids is required.")).Select(i => Guid.Parse((string)i!)).ToList();
        var types = (call.BodyObject["types"] as JsonArray)?.Select(t => $"#microsoft.graph.{(string?)t}").ToHashSet();
        if (ids.Count is 0 or > 1000)
        {
            throw GraphException.BadRequest("ids takes 1 to 1000 values.");
        }

        // What does not exist is left out, without a word.
        var found = ids.Distinct().Select(_entities.Find).OfType<DirectoryObject>().Where(o => types is null || types.Contains(o.ODataType));
        return ODataQuery.Page(call, _entities.Member with { DefaultPage = 1000 }, found);
    }

    async Task<GraphAnswer> PatchAsync(GraphCall call)
    {
        ODataQuery.DemandKnown(call);
        var id = call.Id("id");
        var body = call.BodyObject;
        if (body.FirstOrDefault(p => !Settable.Contains(p.Key) && !p.Key.StartsWith("extension_", StringComparison.Ordinal)) is { Key: { } unknown })
        {
            throw GraphException.BadRequest($"Property '{unknown}' is read-only or does not exist.");
        }

        if (!call.IsBeta && body.ContainsKey("writebackConfiguration"))
        {
            throw GraphException.BadRequest("Invalid property 'writebackConfiguration'.");
        }

        await _world.Store.ChangeAsync(change =>
        {
            var group = Find(call);
            if (group.RoleAssignable)
            {
                call.Caller.Demand(Needs.WriteRoleAssignableGroups);
            }

            if (group.OnPremisesSynced)
            {
                throw GraphException.BadRequest("Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.");
            }

            foreach (var (name, value) in body)
            {
                group = Set(group, name, value);
            }

            _world.Groups.Put(change, id, group);
        });
        return GraphAnswer.NoContent;
    }

    CloudGroup Set(CloudGroup group, string name, JsonNode? value)
    {
        switch (name)
        {
            case "displayName":
                return group with { DisplayName = (string?)value ?? throw GraphException.BadRequest("displayName can't be null.") };
            case "description":
                return group with { Description = (string?)value };
            case "writebackConfiguration":
                var configuration = value as JsonObject ?? throw GraphException.BadRequest("writebackConfiguration is an object.");
                var kept = _world.Switches.WritebackPatchReplaces ? null : group;
                return group with
                {
                    WritebackEnabled = configuration.ContainsKey("isEnabled") ? (bool?)configuration["isEnabled"] : kept?.WritebackEnabled,
                    OnPremisesGroupType = configuration.ContainsKey("onPremisesGroupType") ? (string?)configuration["onPremisesGroupType"] : kept?.OnPremisesGroupType,
                };
            default:
                if (!_world.DeclaresExtension(name))
                {
                    throw GraphException.BadRequest($"The following extension properties are not available: {name}.");
                }

                if (_world.Suffers(Sabotage.GroupDnNotWritten) && value is not null)
                {
                    return group;
                }

                var extensions = group.Extensions.Where(e => e.Key != name).ToDictionary(e => e.Key, e => e.Value);
                if ((string?)value is { } text)
                {
                    extensions[name] = text.Length <= 256 ? text : throw GraphException.BadRequest($"Invalid value specified for property '{name}' of resource 'Group'.");
                }

                return group with { Extensions = extensions };
        }
    }
}
