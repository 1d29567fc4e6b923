using GwbCloud.Lab.Tenant.OData;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Tenant.Api;

/// <summary>Who is assigned to an app role of a service principal: "selected security groups".</summary>
sealed class AssignmentsApi
{
    readonly SimulatedWorld _world;
    readonly TableIndex _byPrincipal;
    readonly EntityType<AssignmentState> _type;

    public AssignmentsApi(SimulatedWorld world)
    {
        _world = world;
        _byPrincipal = world.Store.Read(() => world.Assignments.IndexBy(a => a.ServicePrincipalId.ToString()));
        _type = new EntityType<AssignmentState>
        {
            Name = "appRoleAssignment",
            Id = a => a.Id,
            Properties =
            [
                Property("id", a => a.Id),
                Property("appRoleId", a => a.AppRoleId),
                Property("principalId", a => a.GroupId, Filters.Equal),
                Property("principalType", _ => "Group"),
                Property("principalDisplayName", a => world.Groups.Find(a.GroupId)?.DisplayName),
                Property("resourceId", a => a.ServicePrincipalId),
                Property("resourceDisplayName", a => world.Apps.Find(a.ServicePrincipalId)?.DisplayName),
                Property("createdDateTime", a => a.MadeAt == default ? null : a.MadeAt),
            ],
        };
    }

    public IEnumerable<GraphRoute> Routes =>
    [
        GraphRoute.Get("servicePrincipals/{id}/appRoleAssignedTo", Needs.ReadAssignments, List, cost: 2),
        GraphRoute.Write("POST", "servicePrincipals/{id}/appRoleAssignedTo", Needs.WriteAssignments, AssignAsync),
        GraphRoute.Write("DELETE", "servicePrincipals/{id}/appRoleAssignedTo/{assignment}", Needs.WriteAssignments, UnassignAsync),
    ];

    static EntityProperty<AssignmentState> Property(string name, Func<AssignmentState, object?> value, Filters filters = Filters.None) =>
        new() { Name = name, Value = value, Default = true, Filters = filters };

    GraphAnswer List(GraphCall call)
    {
        var principal = _world.VisibleApp(call).ServicePrincipalId.ToString();
        return ODataQuery.Page(call, _type, after => _byPrincipal.After(principal, after).Select(k => _world.Assignments[k])
            .Where(a => _world.Clock.Reads(a.MadeAt + Replication.Delay)));
    }

    async Task<GraphAnswer> AssignAsync(GraphCall call)
    {
        var body = call.BodyObject;
        var made = await _world.Store.ChangeAsync(change =>
        {
            var app = _world.VisibleApp(call);
            if (!Guid.TryParse((string?)body["principalId"], out var group) || (string?)body["resourceId"] != app.ServicePrincipalId.ToString("D")
                || (string?)body["appRoleId"] != app.PublicRoleId.ToString("D"))
            {
                throw GraphException.BadRequest("principalId, resourceId and appRoleId do not fit: permission not found on the resource.");
            }

            if (_world.Groups.Find(group) is not { DeletedAt: null })
            {
                throw GraphException.NotFound(group.ToString("D"));
            }

            return _world.Assign(change, app, group, replicated: false) ?? throw GraphException.BadRequest("Permission being assigned already exists on the object");
        });
        return _world.Store.Read(() => ODataQuery.Created(call, _type, made));
    }

    async Task<GraphAnswer> UnassignAsync(GraphCall call)
    {
        await _world.Store.ChangeAsync(change =>
        {
            var app = _world.VisibleApp(call);
            var found = _world.Assignments.Find(call["assignment"]) is { } a && a.ServicePrincipalId == app.ServicePrincipalId ? a : throw GraphException.NotFound(call["assignment"]);
            _world.Assignments.Delete(change, found.Id);
        });
        return GraphAnswer.NoContent;
    }
}
