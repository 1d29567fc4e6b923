using System.Text.Json.Nodes;
using GwbCloud.Lab.Tenant.OData;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Tenant.Api;

/// <summary>What the tenant has one of: organisation, licences, directory settings, features; and what only people may read.</summary>
sealed class DirectoryApi(SimulatedWorld world)
{
    const string UnifiedTemplate = "62375ab9-6b52-47ed-826b-58e47e0e304b";
    const string WritebackDefault = "NewUnifiedGroupWritebackDefault";
    const string SettingId = "00000000-1ab0-4000-8000-0000000000aa";

    static readonly EntityType Organization = new()
    {
        Name = "organization",
        Default = ["id", "displayName", "verifiedDomains", "onPremisesSyncEnabled", "assignedPlans", "tenantType"],
    };

    static readonly EntityType Sku = new() { Name = "subscribedSku", Default = ["id", "skuId", "skuPartNumber", "capabilityStatus", "servicePlans"] };

    static readonly EntityType Setting = new() { Name = "groupSetting", Default = ["id", "displayName", "templateId", "values"] };

    static readonly EntityType Template = new() { Name = "groupSettingTemplate", Default = ["id", "displayName", "values"] };

    static readonly EntityType Agent = new()
    {
        Name = "onPremisesAgent",
        Default = ["id", "machineName", "externalIp", "status", "supportedPublishingTypes"],
    };

    // Names and default values of the template Group.Unified.
    static readonly (string Name, string Default)[] Values =
    [
        (WritebackDefault, "true"), ("EnableMIPLabels", "false"), ("CustomBlockedWordsList", ""), ("EnableMSStandardBlockedWords", "false"),
        ("ClassificationDescriptions", ""), ("DefaultClassification", ""), ("PrefixSuffixNamingRequirement", ""), ("AllowGuestsToBeGroupOwner", "false"),
        ("AllowGuestsToAccessGroups", "true"), ("GuestUsageGuidelinesUrl", ""), ("GroupCreationAllowedGroupId", ""), ("AllowToAddGuests", "true"),
        ("UsageGuidelinesUrl", ""), ("ClassificationList", ""), ("EnableGroupCreation", "true"),
    ];

    public IEnumerable<GraphRoute> Routes =>
    [
        GraphRoute.To("GET", "organization", call => ODataQuery.Page(call, Organization, [ReadOrganization()])),
        GraphRoute.To("GET", "organization/{id}", call => ODataQuery.One(call, Organization, ReadOrganization())),
        GraphRoute.To("GET", "subscribedSkus", call => ODataQuery.Page(call, Sku, Skus())),
        .. Settings("groupSettings", "groupSettingTemplates"),
        .. Settings("settings", "directorySettingTemplates").Select(r => r with { BetaOnly = true }),
        GraphRoute.To("GET", "directory/onPremisesSynchronization", ReadSynchronization),
        GraphRoute.To("GET", "directory/onPremisesSynchronization/{id}", ReadSynchronization),
        GraphRoute.To("GET", "onPremisesPublishingProfiles/provisioning/agents", ReadAgents, betaOnly: true),
    ];

    IEnumerable<GraphRoute> Settings(string settings, string templates) =>
    [
        GraphRoute.To("GET", settings, call => ODataQuery.Page(call, Setting, ReadSettings())),
        GraphRoute.To("POST", settings, CreateSettingAsync),
        GraphRoute.To("GET", settings + "/{id}", call => ODataQuery.One(call, Setting, ReadSettings().FirstOrDefault(s => (string?)s["id"] == call["id"]) ?? throw GraphException.NotFound(call["id"]))),
        GraphRoute.To("PATCH", settings + "/{id}", PatchSettingAsync),
        GraphRoute.To("GET", templates, call => ODataQuery.Page(call, Template, [ReadTemplate()])),
        GraphRoute.To("GET", templates + "/{id}", call => call["id"] == UnifiedTemplate ? ODataQuery.One(call, Template, ReadTemplate()) : throw GraphException.NotFound(call["id"])),
    ];

    JsonObject ReadOrganization() => new()
    {
        ["id"] = world.ReadTenant().TenantId.ToString("D"),
        ["displayName"] = "Lab",
        ["verifiedDomains"] = new JsonArray(
            new JsonObject { ["name"] = world.ReadTenant().Domain, ["isDefault"] = true, ["isInitial"] = false, ["type"] = "Managed" },
            new JsonObject { ["name"] = world.ReadTenant().InitialDomain, ["isDefault"] = false, ["isInitial"] = true, ["type"] = "Managed" }),
        ["onPremisesSyncEnabled"] = true,
        ["tenantType"] = "AAD",
        ["assignedPlans"] = new JsonArray(),
    };

