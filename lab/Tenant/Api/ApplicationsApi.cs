using System.Text.Json.Nodes;
using GwbCloud.Lab.Tenant.OData;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Tenant.Api;

/// <summary>Applications and service principals: the gallery template of Cloud Sync, the app of the GroupDN extension, what Connect left.</summary>
sealed class ApplicationsApi(SimulatedWorld world)
{
    /// <summary>Gallery template "Microsoft Entra ID to Active Directory".</summary>
    public const string CloudSyncTemplate = "fb81332f-3eca-4ecf-a939-4278e501d330";

    /// <summary>App role of the public cloud whose assignment puts a group in scope.</summary>
    public static readonly Guid PublicRole = new("1a0abf4d-b9fa-4512-a3a2-51ee82c6fd9f");

    static readonly EntityType<JsonObject> Application = JsonEntity.Type(
        "application",
        ["id", "appId", "displayName", "identifierUris", "applicationTemplateId", "appRoles"],
        [("id", Filters.Equal), ("appId", Filters.Equal), ("displayName", Filters.Text), ("identifierUris", Filters.Any), ("applicationTemplateId", Filters.Flag)]);

    static readonly EntityType<JsonObject> ServicePrincipal = JsonEntity.Type(
        "servicePrincipal",
        ["id", "appId", "displayName", "appRoles", "applicationTemplateId", "servicePrincipalType", "accountEnabled", "tags"],
        [
            ("id", Filters.Equal), ("appId", Filters.Equal), ("displayName", Filters.Text), ("applicationTemplateId", Filters.Flag | Filters.StartsWith),
            ("servicePrincipalType", Filters.Flag), ("tags", Filters.Any),
        ]);

    static readonly EntityType<JsonObject> Template = JsonEntity.Type("applicationTemplate", ["id", "displayName", "publisher", "supportedProvisioningTypes"]);

    static readonly EntityType<JsonObject> Extension =
        JsonEntity.Type("extensionProperty", ["id", "name", "dataType", "targetObjects", "appDisplayName", "isSyncedFromOnPremises"], [("name", Filters.Equal)]);

