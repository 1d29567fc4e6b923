using System.Text.Json;
using System.Text.Json.Nodes;
using GwbCloud.Lab.CloudSync;
using GwbCloud.Lab.Tenant.OData;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Tenant.Api;

/// <summary>The synchronisation of a service principal: templates, jobs, schema, secrets, provisioning on demand, and the log.</summary>
sealed class SynchronizationApi(SimulatedWorld world, CloudSyncEngine cloudSync)
{
    const string Root = "servicePrincipals/{id}/synchronization";
    const string Never = "0001-01-01T00:00:00Z";
    const int OnDemandMembers = 5;

    static readonly EntityType<JsonObject> Template =
        JsonEntity.Type("synchronizationTemplate", ["id", "applicationId", "factoryTag", "default", "discoverable"]) with { Pages = false };

    static readonly EntityType<JsonObject> Job =
        JsonEntity.Type("synchronizationJob", ["id", "templateId", "schedule", "status", "synchronizationJobSettings"]) with { Pages = false };

    static readonly string[] SecretKeys =
    [
        "Domain", "EnforceDomain", "ValidateDomain", "SyncAll", "SyncNotificationSettings", "SkipOutOfScopeDeletions", "HardDeletesEnabled",
        "TestReferences", "SyncAgentCompatibilityKey", "SyncAgentADContainer", "AppKey", "BaseAddress", "SecretToken", "UserName", "Password",
    ];

    // Values of these are never shown again.
    static readonly string[] Credentials = ["AppKey", "SecretToken", "Password"];

    static readonly string[] ResetScopes = ["Escrows", "Watermark", "QuarantineState", "Full", "ForceDeletes"];

    public IEnumerable<GraphRoute> Routes =>
    [
        GraphRoute.Get($"{Root}/templates", Needs.ReadSynchronization, call => ODataQuery.Page(call, Template, Templates(call))),
        GraphRoute.Get($"{Root}/jobs", Needs.ReadSynchronization, call => ODataQuery.Page(call, Job, JobsOf(call, Needs.AnySynchronization).Where(j => world.Clock.Lists(j.VisibleAt)).Select(From))),
        GraphRoute.Write("POST", $"{Root}/jobs", Needs.WriteSynchronization, CreateJobAsync),
        GraphRoute.Write("POST", $"{Root}/jobs/validateCredentials", Needs.WriteSynchronization, ValidateCredentialsAsync),
        GraphRoute.Get($"{Root}/jobs/{{job}}", Needs.ReadSynchronization, call => ODataQuery.One(call, Job, From(FindJob(call, Needs.AnySynchronization)))),
        GraphRoute.Write("DELETE", $"{Root}/jobs/{{job}}", Needs.WriteSynchronization, call => DoAsync(call, job => cloudSync.DeleteAsync(job.Id))),
        GraphRoute.Write("POST", $"{Root}/jobs/{{job}}/start", Needs.WriteSynchronization, call => DoAsync(call, job => cloudSync.StartAsync(job.Id))),
        GraphRoute.Write("POST", $"{Root}/jobs/{{job}}/pause", Needs.WriteSynchronization, call => DoAsync(call, job => cloudSync.PauseAsync(job.Id))),
        GraphRoute.Write("POST", $"{Root}/jobs/{{job}}/restart", Needs.WriteSynchronization, RestartAsync),
        GraphRoute.Write("POST", $"{Root}/jobs/{{job}}/validateCredentials", Needs.WriteSynchronization, ValidateCredentialsAsync),
        GraphRoute.Write("POST", $"{Root}/jobs/{{job}}/provisionOnDemand", Needs.WriteSynchronization, ProvisionOnDemandAsync) with { Per10Seconds = 5 },
        GraphRoute.Get($"{Root}/jobs/{{job}}/schema", Needs.ReadSynchronization, GetSchema),
        GraphRoute.Write("PUT", $"{Root}/jobs/{{job}}/schema", Needs.WriteSynchronization, PutSchemaAsync),
        GraphRoute.Read("POST", $"{Root}/jobs/{{job}}/schema/parseExpression", Needs.WriteSynchronization, ParseExpression),
        GraphRoute.Get($"{Root}/jobs/{{job}}/schema/filterOperators", Needs.ReadSynchronization, FilterOperators),
        GraphRoute.Get($"{Root}/secrets", Needs.ReadSynchronization, GetSecrets),
        GraphRoute.Write("PUT", $"{Root}/secrets", Needs.WriteSynchronization, PutSecretsAsync),
        .. new ProvisioningLogApi(world).Routes,
    ];

