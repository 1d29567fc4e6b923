using System.Text.Json.Nodes;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Tenant.OData;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Tenant.Api;

/// <summary>Applications and service principals: the gallery template of Cloud Sync, the app of the GroupDN extension, and who is assigned.</summary>
sealed class ApplicationsApi(SimulatedWorld world)
{
    /// <summary>Gallery template "Microsoft Entra ID to Active Directory".</summary>
    public const string CloudSyncTemplate = "fb81332f-3eca-4ecf-a939-4278e501d330";

    /// <summary>App role of the public cloud whose assignment puts a group in scope.</summary>
    public static readonly Guid PublicRole = new("1a0abf4d-b9fa-4512-a3a2-51ee82c6fd9f");

    static readonly EntityType Application = new()
    {
        Name = "application",
        Default = ["id", "appId", "displayName", "identifierUris", "applicationTemplateId", "appRoles"],
        Filterable = ["id", "appId", "displayName", "identifierUris"],
    };

    static readonly EntityType ServicePrincipal = new()
    {
        Name = "servicePrincipal",
        Default = ["id", "appId", "displayName", "appRoles", "applicationTemplateId", "servicePrincipalType", "accountEnabled", "tags"],
        Filterable = ["id", "appId", "displayName", "applicationTemplateId", "servicePrincipalType"],
    };

    static readonly EntityType Assignment = new()
    {
        Name = "appRoleAssignment",
        Default = ["id", "appRoleId", "principalId", "principalType", "principalDisplayName", "resourceId", "resourceDisplayName", "createdDateTime"],
        Filterable = ["principalId"],
    };

    static readonly EntityType Template = new() { Name = "applicationTemplate", Default = ["id", "displayName", "publisher", "supportedProvisioningTypes"] };

    static readonly EntityType Extension = new()
    {
        Name = "extensionProperty",
        Default = ["id", "name", "dataType", "targetObjects", "appDisplayName", "isSyncedFromOnPremises"],
    };

    public IEnumerable<GraphRoute> Routes =>
    [
        GraphRoute.To("GET", "applicationTemplates/{id}", call => ODataQuery.One(call, Template, ReadTemplate(call["id"]))),
        GraphRoute.To("POST", "applicationTemplates/{id}/instantiate", InstantiateAsync),
        GraphRoute.To("GET", "applications", call => ODataQuery.Page(call, Application, Applications())),
        GraphRoute.To("POST", "applications", CreateApplicationAsync),
        GraphRoute.To("GET", "applications/{id}", call => ODataQuery.One(call, Application, FindApplication(call))),
        GraphRoute.To("DELETE", "applications/{id}", DeleteApplicationAsync),
        GraphRoute.To("GET", "applications/{id}/extensionProperties", call => ODataQuery.Page(call, Extension, Extensions(call))),
        GraphRoute.To("POST", "applications/{id}/extensionProperties", CreateExtensionAsync),
        GraphRoute.To("DELETE", "applications/{id}/extensionProperties/{extension}", DeleteExtensionAsync),
        GraphRoute.To("GET", "servicePrincipals", call => ODataQuery.Page(call, ServicePrincipal, ServicePrincipals())),
        GraphRoute.To("POST", "servicePrincipals", CreateServicePrincipalAsync),
        GraphRoute.To("GET", "servicePrincipals/{id}", call => ODataQuery.One(call, ServicePrincipal, FindServicePrincipal(call))),
        GraphRoute.To("DELETE", "servicePrincipals/{id}", DeleteServicePrincipalAsync),
        GraphRoute.To("GET", "servicePrincipals/{id}/appRoleAssignedTo", call => ODataQuery.Page(call, Assignment, Assignments(call))),
        GraphRoute.To("POST", "servicePrincipals/{id}/appRoleAssignedTo", AssignAsync),
        GraphRoute.To("DELETE", "servicePrincipals/{id}/appRoleAssignedTo/{assignment}", UnassignAsync),
    ];

    static JsonObject ReadTemplate(string id) => id == CloudSyncTemplate
        ? new JsonObject
        {
            ["id"] = id,
            ["displayName"] = "Microsoft Entra ID to Active Directory",
            ["publisher"] = "Microsoft",
            ["supportedProvisioningTypes"] = new JsonArray("sync"),
        }
        : throw GraphException.NotFound(id);

