using System.Text.Json.Nodes;
using GwbCloud.Lab.Tenant.OData;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Tenant.Api;

/// <summary>groups, their members and writeback configuration, and the deleted ones.</summary>
sealed class GroupsApi(SimulatedWorld world)
{
    static readonly string[] Settable = ["displayName", "description", "writebackConfiguration"];

    public IEnumerable<GraphRoute> Routes =>
    [
        GraphRoute.To("GET", "groups", call => GroupPage(call, deleted: false)),
        GraphRoute.To("GET", "groups/$count", call => ODataQuery.Count(call, TenantEntities.Group, All())),
        GraphRoute.To("GET", "groups/{id}", call => ODataQuery.One(call, TenantEntities.Group, Find(call))),
        GraphRoute.To("PATCH", "groups/{id}", PatchAsync),
        GraphRoute.To("GET", "groups/{id}/members", MemberPage),
        GraphRoute.To("GET", "groups/{id}/members/$count", call => ODataQuery.Count(call, TenantEntities.Member, Members(call, cast: null))),
        GraphRoute.To("GET", "groups/{id}/members/{cast}", call => ODataQuery.Page(call, Cast(call), Members(call, call["cast"]))),
        GraphRoute.To("GET", "groups/{id}/members/{cast}/$count", call => ODataQuery.Count(call, Cast(call), Members(call, call["cast"]))),
        GraphRoute.To("GET", "users", call => ODataQuery.Page(call, TenantEntities.User, Users())),
        GraphRoute.To("GET", "users/{id}", call => ODataQuery.One(call, TenantEntities.User, FindUser(call))),
        GraphRoute.To("GET", "directory/deletedItems/microsoft.graph.group", call => GroupPage(call, deleted: true)),
        GraphRoute.To("GET", "directory/deletedItems/microsoft.graph.group/{id}", DeletedGroup),
        GraphRoute.To("GET", "directory/deletedItems/{id}", DeletedGroup),
        GraphRoute.To("POST", "directoryObjects/getByIds", GetByIds),
    ];

    GraphAnswer GroupPage(GraphCall call, bool deleted) => world.Store.Read(() =>
    {
        var domain = world.Tenant.Domain;
        return ODataQuery.Page(call, TenantEntities.Group, world.Groups.All.Where(g => g.Value.DeletedAt is not null == deleted), group => TenantEntities.From(group, domain));
    });

    GraphAnswer MemberPage(GraphCall call)
    {
        var id = call.Id("id");
        return world.Store.Read(() =>
        {
            var group = world.Groups.Find(id) is { DeletedAt: null } found ? found : throw GraphException.NotFound(call["id"]);
            var members = group.Members.Select(m => KeyValuePair.Create(m.ToString("D"), m)).OrderBy(m => m.Key, StringComparer.Ordinal);
            return ODataQuery.Page(call, TenantEntities.Member, members, Object);
        });
    }

    List<JsonObject> All() => world.Store.Read(() => world.Groups.Values.Where(g => g.DeletedAt is null).Select(g => TenantEntities.From(g, world.Tenant.Domain))
        .ToList());

    List<JsonObject> Users() => world.Store.Read(() => world.Principals.Values.Where(p => p.Kind == PrincipalKind.User)
        .Select(p => Plain(TenantEntities.From(p, world.Tenant.Domain))).ToList());

    JsonObject FindUser(GraphCall call) =>
        Users().FirstOrDefault(u => (string?)u["id"] == call["id"] || call["id"].Equals((string?)u["userPrincipalName"], StringComparison.OrdinalIgnoreCase))
        ?? throw GraphException.NotFound(call["id"]);

    GraphAnswer DeletedGroup(GraphCall call)
    {
        var id = call.Id("id");
        return world.Store.Read(() => world.Groups.Find(id) is { DeletedAt: not null } group
            ? ODataQuery.One(call, TenantEntities.Group, TenantEntities.From(group, world.Tenant.Domain))
            : throw GraphException.NotFound(call["id"]));
    }

