using System.Text.Json.Nodes;
using GwbCloud.Lab.CloudSync;
using GwbCloud.Lab.Tenant.OData;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Tenant.Api;

/// <summary>The provisioning log: lines show minutes after their event, and ask for two permissions.</summary>
sealed class ProvisioningLogApi
{
    const string All = "all";

    static readonly EntityType<ProvisioningEvent> Line = new()
    {
        Name = "provisioningObjectSummary",
        Id = e => e.Id,
        DirectoryObject = false,
        PageCap = 1000,
        Properties =
        [
            Property("id", e => e.Id, Filters.Equal),
            Property("activityDateTime", e => e.At, Filters.Equal | Filters.Range) with { Orderable = true },
            Property("jobId", e => e.JobId, Filters.Equal | Filters.Contains),
            Property("cycleId", e => e.CycleId, Filters.Equal | Filters.Contains),
            Property("changeId", e => e.Id, Filters.Equal | Filters.Contains),
            Property("provisioningAction", e => e.Action, Filters.Equal | Filters.Contains),
            Property("provisioningStatusInfo", Status),
            Property("provisioningSteps", _ => new JsonArray()),
            Property("modifiedProperties", e => Modified(e.ModifiedProperties)),
            Property("servicePrincipal", _ => null),
            Property("sourceIdentity", e => new JsonObject { ["id"] = e.GroupId.ToString("D"), ["identityType"] = "Group" }),
            Property("targetIdentity", _ => new JsonObject { ["id"] = "", ["identityType"] = "group" }),
            Property("sourceSystem", _ => new JsonObject { ["displayName"] = DefaultSchema.SourceDirectory }),
            Property("targetSystem", _ => new JsonObject { ["displayName"] = DefaultSchema.TargetDirectory }),
            Property("durationInMilliseconds", _ => 100),
            Property("initiatedBy", _ => new JsonObject { ["displayName"] = "Azure AD Provisioning Service", ["initiatorType"] = "system" }),
        ],
    };

    readonly SimulatedWorld _world;
    readonly TableIndex _lines;
    readonly EntityType<ProvisioningEvent> _line;

    public ProvisioningLogApi(SimulatedWorld world)
    {
        _world = world;
        _lines = world.Store.Read(() => world.ProvisioningLog.IndexBy(_ => All));
        _line = Line with { Properties = [.. Line.Properties, Property("tenantId", _ => world.Tenant.TenantId, Filters.Equal)] };
    }

    public IEnumerable<GraphRoute> Routes =>
    [
        GraphRoute.Get("auditLogs/provisioning", Needs.ReadProvisioningLog, call =>
        {
            var until = _world.Clock.GetUtcNow() - TenantWorld.LogDelay;
            // Ids rise with time.
            return ODataQuery.Page(call, _line, after => _lines.After(All, after).Select(k => _world.ProvisioningLog[k]).TakeWhile(e => e.At <= until));
        }) with { Per10Seconds = 5 },
    ];

    /// <summary>Names of properties that changed, as Graph tells them.</summary>
    public static JsonArray Modified(IReadOnlyList<string> properties) =>
        new([.. properties.Select(p => (JsonNode)new JsonObject { ["displayName"] = p, ["oldValue"] = null, ["newValue"] = null })]);

    static EntityProperty<ProvisioningEvent> Property(string name, Func<ProvisioningEvent, object?> value, Filters filters = Filters.None) =>
        new() { Name = name, Value = value, Default = true, Filters = filters };

    static JsonObject Status(ProvisioningEvent line) => new()
    {
        ["status"] = line.Status,
        ["errorInformation"] = line.Status != "failure" ? null
            : new JsonObject { ["errorCode"] = line.ErrorCode, ["reason"] = line.ErrorCode, ["errorCategory"] = "NonServiceFailure", ["recommendedAction"] = null },
    };
}