    async Task<GraphAnswer> InstantiateAsync(GraphCall call)
    {
        ReadTemplate(call["id"]);
        var name = (string?)call.BodyObject["displayName"] is { Length: > 0 } given ? given : throw GraphException.BadRequest("displayName is required.");
        var app = await world.Store.ChangeAsync(change =>
        {
            var key = $"{name}#{world.NextNumber(change, "apps")}";
            var made = new AppState
            {
                ApplicationObjectId = world.NewId("application", key),
                AppId = world.NewId("appId", key),
                ServicePrincipalId = world.NewId("servicePrincipal", key),
                DisplayName = name,
                TemplateId = CloudSyncTemplate,
                PublicRoleId = PublicRole,
                VisibleAt = world.Clock.GetUtcNow() + TenantWorld.ReplicationDelay,
            };
            world.Apps.Put(change, made.ServicePrincipalId, made);
            return made;
        });
        return GraphAnswer.Created(new JsonObject
        {
            ["application"] = ApplicationOf(app),
            // The beta answer has the service principal's id under its old name too.
            ["servicePrincipal"] = call.IsBeta ? With(From(app), "objectId", app.ServicePrincipalId.ToString("D")) : From(app),
        });
    }

    List<JsonObject> Applications() => world.Store.Read(() => world.Applications.Values.Select(ApplicationOf)
        .Concat(world.Apps.Values.Where(IsVisible).Select(ApplicationOf))
        .OrderBy(a => (string)a["id"]!, StringComparer.Ordinal).ToList());

    List<JsonObject> ServicePrincipals() => world.Store.Read(() => world.Apps.Values.Where(IsVisible).Select(From)
        .Concat(world.Applications.Values.Where(a => a.ServicePrincipalId is not null).Select(PrincipalOf))
        .OrderBy(a => (string)a["id"]!, StringComparer.Ordinal).ToList());

    JsonObject FindServicePrincipal(GraphCall call) =>
        RecordOf(call.Id("id")) is { } record ? PrincipalOf(record) : From(world.VisibleApp(call));

    ApplicationRecord? RecordOf(Guid servicePrincipal) =>
        world.Store.Read(() => world.Applications.Values.FirstOrDefault(a => a.ServicePrincipalId == servicePrincipal));

    async Task<GraphAnswer> CreateServicePrincipalAsync(GraphCall call)
    {
        if (!Guid.TryParse((string?)call.BodyObject["appId"], out var appId))
        {
            throw GraphException.BadRequest("appId is required.");
        }

        var made = await world.Store.ChangeAsync(change =>
        {
            var found = world.Applications.Values.FirstOrDefault(a => a.AppId == appId)
                ?? throw GraphException.BadRequest($"When using this permission, the backing application of the service principal being created must in the local tenant.");
            if (found.ServicePrincipalId is not null)
            {
                throw new GraphException(409, "Request_MultipleObjectsWithSameKeyValue", $"The service principal cannot be created, updated, or restored because the service principal name {appId:D} is already in use.");
            }

            var changed = found with { ServicePrincipalId = world.NewId("servicePrincipal", $"{found.ObjectId:D}#{world.NextNumber(change, "servicePrincipals")}") };
            world.Applications.Put(change, found.ObjectId, changed);
            return changed;
        });
        return GraphAnswer.Created(PrincipalOf(made));
    }

    bool IsVisible(AppState app) => app.VisibleAt <= world.Clock.GetUtcNow();

    JsonObject FindApplication(GraphCall call) =>
        Applications().FirstOrDefault(a => (string)a["id"]! == call.Id("id").ToString("D")) ?? throw GraphException.NotFound(call["id"]);

    async Task<GraphAnswer> CreateApplicationAsync(GraphCall call)
    {
        var body = call.BodyObject;
        var name = (string?)body["displayName"] is { Length: > 0 } given ? given : throw GraphException.BadRequest("displayName is required.");
        var uris = (body["identifierUris"] as JsonArray ?? []).Select(u => (string)u!).ToList();
        var application = await world.Store.ChangeAsync(change =>
        {
            if (world.Applications.Values.Any(a => a.IdentifierUris.Intersect(uris).Any()))
            {
                throw GraphException.BadRequest("Another object with the same value for property identifierUris already exists.");
            }

            var key = $"{name}#{world.NextNumber(change, "applications")}";
            var made = new ApplicationRecord
            {
                ObjectId = world.NewId("application", key),
                AppId = world.NewId("appId", key),
                DisplayName = name,
                IdentifierUris = uris,
            };
            world.Applications.Put(change, made.ObjectId, made);
            return made;
        });
        return GraphAnswer.Created(ApplicationOf(application));
    }