    public IEnumerable<GraphRoute> Routes =>
    [
        GraphRoute.Get("applicationTemplates/{id}", Needs.ReadApplications, call => ODataQuery.One(call, Template, ReadTemplate(call["id"]))),
        GraphRoute.Write("POST", "applicationTemplates/{id}/instantiate", Needs.WriteApplications, InstantiateAsync),
        GraphRoute.Get("applications", Needs.ReadApplications, call => ODataQuery.Page(call, Application, Applications()), cost: 2),
        GraphRoute.Write("POST", "applications", Needs.WriteApplications, CreateApplicationAsync),
        GraphRoute.Get("applications/{id}", Needs.ReadApplications, call => ODataQuery.One(call, Application, FindApplication(call)), cost: 2),
        GraphRoute.Write("DELETE", "applications/{id}", Needs.WriteApplications, DeleteApplicationAsync),
        GraphRoute.Get("applications/{id}/extensionProperties", Needs.ReadApplications, call => ODataQuery.Page(call, Extension, Extensions(call)), cost: 2),
        GraphRoute.Write("POST", "applications/{id}/extensionProperties", Needs.WriteApplications, CreateExtensionAsync),
        GraphRoute.Write("DELETE", "applications/{id}/extensionProperties/{extension}", Needs.WriteApplications, DeleteExtensionAsync),
        GraphRoute.Get("servicePrincipals", Needs.ReadApplications, call => ODataQuery.Page(call, ServicePrincipal, ServicePrincipals())),
        GraphRoute.Write("POST", "servicePrincipals", Needs.WriteApplications, CreateServicePrincipalAsync),
        GraphRoute.Get("servicePrincipals/{id}", Needs.ReadApplications, call => ODataQuery.One(call, ServicePrincipal, FindServicePrincipal(call))),
        GraphRoute.Write("DELETE", "servicePrincipals/{id}", Needs.WriteApplications, DeleteServicePrincipalAsync),
        .. new AssignmentsApi(world).Routes,
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
        var name = RequiredName(call);
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
                OwnerId = call.Caller.ObjectId,
                VisibleAt = world.Clock.VisibleAt(),
            };
            world.Apps.Put(change, made.ServicePrincipalId, made);
            return made;
        });
        var principal = From(app);
        if (call.IsBeta)
        {
            // The beta answer has the service principal's id under its old name too.
            principal["objectId"] = app.ServicePrincipalId.ToString("D");
        }

        return GraphAnswer.Ok(new JsonObject { ["application"] = ApplicationOf(app), ["servicePrincipal"] = principal }) with { Status = 201 };
    }

    static string RequiredName(GraphCall call) =>
        (string?)call.BodyObject["displayName"] is { Length: > 0 } name ? name : throw GraphException.BadRequest("displayName is required.");

    IEnumerable<JsonObject> Applications() => world.Applications.Values.Where(a => world.Clock.Lists(a.VisibleAt)).Select(ApplicationOf)
        .Concat(world.Apps.Values.Where(a => world.Clock.Lists(a.VisibleAt)).Select(ApplicationOf));

    IEnumerable<JsonObject> ServicePrincipals() => world.Apps.Values.Where(a => world.Clock.Lists(a.VisibleAt)).Select(From)
        .Concat(world.Applications.Values.Where(a => a.ServicePrincipalId is not null && world.Clock.Lists(a.ServicePrincipalVisibleAt)).Select(PrincipalOf));

    JsonObject FindApplication(GraphCall call)
    {
        var id = call.Id("id");
        return world.Applications.Find(id) is { } record && world.Clock.Reads(record.VisibleAt) ? ApplicationOf(record)
            : world.Apps.Values.FirstOrDefault(a => a.ApplicationObjectId == id) is { } app && world.Clock.Reads(app.VisibleAt) ? ApplicationOf(app)
            : throw GraphException.NotFound(call["id"]);
    }

    JsonObject FindServicePrincipal(GraphCall call) => OwnerOf(call.Id("id")) is not { } record ? From(world.VisibleApp(call))
        : world.Clock.Reads(record.ServicePrincipalVisibleAt) ? PrincipalOf(record)
        : throw GraphException.NotFound(call["id"]);

    /// <summary>The application of a service principal that no template made.</summary>
    ApplicationRecord? OwnerOf(Guid servicePrincipal) => world.Applications.Values.FirstOrDefault(a => a.ServicePrincipalId == servicePrincipal);

    async Task<GraphAnswer> CreateServicePrincipalAsync(GraphCall call)
    {
        if (!Guid.TryParse((string?)call.BodyObject["appId"], out var appId))
        {
            throw GraphException.BadRequest("appId is required.");
        }

        var made = await world.Store.ChangeAsync(change =>
        {
            var found = world.Applications.Values.FirstOrDefault(a => a.AppId == appId && world.Clock.Reads(a.VisibleAt))
                ?? throw GraphException.BadRequest("When using this permission, the backing application of the service principal being created must in the local tenant.");
            call.Caller.DemandOwned(found.OwnerId, Needs.WriteAnyApplication);
            if (found.ServicePrincipalId is not null)
            {
                throw new GraphException(409, "Request_MultipleObjectsWithSameKeyValue", $"The service principal cannot be created because the name {appId:D} is already in use.");
            }

            var changed = found with
            {
                ServicePrincipalId = world.NewId("servicePrincipal", $"{found.ObjectId:D}#{world.NextNumber(change, "servicePrincipals")}"),
                ServicePrincipalVisibleAt = world.Clock.VisibleAt(),
            };
            world.Applications.Put(change, found.ObjectId, changed);
            return changed;
        });
        return ODataQuery.Created(call, ServicePrincipal, PrincipalOf(made));
    }

    async Task<GraphAnswer> CreateApplicationAsync(GraphCall call)
    {
        var name = RequiredName(call);
        var uris = (call.BodyObject["identifierUris"] as JsonArray ?? []).Select(u => (string)u!).ToList();
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
                OwnerId = call.Caller.ObjectId,
                VisibleAt = world.Clock.VisibleAt(),
            };
            world.Applications.Put(change, made.ObjectId, made);
            return made;
        });
        return ODataQuery.Created(call, Application, ApplicationOf(application));
    }

    async Task<GraphAnswer> DeleteApplicationAsync(GraphCall call)
    {
        var id = call.Id("id");
        await world.Store.ChangeAsync(change =>
        {
            if (world.Apps.Values.FirstOrDefault(a => a.ApplicationObjectId == id) is { } app)
            {
                call.Caller.DemandOwned(app.OwnerId, Needs.WriteAnyApplication);
                Remove(change, app);
            }
            else
            {
                var application = FindRecord(call);
                call.Caller.DemandOwned(application.OwnerId, Needs.WriteAnyApplication);
                // Its extension properties go with it, and with them what groups hold in them.
                foreach (var name in application.Extensions.Values)
                {
                    Clear(change, application.PropertyName(name));
                }

                world.Applications.Delete(change, id);
            }
        });
        return GraphAnswer.NoContent;
    }

    async Task<GraphAnswer> DeleteServicePrincipalAsync(GraphCall call)
    {
        await world.Store.ChangeAsync(change =>
        {
            if (OwnerOf(call.Id("id")) is { } record)
            {
                call.Caller.DemandOwned(record.OwnerId, Needs.WriteAnyApplication);
                world.Applications.Put(change, record.ObjectId, record with { ServicePrincipalId = null });
                return;
            }

            var app = world.VisibleApp(call);
            call.Caller.DemandOwned(app.OwnerId, Needs.WriteAnyApplication);
            Remove(change, app);
        });
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
        world.Applications.Find(call.Id("id")) is { } record && world.Clock.Reads(record.VisibleAt) ? record : throw GraphException.NotFound(call["id"]);

    IEnumerable<JsonObject> Extensions(GraphCall call)
    {
        var application = FindRecord(call);
        return world.Clock.Reads(application.ExtensionsVisibleAt) ? application.Extensions.Keys.Select(e => ExtensionOf(application, e)) : [];
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
            call.Caller.DemandOwned(found.OwnerId, Needs.WriteAnyApplication);
            if (found.Extensions.Values.Contains(name))
            {
                throw GraphException.BadRequest($"An extension property exists with the name {found.PropertyName(name)}.");
            }

            var key = world.NewId("extensionProperty", $"{found.ObjectId:D}/{name}").ToString("D");
            var changed = found with
            {
                Extensions = new Dictionary<string, string>(found.Extensions) { [key] = name },
                ExtensionsVisibleAt = world.Clock.VisibleAt(),
            };
            world.Applications.Put(change, found.ObjectId, changed);
            return (changed, key);
        });
        return ODataQuery.Created(call, Extension, ExtensionOf(application, id));
    }

    async Task<GraphAnswer> DeleteExtensionAsync(GraphCall call)
    {
        await world.Store.ChangeAsync(change =>
        {
            var application = FindRecord(call);
            call.Caller.DemandOwned(application.OwnerId, Needs.WriteAnyApplication);
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
}
