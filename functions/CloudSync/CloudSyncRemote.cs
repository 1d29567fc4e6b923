using System.Text.Json;
using System.Text.Json.Nodes;
using GwbCloud.Functions.Graph;

namespace GwbCloud.Functions.CloudSync;

/// <summary>The calls to Graph about one Cloud Sync configuration, typed. Knows paths and shapes, decides nothing.</summary>
public sealed class CloudSyncRemote(GraphClient graph)
{
    /// <summary>Template of the job that writes groups to Active Directory.</summary>
    public const string JobTemplate = "AAD2ADGroupProvisioning";

    public IAsyncEnumerable<CloudSyncPrincipal> PrincipalsAsync(string displayName, CancellationToken cancellationToken)
        => graph.PagesAsync<CloudSyncPrincipal>(
            $"v1.0/servicePrincipals?$filter={Uri.EscapeDataString($"displayName eq '{Quoted(displayName)}'")}&$select=id,appId,displayName,applicationTemplateId,appRoles",
            cancellationToken);

    public Task<CloudSyncPrincipal?> FindPrincipalAsync(Guid id, CancellationToken cancellationToken)
        => graph.FindAsync<CloudSyncPrincipal>($"v1.0/servicePrincipals/{id:D}?$select=id,appId,displayName,applicationTemplateId,appRoles", cancellationToken);

    public async Task<Guid?> FindApplicationAsync(Guid appId, CancellationToken cancellationToken)
    {
        var path = $"v1.0/applications?$filter={Uri.EscapeDataString($"appId eq '{appId:D}'")}&$select=id";
        await foreach (var application in graph.PagesAsync<Identified>(path, cancellationToken))
        {
            return application.Id;
        }

        return null;
    }

    /// <summary>Jobs of the template, none while the principal is not there.</summary>
    public async Task<IReadOnlyList<RemoteJob>> JobsAsync(Guid principal, CancellationToken cancellationToken)
    {
        var jobs = await graph.FindAsync<GraphPage<RemoteJob>>($"{Root(principal)}/jobs", cancellationToken);
        return [.. (jobs?.Value ?? []).Where(j => j.TemplateId == JobTemplate || j.Id.StartsWith($"{JobTemplate}.", StringComparison.Ordinal))];
    }

    public Task<RemoteJob?> FindJobAsync(CloudSyncJob job, CancellationToken cancellationToken)
        => graph.FindAsync<RemoteJob>(Job(job), cancellationToken);

    public static string JobsPath(Guid principal) => $"{Root(principal)}/jobs";

    public static string InstantiatePath(Guid template) => $"v1.0/applicationTemplates/{template:D}/instantiate";

    public Task StartAsync(CloudSyncJob job, CancellationToken cancellationToken)
        => graph.WriteAsync(HttpMethod.Post, $"{Job(job)}/start", null, cancellationToken);

    public Task PauseAsync(CloudSyncJob job, CancellationToken cancellationToken)
        => graph.WriteAsync(HttpMethod.Post, $"{Job(job)}/pause", null, cancellationToken);

    public Task DeleteJobAsync(CloudSyncJob job, CancellationToken cancellationToken) => graph.DeleteAsync(Job(job), cancellationToken);

    public Task DeleteApplicationAsync(Guid application, CancellationToken cancellationToken)
        => graph.DeleteAsync($"v1.0/applications/{application:D}", cancellationToken);

    public async Task<JsonObject> SchemaAsync(CloudSyncJob job, CancellationToken cancellationToken)
    {
        var schema = await graph.GetAsync<JsonObject>($"{Job(job)}/schema", cancellationToken);

        // Annotations of the answer are no part of what is written back.
        foreach (var annotation in schema.Select(member => member.Key).Where(key => key.StartsWith('@')).ToList())
        {
            schema.Remove(annotation);
        }

        return schema;
    }

    public Task PutSchemaAsync(CloudSyncJob job, JsonObject schema, CancellationToken cancellationToken)
        => graph.WriteAsync(HttpMethod.Put, $"{Job(job)}/schema", schema, cancellationToken);