    async Task<GraphAnswer> DeleteApplicationAsync(GraphCall call)
    {
        var id = call.Id("id");
        await world.Store.ChangeAsync(change =>
        {
            if (world.Apps.Values.FirstOrDefault(a => a.ApplicationObjectId == id) is { } app)
            {
                Remove(change, app);
            }
            else if (world.Applications.Find(id) is { } application)
            {
                // Its extension properties go with it, and with them what groups hold in them.
                foreach (var name in application.Extensions.Values)
                {
                    Clear(change, application.PropertyName(name));
                }

                world.Applications.Delete(change, id);
            }
            else
            {
                throw GraphException.NotFound(call["id"]);
            }
        });
        return GraphAnswer.NoContent;
    }

    async Task<GraphAnswer> DeleteServicePrincipalAsync(GraphCall call)
    {
        if (RecordOf(call.Id("id")) is { } record)
        {
            await world.Store.ChangeAsync(change => world.Applications.Put(change, record.ObjectId, record with { ServicePrincipalId = null }));
            return GraphAnswer.NoContent;
        }

        var app = world.VisibleApp(call);
        await world.Store.ChangeAsync(change => Remove(change, app));
        return GraphAnswer.NoContent;
    }

    // Jobs end with their service principal; what they wrote stays.
    void Remove(WorldChange change, AppState app)
    {
        foreach (var job in world.Jobs.Values.Where(j => j.ServicePrincipalId == app.ServicePrincipalId).ToList())
        {
            world.Jobs.Delete(change, job.Id);
        }

        foreach (var assignment in world.Assignments.Values.Where(a => a.ServicePrincipalId == app.ServicePrincipalId).ToList())
        {
            world.Assignments.Delete(change, assignment.Id);
        }

        world.Apps.Delete(change, app.ServicePrincipalId);
    }

    ApplicationRecord FindRecord(GraphCall call) =>
        world.Store.Read(() => world.Applications.Find(call.Id("id"))) ?? throw GraphException.NotFound(call["id"]);

