using System.Text.Json;
using System.Text.Json.Nodes;
using GwbCloud.Functions.Graph;

namespace GwbCloud.Functions.CloudSync;

/// <summary>The calls to Graph about one Cloud Sync configuration, typed. Knows paths and shapes, decides nothing.</summary>
public sealed class CloudSyncRemote(GraphClient graph)
{
    /// <summary>Template of the job that writes groups to Active Directory.</summary>
    public const string JobTemplate = "AAD2ADGroupProvisioning";

    /// <summary>The cloud that the tenant lives in.</summary>
    public NationalCloud Cloud => graph.Cloud;

    const string PrincipalSelect = "$select=id,appId,displayName,applicationTemplateId,appRoles";

    public IAsyncEnumerable<CloudSyncPrincipal> PrincipalsAsync(string displayName, CancellationToken cancellationToken)
        => PrincipalsOfAsync($"displayName eq '{Quoted(displayName)}'", cancellationToken);

    /// <summary>Enterprise applications that were made of a gallery template, whatever they are called.</summary>
    public IAsyncEnumerable<CloudSyncPrincipal> PrincipalsAsync(Guid template, CancellationToken cancellationToken)
        => PrincipalsOfAsync($"applicationTemplateId eq '{template:D}'", cancellationToken);

    public Task<CloudSyncPrincipal?> FindPrincipalAsync(Guid id, CancellationToken cancellationToken)
        => graph.FindAsync<CloudSyncPrincipal>($"v1.0/servicePrincipals/{id:D}?{PrincipalSelect}", cancellationToken);

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
        => [.. (await AllJobsAsync(principal, cancellationToken)).Where(j => j.IsOf(JobTemplate))];

    /// <summary>Jobs of every template.</summary>
    public async Task<IReadOnlyList<RemoteJob>> AllJobsAsync(Guid principal, CancellationToken cancellationToken)
        => (await graph.FindAsync<GraphPage<RemoteJob>>($"{Root(principal)}/jobs", cancellationToken))?.Value ?? [];

    public Task<RemoteJob?> FindJobAsync(CloudSyncJob job, CancellationToken cancellationToken)
        => graph.FindAsync<RemoteJob>(Job(job), cancellationToken);

    /// <summary>The gallery offers an application template of this id.</summary>
    public async Task<bool> TemplateExistsAsync(Guid template, CancellationToken cancellationToken)
        => await graph.FindAsync<JsonObject>($"v1.0/applicationTemplates/{template:D}?$select=id", cancellationToken) is not null;

    /// <summary>Ids of the job templates that an application offers; none while it is not there.</summary>
    public async Task<IReadOnlyList<string>> JobTemplatesAsync(Guid principal, CancellationToken cancellationToken)
        => [.. ((await graph.FindAsync<GraphPage<JsonObject>>($"{Root(principal)}/templates", cancellationToken))?.Value ?? []).Select(t => (string?)t["id"]).OfType<string>()];

    public static string JobsPath(Guid principal) => $"{Root(principal)}/jobs";

    public static string InstantiatePath(Guid template) => $"v1.0/applicationTemplates/{template:D}/instantiate";

    public Task StartAsync(CloudSyncJob job, CancellationToken cancellationToken)
        => graph.WriteAsync(HttpMethod.Post, $"{Job(job)}/start", null, cancellationToken);

    public Task PauseAsync(CloudSyncJob job, CancellationToken cancellationToken)
        => graph.WriteAsync(HttpMethod.Post, $"{Job(job)}/pause", null, cancellationToken);

    public Task DeleteJobAsync(CloudSyncJob job, CancellationToken cancellationToken) => graph.DeleteAsync(Job(job), cancellationToken);

    public Task DeleteApplicationAsync(Guid application, CancellationToken cancellationToken)
        => graph.DeleteAsync($"v1.0/applications/{application:D}", cancellationToken);

    public Task<JsonObject> SchemaAsync(CloudSyncJob job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        return SchemaAsync(job.ServicePrincipalId, job.JobId, cancellationToken);
    }