    IEnumerable<JsonObject> Templates(GraphCall call)
    {
        var app = world.VisibleApp(call);
        return
        [
            new JsonObject
            {
                ["id"] = JobTemplateOf(app),
                ["applicationId"] = app.AppId.ToString("D"),
                ["factoryTag"] = JobTemplateOf(app),
                ["default"] = true,
                ["discoverable"] = false,
            },
        ];
    }

    static string JobTemplateOf(AppState app) => app.TemplateId == InboundSchema.Template ? InboundSchema.JobTemplate : CloudSyncEngine.JobTemplate;

    /// <summary>Jobs of the request's service principal.</summary>
    /// <param name="call">The request.</param>
    /// <param name="ofOthers">Permission that the caller needs where it does not own the application.</param>
    List<JobState> JobsOf(GraphCall call, Needs ofOthers) => world.Store.Read(() =>
    {
        var app = world.VisibleApp(call);
        call.Caller.DemandOwned(app.OwnerId, ofOthers);
        return world.Jobs.Values.Where(j => j.ServicePrincipalId == app.ServicePrincipalId && world.Clock.Reads(j.VisibleAt)).ToList();
    });

    JobState FindJob(GraphCall call, Needs ofOthers) =>
        JobsOf(call, ofOthers).FirstOrDefault(j => j.Id == call["job"]) ?? throw new GraphException(404, "JobNotFound", $"The job '{call["job"]}' was not found.");

    JobState JobToWrite(GraphCall call) => FindJob(call, Needs.WriteAnySynchronization);

    async Task<GraphAnswer> CreateJobAsync(GraphCall call)
    {
        var app = world.VisibleApp(call);
        call.Caller.DemandOwned(app.OwnerId, Needs.WriteAnySynchronization);
        var template = (string?)call.BodyObject["templateId"];
        if (template != JobTemplateOf(app) || template != CloudSyncEngine.JobTemplate)
        {
            throw new GraphException(400, "TemplateNotFound", $"The template '{template}' was not found.");
        }

        return ODataQuery.Created(call, Job, From(await cloudSync.CreateJobAsync(app.ServicePrincipalId)));
    }

    async Task<GraphAnswer> DoAsync(GraphCall call, Func<JobState, Task> act)
    {
        await act(JobToWrite(call));
        return GraphAnswer.NoContent;
    }

    async Task<GraphAnswer> RestartAsync(GraphCall call)
    {
        var scope = (string?)(call.Body as JsonObject)?["criteria"]?["resetScope"] ?? "";
        // None and ConnectorDataStore exist and are not to be used; the service refuses them here.
        if (scope.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(s => !ResetScopes.Contains(s)) is { } unknown)
        {
            throw GraphException.BadRequest($"The reset scope '{unknown}' is not valid.");
        }

        await cloudSync.RestartAsync(JobToWrite(call).Id, scope);
        return GraphAnswer.NoContent;
    }