    List<JsonObject> Extensions(GraphCall call)
    {
        var application = FindRecord(call);
        return [.. application.Extensions.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => ExtensionOf(application, e.Key))];
    }

    async Task<GraphAnswer> CreateExtensionAsync(GraphCall call)
    {
        var body = call.BodyObject;
        var name = (string?)body["name"];
        var targets = (body["targetObjects"] as JsonArray ?? []).Select(t => (string?)t).ToList();
        if (string.IsNullOrEmpty(name) || (string?)body["dataType"] != "String" || targets is not ["Group"])
        {
            throw GraphException.BadRequest("An extension property needs name, dataType String and targetObjects Group.");
        }

        var (application, id) = await world.Store.ChangeAsync(change =>
        {
            var found = FindRecord(call);
            if (found.Extensions.Values.Contains(name))
            {
                throw GraphException.BadRequest($"An extension property exists with the name {found.PropertyName(name)}.");
            }

            var key = world.NewId("extensionProperty", $"{found.ObjectId:D}/{name}").ToString("D");
            var changed = found with { Extensions = new Dictionary<string, string>(found.Extensions) { [key] = name } };
            world.Applications.Put(change, found.ObjectId, changed);
            return (changed, key);
        });
        return GraphAnswer.Created(ExtensionOf(application, id));
    }

    async Task<GraphAnswer> DeleteExtensionAsync(GraphCall call)
    {
        await world.Store.ChangeAsync(change =>
        {
            var application = FindRecord(call);
            if (!application.Extensions.TryGetValue(call["extension"], out var name))
            {
                throw GraphException.NotFound(call["extension"]);
            }

            Clear(change, application.PropertyName(name));
            world.Applications.Put(change, application.ObjectId, application with
            {
                Extensions = application.Extensions.Where(e => e.Key != call["extension"]).ToDictionary(e => e.Key, e => e.Value),
            });
        });
        return GraphAnswer.NoContent;
    }

    void Clear(WorldChange change, string property)
    {
        foreach (var group in world.Groups.Values.Where(g => g.Extensions.ContainsKey(property)).ToList())
        {
            world.Groups.Put(change, group.Id, group with { Extensions = group.Extensions.Where(e => e.Key != property).ToDictionary(e => e.Key, e => e.Value) });
        }
    }

    List<JsonObject> Assignments(GraphCall call)
    {
        var app = world.VisibleApp(call);
        return world.Store.Read(() => world.Assignments.Values.Where(a => a.ServicePrincipalId == app.ServicePrincipalId).Select(a => From(a, app)).ToList());
    }

    async Task<GraphAnswer> AssignAsync(GraphCall call)
    {
        call.Caller.Demand(GraphPermissions.AppRoleAssignmentReadWriteAll);
        var app = world.VisibleApp(call);
        var body = call.BodyObject;
        if (!Guid.TryParse((string?)body["principalId"], out var group) || (string?)body["resourceId"] != app.ServicePrincipalId.ToString("D")
            || (string?)body["appRoleId"] != app.PublicRoleId.ToString("D"))
        {
            throw GraphException.BadRequest("principalId, resourceId and appRoleId do not fit: permission not found on the resource.");
        }

        var made = await world.Store.ChangeAsync(change =>
        {
            if (world.Groups.Find(group) is not { DeletedAt: null })
            {
                throw GraphException.NotFound(group.ToString("D"));
            }

            return world.Assign(change, app, group) ?? throw GraphException.BadRequest("Permission being assigned already exists on the object");
        });
        return GraphAnswer.Created(From(made, app));
    }

    async Task<GraphAnswer> UnassignAsync(GraphCall call)
    {
        call.Caller.Demand(GraphPermissions.AppRoleAssignmentReadWriteAll);
        var app = world.VisibleApp(call);
        await world.Store.ChangeAsync(change =>
        {
            var found = world.Assignments.Find(call["assignment"]) is { } a && a.ServicePrincipalId == app.ServicePrincipalId ? a : throw GraphException.NotFound(call["assignment"]);
            world.Assignments.Delete(change, found.Id);
        });
        return GraphAnswer.NoContent;
    }

    static JsonObject ApplicationOf(AppState app) => new()
    {
        ["id"] = app.ApplicationObjectId.ToString("D"),
        ["appId"] = app.AppId.ToString("D"),
        ["displayName"] = app.DisplayName,
        ["identifierUris"] = new JsonArray(),
        ["applicationTemplateId"] = app.TemplateId,
        ["appRoles"] = Roles(app),
    };

    static JsonObject ApplicationOf(ApplicationRecord application) => new()
    {
        ["id"] = application.ObjectId.ToString("D"),
        ["appId"] = application.AppId.ToString("D"),
        ["displayName"] = application.DisplayName,
        ["identifierUris"] = new JsonArray([.. application.IdentifierUris.Select(u => (JsonNode)u)]),
        ["applicationTemplateId"] = null,
        ["appRoles"] = new JsonArray(),
    };

    static JsonObject From(AppState app) => new()
    {
        ["id"] = app.ServicePrincipalId.ToString("D"),
        ["appId"] = app.AppId.ToString("D"),
        ["displayName"] = app.DisplayName,
        ["appRoles"] = Roles(app),
        ["applicationTemplateId"] = app.TemplateId,
        ["servicePrincipalType"] = "Application",
        ["accountEnabled"] = true,
        ["tags"] = new JsonArray("WindowsAzureActiveDirectoryIntegratedApp"),
    };

    static JsonObject PrincipalOf(ApplicationRecord application) => new()
    {
        ["id"] = application.ServicePrincipalId!.Value.ToString("D"),
        ["appId"] = application.AppId.ToString("D"),
        ["displayName"] = application.DisplayName,
        ["appRoles"] = new JsonArray(),
        ["applicationTemplateId"] = null,
        ["servicePrincipalType"] = "Application",
        ["accountEnabled"] = true,
        ["tags"] = new JsonArray(),
    };

    static JsonArray Roles(AppState app) => new(new JsonObject
    {
        ["id"] = app.PublicRoleId.ToString("D"),
        ["allowedMemberTypes"] = new JsonArray("User"),
        ["displayName"] = "User",
        ["description"] = "User",
        ["isEnabled"] = true,
        ["value"] = null,
    });

    static JsonObject ExtensionOf(ApplicationRecord application, string id) => new()
    {
        ["id"] = id,
        ["name"] = application.PropertyName(application.Extensions[id]),
        ["dataType"] = "String",
        ["targetObjects"] = new JsonArray("Group"),
        ["appDisplayName"] = application.DisplayName,
        ["isSyncedFromOnPremises"] = false,
    };

    JsonObject From(AssignmentState assignment, AppState app) => new()
    {
        ["id"] = assignment.Id,
        ["appRoleId"] = assignment.AppRoleId.ToString("D"),
        ["principalId"] = assignment.GroupId.ToString("D"),
        ["principalType"] = "Group",
        ["principalDisplayName"] = world.Store.Read(() => world.Groups.Find(assignment.GroupId)?.DisplayName),
        ["resourceId"] = app.ServicePrincipalId.ToString("D"),
        ["resourceDisplayName"] = app.DisplayName,
        ["createdDateTime"] = null,
    };

    static JsonObject With(JsonObject entity, string name, string value)
    {
        entity[name] = value;
        return entity;
    }
}