    /// <summary>An expression as the service itself understands it; as plain text when it does not offer to parse.</summary>
    public async Task<ParsedExpression> ParseAsync(CloudSyncJob job, string expression, CancellationToken cancellationToken)
    {
        try
        {
            var parsed = await graph.AskAsync<ParseAnswer>(
                $"{Job(job)}/schema/parseExpression", new ParseQuestion { Expression = expression }, cancellationToken);
            return parsed is { ParsingSucceeded: true, ParsedExpression: { } source }
                ? new ParsedExpression { Expression = expression, Source = source }
                : ParsedExpression.TextOnly(expression);
        }
        catch (GraphException refused) when (refused.Error == GraphError.NotFound || refused.Error == GraphError.Refused)
        {
            return ParsedExpression.TextOnly(expression);
        }
    }

    public async Task<IReadOnlyList<Secret>> SecretsAsync(Guid principal, CancellationToken cancellationToken)
        => (await graph.FindAsync<SecretList>($"{Root(principal)}/secrets", cancellationToken))?.Value ?? [];

    /// <summary>Replaces the whole set.</summary>
    public Task PutSecretsAsync(Guid principal, IReadOnlyList<Secret> secrets, CancellationToken cancellationToken)
        => graph.WriteAsync(HttpMethod.Put, $"{Root(principal)}/secrets", new SecretList { Value = secrets }, cancellationToken);

    public async Task<IReadOnlyList<RemoteAssignment>> AssignmentsAsync(CloudSyncJob job, CancellationToken cancellationToken)
    {
        var assignments = new List<RemoteAssignment>();
        await foreach (var assignment in graph.PagesAsync<RemoteAssignment>($"{AssignmentsPath(job)}?$top=999", cancellationToken))
        {
            if (assignment.AppRoleId == job.ScopeRoleId && "Group".Equals(assignment.PrincipalType, StringComparison.OrdinalIgnoreCase))
            {
                assignments.Add(assignment);
            }
        }

        return assignments;
    }

    public static string AssignmentsPath(CloudSyncJob job) => $"v1.0/servicePrincipals/{job.ServicePrincipalId:D}/appRoleAssignedTo";

    public Task UnassignAsync(CloudSyncJob job, RemoteAssignment assignment, CancellationToken cancellationToken)
        => graph.DeleteAsync($"{AssignmentsPath(job)}/{Uri.EscapeDataString(assignment.Id)}", cancellationToken);

    /// <summary>Writes one group now. No dry run: what it answers has happened.</summary>
    public async Task<OnDemandAnswer> ProvisionOnDemandAsync(
        CloudSyncJob job, string ruleId, Guid group, IReadOnlyList<Guid> members, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["parameters"] = new JsonArray(new JsonObject
            {
                ["ruleId"] = ruleId,
                ["subjects"] = new JsonArray(new JsonObject
                {
                    ["objectId"] = group.ToString("D"),
                    ["objectTypeName"] = "Group",
                    ["links"] = new JsonObject
                    {
                        ["members"] = new JsonArray([.. members.Select(m => (JsonNode)new JsonObject { ["objectId"] = m.ToString("D"), ["objectTypeName"] = "User" })]),
                    },
                }),
            }),
        };
        return await graph.AskAsync<OnDemandAnswer>($"{Job(job)}/provisionOnDemand", body, cancellationToken);
    }

    public IAsyncEnumerable<RemoteLogLine> LogAsync(CloudSyncJob job, DateTimeOffset since, CancellationToken cancellationToken)
        => graph.PagesAsync<RemoteLogLine>(
            $"v1.0/auditLogs/provisioning?$filter={Uri.EscapeDataString($"jobId eq '{job.JobId}' and activityDateTime gt {since.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffffZ}")}",
            cancellationToken);

    static string Root(Guid principal) => $"v1.0/servicePrincipals/{principal:D}/synchronization";

    static string Job(CloudSyncJob job) => $"{Root(job.ServicePrincipalId)}/jobs/{Uri.EscapeDataString(job.JobId)}";

    static string Quoted(string value) => value.Replace("'", "''", StringComparison.Ordinal);

    internal sealed record Identified
    {
        public required Guid Id { get; init; }
    }

    internal sealed record SecretList
    {
        public IReadOnlyList<Secret> Value { get; init; } = [];
    }

    internal sealed record ParseQuestion
    {
        public required string Expression { get; init; }
    }

    internal sealed record ParseAnswer
    {
        public bool ParsingSucceeded { get; init; }
        public JsonObject? ParsedExpression { get; init; }
    }
}