    Task<GraphAnswer> ValidateCredentialsAsync(GraphCall call)
    {
        var jobs = JobsOf(call, Needs.WriteAnySynchronization);
        var saved = (bool?)call.BodyObject["useSavedCredentials"] == true;
        var secrets = saved
            ? jobs.FirstOrDefault(j => !call.Values.ContainsKey("job") || j.Id == call["job"])?.Secrets ?? new Dictionary<string, string>()
            : ReadPairs(call.BodyObject["credentials"]);
        var domain = CloudSyncEngine.DomainOf(secrets);
        return world.Store.Read(() => world.ForestFacts.Domain).Equals(domain, StringComparison.OrdinalIgnoreCase)
            ? Task.FromResult(GraphAnswer.NoContent)
            : throw new GraphException(400, "CredentialsMissing", domain is null ? "The credentials are missing or not valid." : $"No agent serves the domain '{domain}'.");
    }

    GraphAnswer GetSchema(GraphCall call)
    {
        ODataQuery.DemandKnown(call);
        var schema = JsonNode.Parse(FindJob(call, Needs.AnySynchronization).Schema)!.AsObject();
        schema.Insert(0, "@odata.context", $"{call.BaseAddress}/{call.Version}/$metadata#{string.Join('/', call.Path)}/$entity");
        return GraphAnswer.Ok(schema);
    }

    async Task<GraphAnswer> PutSchemaAsync(GraphCall call)
    {
        var job = JobToWrite(call);
        var schema = (JsonObject)call.BodyObject.DeepClone();
        foreach (var annotation in schema.Select(p => p.Key).Where(k => k.StartsWith('@')).ToList())
        {
            schema.Remove(annotation);
        }

        try
        {
            await cloudSync.PutSchemaAsync(job.Id, schema);
            return GraphAnswer.NoContent;
        }
        catch (SchemaException e)
        {
            throw new GraphException(400, "InvalidSchema", e.Message);
        }
    }

    GraphAnswer ParseExpression(GraphCall call)
    {
        FindJob(call, Needs.AnySynchronization);
        try
        {
            var parsed = ExpressionParser.Parse((string?)call.BodyObject["expression"] ?? throw new SchemaException("expression is required."));
            return GraphAnswer.Ok(new JsonObject
            {
                ["parsingSucceeded"] = true,
                ["parsedExpression"] = parsed.ToJson(),
                ["evaluationSucceeded"] = false,
                ["evaluationResult"] = new JsonArray(),
            });
        }
        catch (SchemaException e)
        {
            return GraphAnswer.Ok(new JsonObject
            {
                ["parsingSucceeded"] = false,
                ["parsedExpression"] = null,
                ["parsingError"] = new JsonObject { ["code"] = "InvalidExpression", ["message"] = e.Message },
                ["evaluationSucceeded"] = false,
                ["evaluationResult"] = new JsonArray(),
            });
        }
    }

    GraphAnswer FilterOperators(GraphCall call)
    {
        FindJob(call, Needs.AnySynchronization);
        return GraphAnswer.Ok(new JsonObject
        {
            ["value"] = new JsonArray([.. ScopeFilter.Operators.Select(o => (JsonNode)new JsonObject
            {
                ["id"] = o.Key,
                ["name"] = o.Key,
                ["arity"] = o.Value == 0 ? "Unary" : "Binary",
                ["multivaluedComparisonType"] = "All",
                ["supportedAttributeTypes"] = new JsonArray("String", "Boolean"),
            })]),
        });
    }

    GraphAnswer GetSecrets(GraphCall call)
    {
        var secrets = JobsOf(call, Needs.AnySynchronization).FirstOrDefault()?.Secrets ?? new Dictionary<string, string>();
        return GraphAnswer.Ok(new JsonObject
        {
            ["value"] = new JsonArray([.. secrets.OrderBy(s => s.Key, StringComparer.Ordinal)
                .Select(s => (JsonNode)new JsonObject { ["key"] = s.Key, ["value"] = Credentials.Contains(s.Key) ? "*" : s.Value })]),
        });
    }