    public async Task<JsonObject> SchemaAsync(Guid principal, string job, CancellationToken cancellationToken)
        => WithoutAnnotations(await graph.GetAsync<JsonObject>($"{Job(principal, job)}/schema", cancellationToken));

    /// <summary>The schema, null while the job has none yet.</summary>
    public async Task<JsonObject?> FindSchemaAsync(CloudSyncJob job, CancellationToken cancellationToken)
        => await graph.FindAsync<JsonObject>($"{Job(job)}/schema", cancellationToken) is { } schema ? WithoutAnnotations(schema) : null;

    static JsonObject WithoutAnnotations(JsonObject schema)
    {

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

    public Task<IReadOnlyList<RemoteAssignment>> AssignmentsAsync(CloudSyncJob job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        return AssignmentsAsync(job.ServicePrincipalId, job.ScopeRoleId, cancellationToken);
    }

    /// <param name="principal">The enterprise application.</param>
    /// <param name="role">The role that puts a group in scope; null for every role.</param>
    /// <param name="cancellationToken">Stops between the calls.</param>
    public async Task<IReadOnlyList<RemoteAssignment>> AssignmentsAsync(Guid principal, Guid? role, CancellationToken cancellationToken)
    {
        var assignments = new List<RemoteAssignment>();
        await foreach (var assignment in graph.PagesAsync<RemoteAssignment>($"{AssignmentsPath(principal)}?$top=999", cancellationToken))
        {
            if ((role is null || assignment.AppRoleId == role) && "Group".Equals(assignment.PrincipalType, StringComparison.OrdinalIgnoreCase))
            {
                assignments.Add(assignment);
            }
        }

        return assignments;
    }

    public static string AssignmentsPath(CloudSyncJob job) => AssignmentsPath(job.ServicePrincipalId);

    static string AssignmentsPath(Guid principal) => $"v1.0/servicePrincipals/{principal:D}/appRoleAssignedTo";

    /// <summary>Brings groups into scope, in batches; what is assigned already, or is posted twice, stays one assignment.</summary>
    /// <exception cref="GraphException">The first refusal; what could be assigned is.</exception>
    public async Task AssignAsync(CloudSyncJob job, IReadOnlyList<Guid> groups, TimeSpan pause, int looks, CancellationToken cancellationToken)
    {
        var path = AssignmentsPath(job)["v1.0/".Length..];
        var wanted = groups.ToDictionary(
            group => group, group => new GraphBatchRequest { Id = group.ToString("D"), Path = path, Body = AssignmentOf(job, group) });
        var ensured = await graph.EnsureManyAsync("v1.0", wanted, ThereAsync, pause, looks, cancellationToken);
        if (ensured.Refused.Count > 0) { throw ensured.Refused.OrderBy(r => r.Key).First().Value; }

        async Task<IReadOnlySet<Guid>> ThereAsync(CancellationToken token) => (await AssignmentsAsync(job, token)).Select(a => a.PrincipalId).ToHashSet();
    }

    static JsonObject AssignmentOf(CloudSyncJob job, Guid group) => new()
    {
        ["principalId"] = group.ToString("D"),
        ["resourceId"] = job.ServicePrincipalId.ToString("D"),
        ["appRoleId"] = job.ScopeRoleId.ToString("D"),
    };

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

    static string Job(CloudSyncJob job) => Job(job.ServicePrincipalId, job.JobId);

    static string Job(Guid principal, string job) => $"{Root(principal)}/jobs/{Uri.EscapeDataString(job)}";

    IAsyncEnumerable<CloudSyncPrincipal> PrincipalsOfAsync(string filter, CancellationToken cancellationToken)
        => graph.PagesAsync<CloudSyncPrincipal>($"v1.0/servicePrincipals?$filter={Uri.EscapeDataString(filter)}&{PrincipalSelect}", cancellationToken);

    static string Quoted(string value) => value.Replace("'", "''", StringComparison.Ordinal);

    internal sealed record Identified
    {
        public required Guid Id { get; init; }
    }

    internal sealed record SecretList
    {
        /// <summary>Always there: a set that was read as empty by mistake would be written back so.</summary>
        public required IReadOnlyList<Secret> Value { get; init => field = value ?? throw new JsonException("The settings of a job are null."); }
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
