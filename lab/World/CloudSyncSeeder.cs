using System.Text.Json.Nodes;
using GwbCloud.Lab.CloudSync;
using GwbCloud.Lab.Tenant;
using GwbCloud.Lab.Tenant.Api;

namespace GwbCloud.Lab.World;

/// <summary>Makes what stands in the tenant before any migration: configurations of Cloud Sync, and the traces of Connect servers.</summary>
sealed class CloudSyncSeeder(SimulatedWorld world)
{
    /// <summary>Where a configuration that somebody made long ago puts its groups.</summary>
    public const string OwnContainer = "OU=Cloud Sync," + WorldSeeder.DomainDn;

    /// <summary>From this build on Connect signs in as an application.</summary>
    static readonly Version SignsInAsApp = new(2, 5, 76, 0);

    WorldOptions Options => world.Options;

    ExistingConfiguration Existing => world.Suffers(Sabotage.AdoptedRunningJob) ? ExistingConfiguration.Managing : Options.ExistingConfiguration;

    public void SeedTraces(WorldChange change)
    {
        foreach (var server in world.Servers.Values.ToList())
        {
            Trace(change, server.Name, forgotten: server.Forgotten, app: Version.Parse(server.Version) >= SignsInAsApp, user: true);
        }

        for (var i = 0; i < Options.ForgottenServers; i++)
        {
            // Some left both, some only the account of the time before applications.
            Trace(change, $"OLDSYNC{i + 1:00}", forgotten: true, app: i % 2 == 1, user: true);
        }
    }

    public void SeedConfiguration(WorldChange change)
    {
        if (Existing == ExistingConfiguration.None)
        {
            return;
        }

        var manages = Existing is ExistingConfiguration.Managing or ExistingConfiguration.Running;
        var job = Job(change, "existing", ApplicationsApi.CloudSyncTemplate, CloudSyncEngine.JobTemplate, (id, rule) => DefaultSchema.Create(id, rule, world.ForestFacts.DomainDn));
        job = job with
        {
            Secrets = new Dictionary<string, string>
            {
                ["Domain"] = $$"""{"domain":"{{world.ForestFacts.Domain}}"}""",
                ["SyncAll"] = Existing == ExistingConfiguration.SyncAll ? "true" : "false",
                ["SyncNotificationSettings"] = """{"Enabled":true,"Recipients":"admins@contoso.example","DeleteThresholdEnabled":true,"DeleteThresholdValue":500}""",
            },
            MembersSwitch = manages,
        };
        if (manages)
        {
            job = Manage(change, job);
        }

        world.Jobs.Put(change, job.Id, job);
    }

    public void SeedOtherJobs(WorldChange change)
    {
        if (Options.OtherJobs == OtherJobs.None)
        {
            return;
        }

        var now = world.Clock.GetUtcNow();
        var job = Job(change, "inbound", InboundSchema.Template, InboundSchema.JobTemplate, (id, rule) => InboundSchema.Create(id, rule, world.ForestFacts.DomainDn, Options.OtherJobs));
        world.Jobs.Put(change, job.Id, job with
        {
            Started = true,
            Secrets = new Dictionary<string, string> { ["Domain"] = $$"""{"domain":"{{world.ForestFacts.Domain}}"}""" },
            Cycles = 1000,
            LastCycleAt = now,
            SteadyAt = now.AddDays(-90),
            NeedsInitial = false,
        });
    }