    async Task<GraphAnswer> PutSecretsAsync(GraphCall call)
    {
        var app = world.VisibleApp(call);
        if (JobsOf(call, Needs.WriteAnySynchronization).Count == 0)
        {
            throw new GraphException(404, "JobNotFound", "The service principal has no synchronization job.");
        }

        var secrets = ReadPairs(call.BodyObject["value"]);
        if (secrets.Keys.FirstOrDefault(k => !SecretKeys.Contains(k)) is { } unknown)
        {
            throw GraphException.BadRequest($"The secret key '{unknown}' is not valid.");
        }

        await cloudSync.PutSecretsAsync(app.ServicePrincipalId, secrets);
        return GraphAnswer.NoContent;
    }

    static Dictionary<string, string> ReadPairs(JsonNode? pairs) => (pairs as JsonArray ?? throw GraphException.BadRequest("An array of key and value is required."))
        .ToDictionary(p => (string?)p?["key"] ?? "", p => (string?)p?["value"] ?? "");

    async Task<GraphAnswer> ProvisionOnDemandAsync(GraphCall call)
    {
        var job = JobToWrite(call);
        var parameters = call.BodyObject["parameters"] as JsonArray;
        var subjects = parameters is [JsonObject parameter] ? parameter["subjects"] as JsonArray : null;
        if (subjects is not [JsonObject subject] || (string?)subject["objectTypeName"] != "Group" || !Guid.TryParse((string?)subject["objectId"], out var group))
        {
            throw GraphException.BadRequest("Provisioning on demand takes one rule with one subject of type Group.");
        }

        if ((string?)parameters![0]!["ruleId"] != SyncSchema.Parse(job.Schema).RuleId)
        {
            throw new GraphException(400, "InvalidSynchronizationRule", "The synchronization rule does not exist.");
        }

        var members = (subject["links"]?["members"] as JsonArray ?? []).Select(m => Guid.Parse((string)m!["objectId"]!)).ToList();
        if (members.Count > OnDemandMembers)
        {
            throw GraphException.BadRequest($"Provisioning on demand takes at most {OnDemandMembers} members.");
        }

        if (world.Switches.OnDemandNeedsStartedJob && !job.Started)
        {
            throw new GraphException(400, "JobNotRunning", "Provisioning on demand needs a job that is started.");
        }

        return GraphAnswer.Ok(Describe(group, await cloudSync.ProvisionOnDemandAsync(job.Id, group, members)));
    }

    // Both values are JSON in a string. Source: reference of synchronizationJob: provisionOnDemand.
    static JsonObject Describe(Guid group, ProvisioningOutcome outcome)
    {
        var key = new JsonObject
        {
            ["result"] = outcome.Status switch { "success" => "Success", "skipped" => "Skipped", _ => "Failure" },
            ["details"] = new JsonObject { ["errorCode"] = outcome.ErrorCode ?? "", ["errorMessage"] = outcome.ErrorCode is null ? "" : $"The group was not provisioned: {outcome.ErrorCode}." },
        };
        var value = new JsonObject
        {
            ["action"] = outcome.Action switch { "create" => "Create", "update" => "Update", "delete" => "Delete", _ => "Other" },
            ["provisioningSteps"] = Steps(outcome),
            ["modifiedProperties"] = ProvisioningLogApi.Modified(outcome.Modified),
            ["sourceIdentity"] = new JsonObject { ["id"] = group.ToString("D"), ["identityType"] = "Group" },
            ["targetIdentity"] = new JsonObject { ["id"] = outcome.ObjectGuid?.ToString("D") ?? "", ["identityType"] = "group" },
            ["statusInfo"] = new JsonObject(),
        };
        return new JsonObject { ["key"] = key.ToJsonString(), ["value"] = value.ToJsonString() };
    }

