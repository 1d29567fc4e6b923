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

    static readonly EntityType<JsonObject> Organization = Single(JsonEntity.Type(
        "organization", ["id", "displayName", "verifiedDomains", "onPremisesSyncEnabled", "assignedPlans", "tenantType"]));

    static readonly EntityType<JsonObject> Sku = Single(JsonEntity.Type("subscribedSku", ["id", "skuId", "skuPartNumber", "capabilityStatus", "servicePlans"]));

    static readonly EntityType<JsonObject> Setting = Single(JsonEntity.Type("groupSetting", ["id", "displayName", "templateId", "values"]));

    static readonly EntityType<JsonObject> Template = Single(JsonEntity.Type("groupSettingTemplate", ["id", "displayName", "values"]));

    static readonly EntityType<JsonObject> Agent = Single(JsonEntity.Type("onPremisesAgent", ["id", "machineName", "externalIp", "status", "supportedPublishingTypes"]));

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
        GraphRoute.Get("organization", Needs.ReadOrganization, call => ODataQuery.Page(call, Organization, [ReadOrganization()])),
        GraphRoute.Get("organization/{id}", Needs.ReadOrganization, FindOrganization),
        GraphRoute.Get("subscribedSkus", Needs.ReadOrganization, call => ODataQuery.Page(call, Sku, Skus())),
        .. Settings("groupSettings", "groupSettingTemplates"),
        .. Settings("settings", "directorySettingTemplates").Select(r => r with { BetaOnly = true }),
        GraphRoute.Get("directory/onPremisesSynchronization", Needs.OnPremisesSynchronization, ReadSynchronization),
        GraphRoute.Get("directory/onPremisesSynchronization/{id}", Needs.OnPremisesSynchronization, ReadSynchronization),
        GraphRoute.Get("onPremisesPublishingProfiles/provisioning/agents", Needs.Agents, ReadAgents) with { BetaOnly = true },
    ];

    IEnumerable<GraphRoute> Settings(string settings, string templates) =>
    [
        GraphRoute.Get(settings, Needs.ReadSettings, call => ODataQuery.Page(call, Setting, ReadSettings())),
        GraphRoute.Write("POST", settings, Needs.WriteSettings, CreateSettingAsync),
        GraphRoute.Get(settings + "/{id}", Needs.ReadSettings, call => ODataQuery.One(call, Setting, ReadSettings().FirstOrDefault(s => (string?)s["id"] == call["id"]) ?? throw GraphException.NotFound(call["id"]))),
        GraphRoute.Write("PATCH", settings + "/{id}", Needs.WriteSettings, PatchSettingAsync),
        GraphRoute.Write("DELETE", settings + "/{id}", Needs.WriteSettings, DeleteSettingAsync),
        GraphRoute.Get(templates, Needs.ReadSettings, call => ODataQuery.Page(call, Template, [ReadTemplate()])),
        GraphRoute.Get(templates + "/{id}", Needs.ReadSettings, call => call["id"] == UnifiedTemplate ? ODataQuery.One(call, Template, ReadTemplate()) : throw GraphException.NotFound(call["id"])),
    ];

    // Collections that come whole: $top and paging are unknown there.
    static EntityType<JsonObject> Single(EntityType<JsonObject> type) => type with { Pages = false };

    GraphAnswer FindOrganization(GraphCall call) => call.Id("id") == world.Tenant.TenantId
        ? ODataQuery.One(call, Organization, ReadOrganization())
        : throw GraphException.NotFound(call["id"]);

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

    IEnumerable<JsonObject> Skus() => world.Tenant.Licence switch
    {
        Licence.P1 => [SkuOf("078d2b04-f1bd-4111-bbd4-b4b1b354cef4", "AAD_PREMIUM", ("41781fb2-bc02-4b7c-bd55-b576c07bb09d", "AAD_PREMIUM"))],
        Licence.P2 =>
        [
            SkuOf("84a661c4-e949-4bd2-a560-ed7766fcaf2b", "AAD_PREMIUM_P2", ("41781fb2-bc02-4b7c-bd55-b576c07bb09d", "AAD_PREMIUM"), ("eec0eb4f-6444-4f95-aba0-50c24d67f998", "AAD_PREMIUM_P2")),
        ],
        // A subscription, but none with the plan.
        _ => [SkuOf("4b9405b0-7788-4568-add1-99614e613b69", "EXCHANGESTANDARD", ("9aaf7827-d63c-4b61-89c3-182f06f82e5c", "EXCHANGE_S_STANDARD"))],
    };

    JsonObject SkuOf(string id, string name, params (string Id, string Name)[] plans) => new()
    {
        ["id"] = $"{world.Tenant.TenantId:D}_{id}",
        ["skuId"] = id,
        ["skuPartNumber"] = name,
        ["capabilityStatus"] = "Enabled",
        ["servicePlans"] = new JsonArray([.. plans.Select(p => (JsonNode)new JsonObject
        {
            ["servicePlanId"] = p.Id,
            ["servicePlanName"] = p.Name,
            ["provisioningStatus"] = "Success",
            ["appliesTo"] = "User",
        })]),
    };

    List<JsonObject> ReadSettings() => world.ReadTenant().NewUnifiedGroupWritebackDefault is not { } chosen ? [] :
    [
        new JsonObject
        {
            ["id"] = SettingId,
            ["displayName"] = "Group.Unified",
            ["templateId"] = UnifiedTemplate,
            ["values"] = new JsonArray([.. Values.Select(v => (JsonNode)new JsonObject { ["name"] = v.Name, ["value"] = ValueOf(v.Name, v.Default, chosen) })]),
        },
    ];

    string ValueOf(string name, string byDefault, string chosen) =>
        name == WritebackDefault ? chosen : world.ReadTenant().UnifiedSetting.GetValueOrDefault(name) ?? byDefault;

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

        await world.ChangeTenantAsync(t => t with { NewUnifiedGroupWritebackDefault = given[WritebackDefault], UnifiedSetting = Deviating(given) });
        return ODataQuery.Created(call, Setting, ReadSettings()[0]);
    }

    async Task<GraphAnswer> PatchSettingAsync(GraphCall call)
    {
        var given = Given(call);
        if (call["id"] != SettingId || ReadSettings().Count == 0)
        {
            throw GraphException.NotFound(call["id"]);
        }

        var replaces = world.Switches.SettingPatchReplaces;
        await world.ChangeTenantAsync(t => t with
        {
            NewUnifiedGroupWritebackDefault = given.GetValueOrDefault(WritebackDefault) ?? (replaces ? "true" : t.NewUnifiedGroupWritebackDefault),
            UnifiedSetting = Deviating(replaces ? given : t.UnifiedSetting.Where(v => !given.ContainsKey(v.Key)).Concat(given)),
        });
        return GraphAnswer.NoContent;
    }

    async Task<GraphAnswer> DeleteSettingAsync(GraphCall call)
    {
        if (call["id"] != SettingId || ReadSettings().Count == 0)
        {
            throw GraphException.NotFound(call["id"]);
        }

        await world.ChangeTenantAsync(t => t with { NewUnifiedGroupWritebackDefault = null, UnifiedSetting = new Dictionary<string, string>() });
        return GraphAnswer.NoContent;
    }

    static Dictionary<string, string> Deviating(IEnumerable<KeyValuePair<string, string>> given) =>
        given.Where(v => v.Key != WritebackDefault && Values.Single(of => of.Name == v.Key).Default != v.Value).OrderBy(v => v.Key, StringComparer.Ordinal).ToDictionary();

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