    /// <summary>Lets the job do what it once did: it makes its groups, named and placed by expressions of its own.</summary>
    JobState Manage(WorldChange change, JobState job)
    {
        world.PutForest(change, world.ForestFacts with { Containers = [.. world.ForestFacts.Containers, Options.Forest.Place(OwnContainer)] });
        var app = world.Apps[job.ServicePrincipalId];
        foreach (var group in Enumerable.Range(0, Options.ManagedGroups).Select(i => WorldSeeder.UnwrittenGroupId(world, i)).Where(g => world.Groups.Find(g) is not null))
        {
            world.Assign(change, app, group, replicated: true);
        }

        var schema = JsonNode.Parse(job.Schema)!;
        Map(SyncSchema.CommonName, "Append(\"CS \",Left(Trim([displayName]),60))");
        Map(SyncSchema.Container, $"Append(\"OU=Cloud Sync,\",\"{world.ForestFacts.DomainDn}\")");
        job = job with { Schema = schema.ToJsonString(), Started = true };
        world.Jobs.Put(change, job.Id, job);
        new GroupProvisioner(world).Cycle(change, job);
        var now = world.Clock.GetUtcNow();
        var running = Existing == ExistingConfiguration.Running;
        return job with
        {
            Started = running,
            OwnersRestart = world.Suffers(Sabotage.AdoptedRunningJob),
            NextCycleAt = running ? now.AddMinutes(20) : null,
            Cycles = 500,
            LastCycleAt = now,
            SteadyAt = now.AddDays(-30),
            NeedsInitial = false,
        };

        void Map(string target, string expression)
        {
            var mappings = schema["synchronizationRules"]![0]!["objectMappings"]![0]!["attributeMappings"]!.AsArray();
            mappings.Single(m => (string?)m!["targetAttributeName"] == target)!["source"] = ExpressionParser.Parse(expression).ToJson();
        }
    }

    /// <summary>An application of a gallery template with one stopped job, as the portal makes it.</summary>
    JobState Job(WorldChange change, string key, string template, string jobTemplate, Func<string, Guid, JsonObject> schema)
    {
        var app = new AppState
        {
            ApplicationObjectId = world.NewId("application", key),
            AppId = world.NewId("appId", key),
            ServicePrincipalId = world.NewId("servicePrincipal", key),
            // Both directions bear the domain's name: that is the portal's habit.
            DisplayName = world.ForestFacts.Domain,
            TemplateId = template,
            PublicRoleId = ApplicationsApi.PublicRole,
            VisibleAt = default,
        };
        world.Apps.Put(change, app.ServicePrincipalId, app);
        var id = $"{jobTemplate}.{world.Tenant.TenantId:N}.{world.NewId("job", key):D}";
        return new JobState
        {
            Id = id,
            ServicePrincipalId = app.ServicePrincipalId,
            TemplateId = jobTemplate,
            Started = false,
            Schema = schema(id, world.NewId("rule", key)).ToJsonString(),
            Secrets = new Dictionary<string, string>(),
        };
    }

    void Trace(WorldChange change, string server, bool forgotten, bool app, bool user)
    {
        var installation = world.NewId("connectInstallation", server);
        var trace = new ConnectTrace
        {
            Server = server,
            InstallationId = installation,
            Forgotten = forgotten,
            ApplicationObjectId = app ? world.NewId("application", server) : null,
            UserId = user ? world.NewId("syncUser", server) : null,
        };
        world.ConnectTraces.Put(change, server, trace);
        world.PutForest(change, world.ForestFacts with { ConnectAccounts = [.. world.ForestFacts.ConnectAccounts, DescribeAccount(trace)] });
        if (trace.ApplicationObjectId is { } application)
        {
            world.Applications.Put(change, application, new ApplicationRecord
            {
                ObjectId = application,
                AppId = world.NewId("appId", server),
                DisplayName = $"ConnectSyncProvisioning_{server}_{trace.ShortId}",
                ServicePrincipalId = world.NewId("servicePrincipal", server),
            });
        }

        if (trace.UserId is { } account)
        {
            world.Principals.Put(change, account, new CloudPrincipal
            {
                Id = account,
                Kind = PrincipalKind.User,
                DisplayName = "On-Premises Directory Synchronization Service Account",
                UserPrincipalName = $"Sync_{server}_{trace.ShortId}@{world.Tenant.InitialDomain}",
            });
        }
    }

    /// <summary>What Connect's setup writes into the description of the account that it makes in Active Directory.</summary>
    string DescribeAccount(ConnectTrace trace) =>
        $"Account created by Microsoft Azure Active Directory Connect with installation identifier '{trace.InstallationId:N}' running on computer '{trace.Server}' "
        + $"configured to synchronize to tenant '{world.Tenant.InitialDomain}'. This account must have directory replication permissions in the local Active Directory.";
}
