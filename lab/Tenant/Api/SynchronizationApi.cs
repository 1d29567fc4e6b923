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

    static readonly EntityType Template = new() { Name = "synchronizationTemplate", Default = ["id", "applicationId", "factoryTag", "default", "discoverable"] };

    static readonly EntityType Job = new()
    {
        Name = "synchronizationJob",
        Default = ["id", "templateId", "schedule", "status", "synchronizationJobSettings"],
        OnRequest = ["schema"],
    };

    static readonly EntityType LogLine = new()
    {
        Name = "provisioningObjectSummary",
        DirectoryObject = false,
        Default =
        [
            "id", "activityDateTime", "jobId", "cycleId", "changeId", "provisioningAction", "provisioningStatusInfo", "provisioningSteps",
            "modifiedProperties", "servicePrincipal", "sourceIdentity", "targetIdentity", "sourceSystem", "targetSystem", "tenantId",
            "durationInMilliseconds", "initiatedBy",
        ],
        Filterable = ["id", "jobId", "activityDateTime", "cycleId", "provisioningAction", "tenantId", "changeId"],
        Orderable = ["activityDateTime"],
    };

    static readonly string[] SecretKeys =
    [
        "Domain", "EnforceDomain", "ValidateDomain", "SyncAll", "SyncNotificationSettings", "SkipOutOfScopeDeletions", "HardDeletesEnabled",
        "TestReferences", "SyncAgentCompatibilityKey", "SyncAgentADContainer", "AppKey", "BaseAddress", "SecretToken", "UserName", "Password",
    ];

    public IEnumerable<GraphRoute> Routes =>
    [
        GraphRoute.To("GET", $"{Root}/templates", call => ODataQuery.Page(call, Template, Templates(call))),
        GraphRoute.To("GET", $"{Root}/jobs", call => ODataQuery.Page(call, Job, Jobs(call))),
        GraphRoute.To("POST", $"{Root}/jobs", CreateJobAsync),
        GraphRoute.To("POST", $"{Root}/jobs/validateCredentials", ValidateCredentials),
        GraphRoute.To("GET", $"{Root}/jobs/{{job}}", call => ODataQuery.One(call, Job, From(FindJob(call)))),
        GraphRoute.To("DELETE", $"{Root}/jobs/{{job}}", call => DoAsync(call, job => cloudSync.DeleteAsync(job.Id))),
        GraphRoute.To("POST", $"{Root}/jobs/{{job}}/start", call => DoAsync(call, job => cloudSync.StartAsync(job.Id))),
        GraphRoute.To("POST", $"{Root}/jobs/{{job}}/pause", call => DoAsync(call, job => cloudSync.PauseAsync(job.Id))),
        GraphRoute.To("POST", $"{Root}/jobs/{{job}}/restart", RestartAsync),
        GraphRoute.To("POST", $"{Root}/jobs/{{job}}/validateCredentials", ValidateCredentials),
        GraphRoute.To("POST", $"{Root}/jobs/{{job}}/provisionOnDemand", ProvisionOnDemandAsync),
        GraphRoute.To("GET", $"{Root}/jobs/{{job}}/schema", GetSchema),
        GraphRoute.To("PUT", $"{Root}/jobs/{{job}}/schema", PutSchemaAsync),
        GraphRoute.To("POST", $"{Root}/jobs/{{job}}/schema/parseExpression", ParseExpression),
        GraphRoute.To("GET", $"{Root}/jobs/{{job}}/schema/filterOperators", FilterOperators),
        GraphRoute.To("GET", $"{Root}/secrets", GetSecrets),
        GraphRoute.To("PUT", $"{Root}/secrets", PutSecretsAsync),
        GraphRoute.To("GET", "auditLogs/provisioning", call => ODataQuery.Page(call, LogLine, Log())),
    ];

    IEnumerable<JsonObject> Templates(GraphCall call)
    {
        var app = world.VisibleApp(call);
        return
        [
            new JsonObject
            {
                ["id"] = CloudSyncEngine.JobTemplate,
                ["applicationId"] = app.AppId.ToString("D"),
                ["factoryTag"] = CloudSyncEngine.JobTemplate,
                ["default"] = true,
                ["discoverable"] = false,
            },
        ];
    }

    List<JobState> JobsOf(GraphCall call)
    {
        var app = world.VisibleApp(call);
        return world.Store.Read(() => world.Jobs.Values.Where(j => j.ServicePrincipalId == app.ServicePrincipalId).ToList());
    }

    List<JsonObject> Jobs(GraphCall call) => [.. JobsOf(call).Select(From)];

    JobState FindJob(GraphCall call) =>
        JobsOf(call).FirstOrDefault(j => j.Id == call["job"]) ?? throw new GraphException(404, "JobNotFound", $"The job '{call["job"]}' was not found.");

    async Task<GraphAnswer> CreateJobAsync(GraphCall call)
    {
        var app = world.VisibleApp(call);
        if ((string?)call.BodyObject["templateId"] != CloudSyncEngine.JobTemplate)
        {
            throw new GraphException(400, "TemplateNotFound", $"The template '{(string?)call.BodyObject["templateId"]}' was not found.");
        }

        return GraphAnswer.Created(From(await cloudSync.CreateJobAsync(app.ServicePrincipalId)));
    }

    async Task<GraphAnswer> DoAsync(GraphCall call, Func<JobState, Task> act)
    {
        await act(FindJob(call));
        return GraphAnswer.NoContent;
    }

    async Task<GraphAnswer> RestartAsync(GraphCall call)
    {
        var scope = (string?)(call.Body as JsonObject)?["criteria"]?["resetScope"] ?? "";
        await cloudSync.RestartAsync(FindJob(call).Id, scope);
        return GraphAnswer.NoContent;
    }

    GraphAnswer ValidateCredentials(GraphCall call)
    {
        var saved = (bool?)call.BodyObject["useSavedCredentials"] == true;
        var secrets = saved
            ? JobsOf(call).FirstOrDefault(j => !call.Values.ContainsKey("job") || j.Id == call["job"])?.Secrets ?? new Dictionary<string, string>()
            : ReadPairs(call.BodyObject["credentials"]);
        return secrets.ContainsKey("Domain")
            ? GraphAnswer.NoContent
            : throw new GraphException(400, "CredentialsMissing", "The credentials are missing or not valid.");
    }

    GraphAnswer GetSchema(GraphCall call)
    {
        ODataQuery.DemandKnown(call);
        return GraphAnswer.Ok(JsonNode.Parse(FindJob(call).Schema)!);
    }

    async Task<GraphAnswer> PutSchemaAsync(GraphCall call)
    {
        var job = FindJob(call);
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

    static GraphAnswer ParseExpression(GraphCall call)
    {
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
        FindJob(call);
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
        var secrets = JobsOf(call).FirstOrDefault()?.Secrets ?? new Dictionary<string, string>();
        return GraphAnswer.Ok(new JsonObject
        {
            ["value"] = new JsonArray([.. secrets.OrderBy(s => s.Key, StringComparer.Ordinal)
                .Select(s => (JsonNode)new JsonObject { ["key"] = s.Key, ["value"] = s.Key is "AppKey" or "SecretToken" or "Password" ? "*" : s.Value })]),
        });
    }

    async Task<GraphAnswer> PutSecretsAsync(GraphCall call)
    {
        var app = world.VisibleApp(call);
        if (JobsOf(call).Count == 0)
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
        var job = FindJob(call);
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
            ["modifiedProperties"] = Modified(outcome.Modified),
            ["sourceIdentity"] = new JsonObject { ["id"] = group.ToString("D"), ["identityType"] = "Group" },
            ["targetIdentity"] = new JsonObject { ["id"] = outcome.ObjectGuid?.ToString("D") ?? "", ["identityType"] = "group" },
            ["statusInfo"] = new JsonObject(),
        };
        return new JsonObject { ["key"] = key.ToJsonString(), ["value"] = value.ToJsonString() };
    }

    static JsonArray Modified(IReadOnlyList<string> properties) =>
        new([.. properties.Select(p => (JsonNode)new JsonObject { ["displayName"] = p, ["oldValue"] = null, ["newValue"] = null })]);

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

    List<JsonObject> Log()
    {
        var until = world.Clock.GetUtcNow() - TenantWorld.LogDelay;
        return world.Store.Read(() => world.ProvisioningLog.Values.Where(e => e.At <= until).Select(From).ToList());
    }

    JsonObject From(ProvisioningEvent line) => new()
    {
        ["id"] = line.Id,
        ["activityDateTime"] = TenantEntities.Moment(line.At),
        ["jobId"] = line.JobId,
        ["cycleId"] = line.CycleId,
        ["changeId"] = line.Id,
        ["provisioningAction"] = line.Action,
        ["provisioningStatusInfo"] = new JsonObject
        {
            ["status"] = line.Status,
            ["errorInformation"] = line.Status != "failure" ? null
                : new JsonObject { ["errorCode"] = line.ErrorCode, ["reason"] = line.ErrorCode, ["errorCategory"] = "NonServiceFailure", ["recommendedAction"] = null },
        },
        ["provisioningSteps"] = new JsonArray(),
        ["modifiedProperties"] = Modified(line.ModifiedProperties),
        ["servicePrincipal"] = null,
        ["sourceIdentity"] = new JsonObject { ["id"] = line.GroupId.ToString("D"), ["identityType"] = "Group" },
        ["targetIdentity"] = new JsonObject { ["id"] = "", ["identityType"] = "group" },
        ["sourceSystem"] = new JsonObject { ["displayName"] = DefaultSchema.SourceDirectory },
        ["targetSystem"] = new JsonObject { ["displayName"] = DefaultSchema.TargetDirectory },
        ["tenantId"] = world.Tenant.TenantId.ToString("D"),
        ["durationInMilliseconds"] = 100,
        ["initiatedBy"] = new JsonObject { ["displayName"] = "Azure AD Provisioning Service", ["initiatorType"] = "system" },
    };

    static JsonObject From(JobState job) => new()
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
            ["lastSuccessfulExecutionWithExports"] = null,
            ["progress"] = new JsonArray(),
            ["quarantine"] = job.Quarantined ? new JsonObject
            {
                ["currentBegan"] = TenantEntities.Moment(job.LastCycleAt!.Value),
                ["nextAttempt"] = null,
                ["reason"] = job.QuarantineReason,
                ["seriesCount"] = 1,
                ["error"] = null,
            } : null,
            ["steadyStateFirstAchievedTime"] = job.SteadyAt is { } steady ? TenantEntities.Moment(steady) : Never,
            ["steadyStateLastAchievedTime"] = job is { SteadyAt: not null, LastCycleAt: { } last } ? TenantEntities.Moment(last) : Never,
            ["synchronizedEntryCountByType"] = new JsonArray(),
            ["troubleshootingUrl"] = "",
        },
        ["synchronizationJobSettings"] = new JsonArray(),
    };

    static JsonObject? Execution(JobState job, bool successful) => job.LastCycleAt is not { } at || (successful && (job.LastErrors > 0 || job.Quarantined)) ? null : new JsonObject
    {
        ["activityIdentifier"] = $"{job.Id}#{job.Cycles}",
        ["countEscrowed"] = job.LastErrors,
        ["error"] = null,
        ["state"] = job.Quarantined ? "Failed" : job.LastErrors > 0 ? "EntryLevelErrors" : "Succeeded",
        ["timeBegan"] = TenantEntities.Moment(at.AddMinutes(-1)),
        ["timeEnded"] = TenantEntities.Moment(at),
    };
}