    JsonObject Find(GraphCall call) => Object(call.Id("id")) is { } found && (string?)found["@odata.type"] is null or "#microsoft.graph.group"
        ? Plain(found)
        : throw GraphException.NotFound(call["id"]);

    static JsonObject Plain(JsonObject? entity)
    {
        entity!.Remove("@odata.type");
        return entity;
    }

    /// <summary>A user, device or group that is not deleted.</summary>
    JsonObject? Object(Guid id) => world.Store.Read(() =>
        world.Groups.Find(id) is { DeletedAt: null } group ? Typed(TenantEntities.From(group, world.Tenant.Domain))
        : world.Principals.Find(id) is { } principal ? TenantEntities.From(principal, world.Tenant.Domain)
        : null);

    static JsonObject Typed(JsonObject group)
    {
        group["@odata.type"] = "#microsoft.graph.group";
        return group;
    }

    List<JsonObject> Members(GraphCall call, string? cast)
    {
        var id = call.Id("id");
        return world.Store.Read(() =>
        {
            var group = world.Groups.Find(id) is { DeletedAt: null } found ? found.Members
                : throw GraphException.NotFound(call["id"]);
            return group.Select(Object).OfType<JsonObject>()
                .Where(m => cast is null || (string?)m["@odata.type"] == $"#{cast}")
                .OrderBy(m => (string)m["id"]!, StringComparer.Ordinal).ToList();
        });
    }

    static EntityType Cast(GraphCall call) => call["cast"] switch
    {
        "microsoft.graph.user" => TenantEntities.User,
        "microsoft.graph.device" => TenantEntities.Device,
        "microsoft.graph.group" => TenantEntities.Group,
        var other => throw GraphException.NoSuchSegment(other),
    };

    GraphAnswer GetByIds(GraphCall call)
    {
        ODataQuery.DemandKnown(call, "$select");
        var ids = (call.BodyObject["ids"] as JsonArray ?? throw GraphException.BadRequest("ids is required.")).Select(i => Guid.Parse((string)i!)).ToList();
        var types = (call.BodyObject["types"] as JsonArray)?.Select(t => $"#microsoft.graph.{(string?)t}").ToHashSet();
        if (ids.Count is 0 or > 1000)
        {
            throw GraphException.BadRequest("ids takes 1 to 1000 values.");
        }

        var found = ids.Distinct().Select(Object).OfType<JsonObject>().Where(o => types is null || types.Contains((string)o["@odata.type"]!));
        return ODataQuery.Page(call with { Query = call.Query }, TenantEntities.Member, found, defaultPage: 1000);
    }

    async Task<GraphAnswer> PatchAsync(GraphCall call)
    {
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

        await world.Store.ChangeAsync(change =>
        {
            var group = world.Groups.Find(id) is { DeletedAt: null } found ? found : throw GraphException.NotFound(call["id"]);
            foreach (var (name, value) in body)
            {
                group = Set(group, name, value);
            }

            world.Groups.Put(change, id, group);
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
                return group with
                {
                    WritebackEnabled = configuration.ContainsKey("isEnabled") ? (bool?)configuration["isEnabled"] : group.WritebackEnabled,
                    OnPremisesGroupType = configuration.ContainsKey("onPremisesGroupType") ? (string?)configuration["onPremisesGroupType"] : group.OnPremisesGroupType,
                };
            default:
                if (!world.Applications.Values.Any(a => a.Extensions.Values.Any(e => a.PropertyName(e) == name)))
                {
                    throw GraphException.BadRequest($"The following extension properties are not available: {name}.");
                }

                if (world.Suffers(Sabotage.GroupDnNotWritten) && value is not null)
                {
                    return group;
                }

                var extensions = group.Extensions.Where(e => e.Key != name).ToDictionary(e => e.Key, e => e.Value);
                if ((string?)value is { } text)
                {
                    extensions[name] = text;
                }

                return group with { Extensions = extensions };
        }
    }
}