    static JsonArray Steps(ProvisioningOutcome outcome)
    {
        var steps = new JsonArray();
        foreach (var name in new[] { "Import", "Scoping", "Matching", "Export" })
        {
            var last = name == outcome.EndedAt;
            steps.Add(new JsonObject
            {
                ["name"] = $"EntryTo{name}",
                ["type"] = name,
                ["status"] = !last || outcome.Status == "success" ? "Success" : outcome.Status == "skipped" ? "Skipped" : "Failure",
                ["description"] = last && outcome == ProvisioningOutcome.NotInScope ? "The group is not in scope." : $"{name} of the group.",
                ["details"] = new JsonObject(),
            });
            if (last)
            {
                break;
            }
        }

        return steps;
    }

    JsonObject From(JobState job) => new()
    {
        ["id"] = job.Id,
        ["templateId"] = job.TemplateId,
        ["schedule"] = new JsonObject { ["expiration"] = null, ["interval"] = "PT20M", ["state"] = job.Started ? "Active" : "Disabled" },
        ["status"] = new JsonObject
        {
            ["code"] = job.Quarantined ? "Quarantine" : job.Started ? job.Cycles == 0 ? "NotRun" : "Active" : job.Secrets.Count == 0 ? "NotConfigured" : "Paused",
            ["countSuccessiveCompleteFailures"] = 0,
            ["escrowsPruned"] = false,
            ["lastExecution"] = Execution(job, successful: false),
            ["lastSuccessfulExecution"] = Execution(job, successful: true),
            ["lastSuccessfulExecutionWithExports"] = job.LastExports > 0 ? Execution(job, successful: true) : null,
            ["progress"] = new JsonArray(),
            ["quarantine"] = job.Quarantined ? new JsonObject
            {
                ["currentBegan"] = TenantEntities.Moment(job.LastCycleAt ?? world.Clock.GetUtcNow()),
                ["nextAttempt"] = null,
                ["seriesBegan"] = TenantEntities.Moment(job.LastCycleAt ?? world.Clock.GetUtcNow()),
                ["reason"] = job.QuarantineReason,
                ["seriesCount"] = 1,
                ["error"] = null,
            } : null,
            ["steadyStateFirstAchievedTime"] = job.SteadyAt is { } steady ? TenantEntities.Moment(steady) : Never,
            ["steadyStateLastAchievedTime"] = job is { SteadyAt: not null, LastCycleAt: { } last } ? TenantEntities.Moment(last) : Never,
            ["synchronizedEntryCountByType"] = job.LastCycleAt is null ? new JsonArray() : new JsonArray(new JsonObject { ["key"] = "Group to group", ["value"] = job.LastEntitled }),
            ["troubleshootingUrl"] = "",
        },
        ["synchronizationJobSettings"] = new JsonArray(),
    };

    static JsonObject? Execution(JobState job, bool successful) => job.LastCycleAt is not { } at || (successful && (job.LastErrors > 0 || job.Quarantined)) ? null : new JsonObject
    {
        ["activityIdentifier"] = $"{job.Id}#{job.Cycles}",
        ["countEntitled"] = job.LastEntitled,
        ["countEntitledForProvisioning"] = job.LastEntitled,
        ["countEscrowed"] = job.LastErrors,
        ["countEscrowedRaw"] = job.LastErrors,
        ["countExported"] = job.LastExports,
        ["countExports"] = job.LastExports,
        ["countImported"] = job.LastEntitled,
        ["countImportedDeltas"] = 0,
        ["countImportedReferenceDeltas"] = 0,
        ["error"] = job.Quarantined ? new JsonObject { ["code"] = job.QuarantineReason, ["message"] = "The job is in quarantine.", ["tenantActionable"] = true } : null,
        ["state"] = job.Quarantined ? "Failed" : job.LastErrors > 0 ? "EntryLevelErrors" : "Succeeded",
        ["timeBegan"] = TenantEntities.Moment(at.AddMinutes(-1)),
        ["timeEnded"] = TenantEntities.Moment(at),
    };
}