/// <summary>The enterprise application of a configuration.</summary>
public sealed record CloudSyncPrincipal
{
    // Roles of "selected security groups", by cloud. Source: deployment options of Cloud Sync.
    static readonly Guid[] KnownScopeRoles =
    [
        Guid.Parse("1a0abf4d-b9fa-4512-a3a2-51ee82c6fd9f"),
        Guid.Parse("15af7fd5-1a3f-4034-8ea1-1afa3d5ecf63"),
        Guid.Parse("d8fa317e-0713-4930-91d8-1dbeb150978f"),
        Guid.Parse("50a55e47-aae2-425c-8dcb-ed711147a39f"),
        Guid.Parse("52e862b9-0b95-43fe-9340-54f51248314f"),
    ];

    public required Guid Id { get; init; }
    public Guid AppId { get; init; }
    public string? DisplayName { get; init; }
    public string? ApplicationTemplateId { get; init; }
    public IReadOnlyList<AppRole> AppRoles { get; init; } = [];

    public bool IsOf(Guid template) => Guid.TryParse(ApplicationTemplateId, out var id) && id == template;

    /// <summary>The role whose assignment puts a group in scope: a known one, otherwise the one role that is for groups and people.</summary>
    public Guid? ScopeRole()
    {
        var roles = AppRoles.Where(r => r.IsEnabled && r.AllowedMemberTypes.Contains("User")).ToList();
        return roles.FirstOrDefault(r => KnownScopeRoles.Contains(r.Id))?.Id
            ?? roles.FirstOrDefault(r => r.DisplayName == "User")?.Id
            ?? (roles is [var only] ? only.Id : null);
    }
}

public sealed record AppRole
{
    public required Guid Id { get; init; }
    public string? DisplayName { get; init; }
    public bool IsEnabled { get; init; } = true;
    public IReadOnlyList<string> AllowedMemberTypes { get; init; } = [];
}

/// <summary>A synchronisation job as Graph shows it.</summary>
public sealed record RemoteJob
{
    public required string Id { get; init; }
    public string? TemplateId { get; init; }
    public RemoteSchedule? Schedule { get; init; }
    public RemoteStatus? Status { get; init; }

    public bool Started => "Active".Equals(Schedule?.State, StringComparison.OrdinalIgnoreCase);
    public bool Quarantined => Status?.Quarantine is not null || "Quarantine".Equals(Status?.Code, StringComparison.OrdinalIgnoreCase);

    public JobStatus ToStatus() => new()
    {
        Code = Status?.Code ?? "Unknown",
        QuarantineReason = Status?.Quarantine?.Reason ?? (Quarantined ? "Unknown" : null),
        LastCycleEnded = Moment(Status?.LastExecution?.TimeEnded),
        SteadyState = Moment(Status?.SteadyStateLastAchievedTime),
        LastState = Status?.LastExecution?.State,
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
    public DateTimeOffset? SteadyStateLastAchievedTime { get; init; }
}

public sealed record RemoteQuarantine
{
    public string? Reason { get; init; }
}

public sealed record RemoteExecution
{
    public string? State { get; init; }
    public DateTimeOffset? TimeEnded { get; init; }
}

public sealed record RemoteAssignment
{
    public required string Id { get; init; }
    public required Guid PrincipalId { get; init; }
    public string? PrincipalType { get; init; }
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
    public RemoteLogStatus? ProvisioningStatusInfo { get; init; }
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
