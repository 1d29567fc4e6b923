using System.Text.Json;
using System.Text.Json.Nodes;
using GwbCloud.Functions.Graph;

namespace GwbCloud.Functions.CloudSync;

/// <summary>The enterprise application of a configuration.</summary>
public sealed record CloudSyncPrincipal
{
    // Roles of "selected security groups" in clouds that have no Graph of their own in the settings. Source: deployment options of Cloud Sync.
    static readonly Guid[] s_otherScopeRoles = [Guid.Parse("50a55e47-aae2-425c-8dcb-ed711147a39f"), Guid.Parse("52e862b9-0b95-43fe-9340-54f51248314f")];

    public required Guid Id { get; init; }
    public Guid AppId { get; init; }
    public string? DisplayName { get; init; }
    public string? ApplicationTemplateId { get; init; }
    public IReadOnlyList<AppRole> AppRoles { get; init => field = value ?? []; } = [];

    public bool IsOf(Guid template) => Guid.TryParse(ApplicationTemplateId, out var id) && id == template;

    /// <summary>The role whose assignment puts a group in scope: the cloud's own, another known one, otherwise the one role that is for groups and people.</summary>
    public Guid? ScopeRole(NationalCloud cloud)
    {
        ArgumentNullException.ThrowIfNull(cloud);
        var roles = AppRoles.Where(r => r.IsEnabled is not false && r.AllowedMemberTypes.Contains("User")).ToList();
        Guid[] known = [cloud.GroupScopeRole, .. NationalCloud.All.Select(c => c.GroupScopeRole), .. s_otherScopeRoles];
        return known.Cast<Guid?>().FirstOrDefault(id => roles.Exists(r => r.Id == id))
            ?? roles.FirstOrDefault(r => r.DisplayName == "User")?.Id
            ?? (roles is [var only] ? only.Id : null);
    }
}

public sealed record AppRole
{
    public required Guid Id { get; init; }
    public string? DisplayName { get; init; }

    /// <summary>Null where Graph leaves it out: then it is enabled.</summary>
    public bool? IsEnabled { get; init; }
    public IReadOnlyList<string> AllowedMemberTypes { get; init => field = value ?? []; } = [];
}

/// <summary>A synchronisation job as Graph shows it.</summary>
public sealed record RemoteJob
{
    public required string Id { get; init; }
    public string? TemplateId { get; init; }
    public RemoteSchedule? Schedule { get; init; }
    public RemoteStatus? Status { get; init; }

    public bool IsOf(string template) => TemplateId == template || Id.StartsWith($"{template}.", StringComparison.Ordinal);

    public bool Started => "Active".Equals(Schedule?.State, StringComparison.OrdinalIgnoreCase);
    public bool Quarantined => Status?.Quarantine is not null || "Quarantine".Equals(Status?.Code, StringComparison.OrdinalIgnoreCase);

    /// <summary>Groups that the job says it keeps in step; null when its status does not say.</summary>
    public long? ManagedGroups => Status?.SynchronizedEntryCountByType?.FirstOrDefault(c => "group".Equals(c.Key, StringComparison.OrdinalIgnoreCase))?.Value;

    public JobStatus ToStatus() => new()
    {
        Code = Status?.Code ?? "Unknown",
        QuarantineReason = Status?.Quarantine?.Reason ?? (Quarantined ? "Unknown" : null),
        LastCycleEnded = Moment(Status?.LastExecution?.TimeEnded),
        SteadyState = Moment(Status?.SteadyStateLastAchievedTime),
        LastState = Status?.LastExecution?.State,
        Escrowed = Status?.LastExecution?.CountEscrowed ?? 0,
        Exported = Status?.LastExecution?.CountExported ?? 0,
        CompleteFailures = Status?.CountSuccessiveCompleteFailures ?? 0,
    };

    // The service writes "never" as the first moment of year one.
    static DateTimeOffset? Moment(DateTimeOffset? at) => at is { Year: > 1 } moment ? moment : null;
}