    List<JsonObject> Skus() => !world.ReadTenant().HasPremiumLicence ? [] :
    [
        new JsonObject
        {
            ["id"] = $"{world.ReadTenant().TenantId:D}_078d2b04-f1bd-4111-bbd4-b4b1b354cef4",
            ["skuId"] = "078d2b04-f1bd-4111-bbd4-b4b1b354cef4",
            ["skuPartNumber"] = "AAD_PREMIUM",
            ["capabilityStatus"] = "Enabled",
            ["servicePlans"] = new JsonArray(new JsonObject
            {
                ["servicePlanId"] = "41781fb2-bc02-4b7c-bd55-b576c07bb09d",
                ["servicePlanName"] = "AAD_PREMIUM",
                ["provisioningStatus"] = "Success",
                ["appliesTo"] = "User",
            }),
        },
    ];

    List<JsonObject> ReadSettings() => world.ReadTenant().NewUnifiedGroupWritebackDefault is not { } chosen ? [] :
    [
        new JsonObject
        {
            ["id"] = SettingId,
            ["displayName"] = "Group.Unified",
            ["templateId"] = UnifiedTemplate,
            ["values"] = new JsonArray([.. Values.Select(v => (JsonNode)new JsonObject { ["name"] = v.Name, ["value"] = v.Name == WritebackDefault ? chosen : v.Default })]),
        },
    ];

    static JsonObject ReadTemplate() => new()
    {
        ["id"] = UnifiedTemplate,
        ["displayName"] = "Group.Unified",
        ["values"] = new JsonArray([.. Values.Select(v => (JsonNode)new JsonObject { ["name"] = v.Name, ["type"] = "System.String", ["defaultValue"] = v.Default })]),
    };

    async Task<GraphAnswer> CreateSettingAsync(GraphCall call)
    {
        var given = Given(call);
        if ((string?)call.BodyObject["templateId"] != UnifiedTemplate || given.Count != Values.Length)
        {
            throw GraphException.BadRequest("A new setting needs its templateId and all values of the template.");
        }

        if (ReadSettings().Count > 0)
        {
            throw new GraphException(400, "Request_BadRequest", "A conflicting object with one or more of the specified property values is present in the directory.");
        }

        await world.ChangeTenantAsync(t => t with { NewUnifiedGroupWritebackDefault = given[WritebackDefault] });
        return GraphAnswer.Created(ReadSettings()[0]);
    }

    async Task<GraphAnswer> PatchSettingAsync(GraphCall call)
    {
        var given = Given(call);
        if (call["id"] != SettingId || ReadSettings().Count == 0)
        {
            throw GraphException.NotFound(call["id"]);
        }

        if (given.TryGetValue(WritebackDefault, out var chosen))
        {
            await world.ChangeTenantAsync(t => t with { NewUnifiedGroupWritebackDefault = chosen });
        }

        return GraphAnswer.NoContent;
    }

    static Dictionary<string, string> Given(GraphCall call)
    {
        var given = (call.BodyObject["values"] as JsonArray ?? throw GraphException.BadRequest("values is required."))
            .ToDictionary(v => (string?)v?["name"] ?? "", v => (string?)v?["value"] ?? "");
        return given.Keys.All(k => Values.Any(v => v.Name == k)) ? given : throw GraphException.BadRequest("A value is not one of the template's.");
    }

    // Source: reference of onPremisesDirectorySynchronization: application permissions are not supported.
    GraphAnswer ReadSynchronization(GraphCall call)
    {
        if (call.Caller.AppOnly)
        {
            throw GraphException.Forbidden();
        }

        var synchronization = new JsonObject
        {
            ["id"] = world.ReadTenant().TenantId.ToString("D"),
            ["configuration"] = new JsonObject
            {
                ["accidentalDeletionPrevention"] = new JsonObject { ["synchronizationPreventionType"] = "enabledForCount", ["alertThreshold"] = 500 },
            },
            ["features"] = new JsonObject
            {
                ["groupWriteBackEnabled"] = world.ReadTenant().GroupWritebackV2,
                ["unifiedGroupWritebackEnabled"] = world.ReadTenant().UnifiedGroupWriteback,
                ["passwordSyncEnabled"] = true,
            },
        };
        return GraphAnswer.Ok(call.Values.ContainsKey("id") ? synchronization : new JsonObject { ["value"] = new JsonArray(synchronization) });
    }

    // Source: reference of onPremisesAgent: application permissions are not supported.
    GraphAnswer ReadAgents(GraphCall call) => call.Caller.AppOnly
        ? throw GraphException.Forbidden()
        : ODataQuery.Page(call, Agent, Enumerable.Range(1, 3).Select(i => new JsonObject
        {
            ["id"] = $"00000000-1ab0-4000-8000-00000000b00{i}",
            ["machineName"] = $"SYNC0{i}.{world.ReadTenant().Domain}",
            ["externalIp"] = $"192.0.2.{i}",
            ["status"] = "active",
            ["supportedPublishingTypes"] = new JsonArray("provisioning"),
        }));
}