public sealed record RemoteSchedule
{
    public string? State { get; init; }
}

public sealed record RemoteStatus
{
    public string? Code { get; init; }
    public RemoteQuarantine? Quarantine { get; init; }
    public RemoteExecution? LastExecution { get; init; }
    public int? CountSuccessiveCompleteFailures { get; init; }

    /// <summary>Objects that the job knows, by type; not every tenant's status names them.</summary>
    public IReadOnlyList<RemoteCount>? SynchronizedEntryCountByType { get; init; }
    public DateTimeOffset? SteadyStateLastAchievedTime { get; init; }
}

public sealed record RemoteCount
{
    public string? Key { get; init; }
    public long Value { get; init; }
}

public sealed record RemoteQuarantine
{
    public string? Reason { get; init; }
}

public sealed record RemoteExecution
{
    public string? State { get; init; }
    public DateTimeOffset? TimeEnded { get; init; }
    public long? CountEscrowed { get; init; }
    public long? CountExported { get; init; }
}

public sealed record RemoteAssignment
{
    public required string Id { get; init; }
    public required Guid PrincipalId { get; init; }
    public string? PrincipalType { get; init; }
    public string? PrincipalDisplayName { get; init; }
    public Guid AppRoleId { get; init; }
}

/// <summary>Both members hold JSON inside a string. Source: reference of provisionOnDemand.</summary>
public sealed record OnDemandAnswer
{
    public string? Key { get; init; }
    public string? Value { get; init; }

    public OnDemandResult ToResult()
    {
        var key = Inner(Key);
        var value = Inner(Value);
        var result = (string?)key?["result"] ?? throw new GraphTransientException(GraphError.Unreadable, "provisioning on demand");
        var error = (string?)key?["details"]?["errorCode"];
        var scoping = (value?["provisioningSteps"] as JsonArray ?? []).OfType<JsonObject>()
            .FirstOrDefault(s => "Scoping".Equals((string?)s["type"], StringComparison.OrdinalIgnoreCase));
        var skipped = "Skipped".Equals(result, StringComparison.OrdinalIgnoreCase);
        var detail = string.IsNullOrEmpty(error) ? (string?)value?["statusInfo"]?["reason"] : error;

        // Nothing to change is no exclusion; without a scoping step only a skip for another reason is one.
        var redundant = "RedundantExport".Equals(detail, StringComparison.OrdinalIgnoreCase);
        return new OnDemandResult
        {
            InScope = scoping is null ? !skipped || redundant : "Success".Equals((string?)scoping["status"], StringComparison.OrdinalIgnoreCase),
            Action = result switch
            {
                _ when skipped => "skipped",
                _ when "Success".Equals(result, StringComparison.OrdinalIgnoreCase) => ((string?)value?["action"])?.ToLowerInvariant() ?? "other",
                _ => "failed",
            },
            Detail = string.IsNullOrEmpty(detail) ? null : detail,
        };
    }

    static JsonObject? Inner(string? text)
    {
        try
        {
            return string.IsNullOrEmpty(text) ? null : JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException refused)
        {
            throw new GraphTransientException(GraphError.Unreadable, "provisioning on demand", refused);
        }
    }
}

public sealed record RemoteLogLine
{
    public required string Id { get; init; }
    public DateTimeOffset ActivityDateTime { get; init; }
    public string? ProvisioningAction { get; init; }
    public RemoteLogIdentity? SourceIdentity { get; init; }
    public IReadOnlyList<RemoteLogProperty>? ModifiedProperties { get; init; }
    public RemoteLogStatus? ProvisioningStatusInfo { get; init; }
}

public sealed record RemoteLogIdentity
{
    public string? Id { get; init; }
}

public sealed record RemoteLogProperty
{
    public string? DisplayName { get; init; }
}

public sealed record RemoteLogStatus
{
    public string? Status { get; init; }
    public RemoteLogError? ErrorInformation { get; init; }
}

public sealed record RemoteLogError
{
    public string? ErrorCode { get; init; }
}
