using System.Text;
using System.Text.Json.Nodes;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Graph;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.CloudSync;

/// <summary>Makes the configuration, or finds the one it made, and removes it again. Every step may be repeated. Source: migrate how-to, step 7.</summary>
/// <remarks>Before each creation its intention is journalled: what then stands under the name was made by us, also when no answer came.</remarks>
public sealed class CloudSyncSetup(
    GraphClient graph,
    CloudSyncRemote remote,
    CloudSyncReader reader,
    GroupDnExtension groupDn,
    IDocumentStore store,
    IDelay delay,
    IOptions<CloudSyncOptions> options)
{
    TimeSpan Pause => TimeSpan.FromSeconds(options.Value.ReplicationPollSeconds);

    int Looks => options.Value.ReplicationPolls;

    /// <summary>Application, job, secrets, mappings and the canaries' filter. Nobody is assigned: that is the operator's, or an activity of its own.</summary>
    public async Task<CloudSyncJob> PrepareAsync(string migrationId, MigrationPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var journal = new CloudSyncJournalFile(store, migrationId, plan.Canaries, cancellationToken);
        await journal.OpenAsync();

        var principal = await EnsurePrincipalAsync(journal, plan, cancellationToken);
        var found = await EnsureJobAsync(journal, principal, plan, cancellationToken);
        await KeepWhatWasThereAsync(journal, Job(journal.Now, principal, found), cancellationToken);
        await DecideAdoptionAsync(journal, Job(journal.Now, principal, found), found, plan, cancellationToken);

        if (plan.Kept is not null || journal.Now.GroupDn is not null || journal.Now.Adoption is { OwnMappings: true })
        {
            await groupDn.EnsureAsync(journal, plan.Tenant, cancellationToken);
            await WriteGroupDnAsync(journal, plan, plan.Kept, plan.Groups, cancellationToken);
        }

        var job = Job(journal.Now, principal, found);
        if (plan.Setup == CloudSyncSetupMode.Write)
        {
            await WriteSecretsAsync(job, plan.Domain, cancellationToken);
            await SetCanaryFilterAsync(migrationId, job, plan, cancellationToken);
        }

        return job;
    }

    /// <summary>The mappings, and the filter that lets only canaries through where the scope is ours to set.</summary>
    public Task SetCanaryFilterAsync(string migrationId, CloudSyncJob job, MigrationPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);

        // Groups that the filter left out would be deprovisioned, and those of somebody else's job are in use.
        return WriteSchemaAsync(
            migrationId, job, plan, schema => { if (!job.Preserves) { SchemaEdits.SetCanaryFilter(schema, plan.Canaries); } }, cancellationToken);
    }

    /// <summary>Brings GroupDN to the names of now: groups may have been renamed or moved since the plan.</summary>
    /// <param name="migrationId">The migration.</param>
    /// <param name="plan">Its plan, one that keeps names.</param>
    /// <param name="freeze">What the freeze found.</param>
    /// <param name="cancellationToken">Stops between the calls.</param>
    public async Task RefreshGroupDnAsync(string migrationId, MigrationPlan plan, FreezeRecord freeze, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(freeze);
        var journal = new CloudSyncJournalFile(store, migrationId, plan.Canaries, cancellationToken);
        if (await journal.OpenExistingAsync() && journal.Now.GroupDn is not null)
        {
            await WriteGroupDnAsync(journal, plan, freeze.Kept, freeze.Groups, cancellationToken);
        }
    }

    /// <summary>Edits mappings and scope, and writes only what differs.</summary>
    public async Task WriteSchemaAsync(string migrationId, CloudSyncJob job, MigrationPlan plan, Action<JsonObject> scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Setup == CloudSyncSetupMode.VerifyOnly)
        {
            return;
        }

        var wanted = await reader.SchemaPlanAsync(migrationId, job, plan, cancellationToken);
        var schema = await remote.SchemaAsync(job, cancellationToken);
        var before = schema.ToJsonString();
        SchemaEdits.Apply(schema, wanted);
        scope(schema);
        if (schema.ToJsonString() != before)
        {
            await remote.PutSchemaAsync(job, schema, cancellationToken);
        }
    }

    /// <summary>Ends the watch over deletes: at the lowest threshold the job would stop itself at the first group that leaves scope.</summary>
    public async Task RelaxThresholdAsync(string migrationId, CloudSyncJob job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var journal = await store.ReadOneAsync<CloudSyncJournal>(CloudSyncJournal.Name(migrationId), cancellationToken);
        var before = !job.Created && journal?.SecretsBefore is { } kept ? await store.LoadListAsync<Secret>(kept, cancellationToken) : null;
        var current = await remote.SecretsAsync(job.ServicePrincipalId, cancellationToken);
        await PutSecretsAsync(job, current, SecretsMerge.Everyday(current, before), cancellationToken);
    }

    /// <summary>Takes the canaries out of scope.</summary>
    public async Task UnassignAsync(CloudSyncJob job, Canaries canaries, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(canaries);
        foreach (var assignment in await remote.AssignmentsAsync(job, cancellationToken))
        {
            if (canaries.All.Contains(assignment.PrincipalId))
            {
                await remote.UnassignAsync(job, assignment, cancellationToken);
            }
        }
    }

    /// <summary>Removes what a migration of this installation made; puts a job that was there before back to what it was.</summary>
    public async Task RemoveAsync(string migrationId, MigrationPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var journal = new CloudSyncJournalFile(store, migrationId, plan.Canaries, cancellationToken);
        if (!await journal.OpenExistingAsync() || await MadeAsync(journal.Now, plan.Domain, cancellationToken) is not { } principal)
        {
            return;
        }

        foreach (var found in await remote.JobsAsync(principal.Id, cancellationToken))
        {
            var job = Job(journal.Now, principal, found);
            await remote.PauseAsync(job, cancellationToken);
            if (journal.Now.JobIntended)
            {
                // The job goes before everything else, so that nothing is provisioned out of a half-removed scope.
                await remote.DeleteJobAsync(job, cancellationToken);
            }
            else
            {
                await PutBackAsync(journal.Now, job, plan, cancellationToken);
            }
        }

        if (journal.Now is { AppIntended: true, ApplicationObjectId: var known })
        {
            if ((known ?? await remote.FindApplicationAsync(principal.AppId, cancellationToken)) is { } application)
            {
                await remote.DeleteApplicationAsync(application, cancellationToken);
            }

            await UntilAsync(async () => await remote.FindPrincipalAsync(principal.Id, cancellationToken) is null, cancellationToken);
        }

        // After the job: nothing may run without the names that it keeps.
        await groupDn.RemoveAsync(journal, keepApp: plan.Setup == CloudSyncSetupMode.VerifyOnly, cancellationToken);
        await journal.WriteAsync(j => j with { Removed = true });
    }

    async Task WriteGroupDnAsync(
        CloudSyncJournalFile journal, MigrationPlan plan, DocumentReference? kept, DocumentReference groups, CancellationToken cancellationToken)
    {
        var all = KeptDn.Of(await store.LoadListAsync<GroupIdentity>(groups, cancellationToken)).ToList();
        var wanted = journal.Now.Adoption is { OwnMappings: true } ? all
            : kept is null ? []
            : await store.LoadListAsync<KeptDn>(kept, cancellationToken);
        await groupDn.WriteAsync(journal, [.. wanted, KeptCanary.Of(plan)], all, cancellationToken);
    }

    /// <summary>Whether the job manages groups of somebody else's, and what must then stay. Refused before anything is written.</summary>
    async Task DecideAdoptionAsync(
        CloudSyncJournalFile journal, CloudSyncJob job, RemoteJob found, MigrationPlan plan, CancellationToken cancellationToken)
    {
        if (journal.Now.JobIntended || journal.Now.AdoptionDecided)
        {
            return;
        }

        var secrets = await remote.SecretsAsync(job.ServicePrincipalId, cancellationToken);
        var assigned = (await remote.AssignmentsAsync(job, cancellationToken)).Select(a => a.PrincipalId).Except(plan.Canaries.All).Order().ToList();
        AdoptionJournal? adoption = null;
        if (found.Status?.LastExecution is not null && (assigned.Count > 0 || SecretsMerge.TakesAll(secrets)))
        {
            var schema = await remote.SchemaAsync(job, cancellationToken);
            var own = AdoptedMappings.Of(schema, secrets, await reader.PlainSchemaPlanAsync(job, plan, cancellationToken));
            var planned = await store.LoadListAsync<GroupIdentity>(plan.Groups, cancellationToken);
            var unkept = own.Name is null ? 0 : planned.Count - KeptDn.Of(planned).Count();
            if ((own.Refusal ?? (unkept > 0 ? $"GroupDN cannot hold the names of {unkept} planned groups" : null)) is { } refusal)
            {
                throw new GraphException(GraphError.CannotPreserve, refusal);
            }

            adoption = new() { Name = own.Name, Container = own.Container, AssignedBefore = await store.SaveListAsync("assigned-before", assigned, cancellationToken) };
        }

        await journal.WriteAsync(j => j with { Adoption = adoption, AdoptionDecided = true });
    }

    async Task<CloudSyncPrincipal> EnsurePrincipalAsync(CloudSyncJournalFile journal, MigrationPlan plan, CancellationToken cancellationToken)
    {
        var domain = plan.Domain;
        var principal = await FindAsync(domain, cancellationToken);
        if (principal is null)
        {
            DemandWriting(plan);
            if (!await remote.TemplateExistsAsync(options.Value.TemplateId, cancellationToken))
            {
                throw new GraphException(GraphError.NoTemplate, options.Value.TemplateId.ToString("D"));
            }

            await journal.WriteAsync(j => j with { AppIntended = true, Removed = false });
            principal = await graph.EnsureAsync(
                token => FindAsync(domain, token),
                CloudSyncRemote.InstantiatePath(options.Value.TemplateId),
                new JsonObject { ["displayName"] = domain },
                Pause,
                Looks,
                cancellationToken);
        }

        // A list may show it before a single read does.
        await UntilAsync(async () => await remote.FindPrincipalAsync(principal.Id, cancellationToken) is not null, cancellationToken);
        if (journal.Now.ServicePrincipalId != principal.Id)
        {
            // Refused before anything here is called ours: the way back would pause or remove it.
            if ((await remote.JobsAsync(principal.Id, cancellationToken)).FirstOrDefault(job => job.Started) is { } running)
            {
                throw new GraphException(GraphError.ForeignJobRuns, running.Id);
            }

            var earlier = await EarlierAsync(principal.Id, cancellationToken);
            await journal.WriteAsync(j => j with
            {
                ServicePrincipalId = principal.Id,
                AppIntended = j.AppIntended || earlier is { AppIntended: true },
                JobIntended = j.JobIntended || earlier is { JobIntended: true },
                SchemaBefore = j.SchemaBefore ?? earlier?.SchemaBefore,
                SecretsBefore = j.SecretsBefore ?? earlier?.SecretsBefore,
                GroupDn = j.GroupDn ?? earlier?.GroupDn,
                Adoption = j.Adoption ?? earlier?.Adoption,
                AdoptionDecided = j.AdoptionDecided || earlier is { AdoptionDecided: true },
            });
        }

        return principal;
    }

    async Task<RemoteJob> EnsureJobAsync(
        CloudSyncJournalFile journal, CloudSyncPrincipal principal, MigrationPlan plan, CancellationToken cancellationToken)
    {
        var found = await FindJobAsync(principal, cancellationToken);
        if (found is null)
        {
            DemandWriting(plan);
            await DemandJobTemplateAsync(principal, cancellationToken);
            await journal.WriteAsync(j => j with { JobIntended = true });
            found = await graph.EnsureAsync(
                token => FindJobAsync(principal, token),
                CloudSyncRemote.JobsPath(principal.Id),
                new JsonObject { ["templateId"] = CloudSyncRemote.JobTemplate },
                Pause,
                Looks,
                cancellationToken);
        }
        else if (!journal.Now.JobIntended && found.Started)
        {
            throw new GraphException(GraphError.ForeignJobRuns, found.Id);
        }

        Guid? application = journal.Now.ApplicationObjectId;
        await UntilAsync(async () => (application ??= await remote.FindApplicationAsync(principal.AppId, cancellationToken)) is not null, cancellationToken);
        await journal.WriteAsync(j => j with { JobId = found.Id, ApplicationObjectId = application });
        return found;
    }

    static void DemandWriting(MigrationPlan plan)
    {
        if (plan.Setup == CloudSyncSetupMode.VerifyOnly)
        {
            throw new GraphException(GraphError.NothingToAdopt, plan.Domain);
        }
    }

    // The list is empty while the application replicates; one that stays without the template is another one than expected.
    async Task DemandJobTemplateAsync(CloudSyncPrincipal principal, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> templates = [];
        await UntilAsync(async () => (templates = await remote.JobTemplatesAsync(principal.Id, cancellationToken)).Count > 0, cancellationToken);
        if (!templates.Contains(CloudSyncRemote.JobTemplate))
        {
            throw new GraphException(GraphError.NoJobTemplate, string.Join(", ", templates));
        }
    }

    async Task KeepWhatWasThereAsync(CloudSyncJournalFile journal, CloudSyncJob job, CancellationToken cancellationToken)
    {
        if (journal.Now is { SchemaBefore: not null, SecretsBefore: not null })
        {
            return;
        }

        // A job has its schema some moments after itself.
        JsonObject? schema = null;
        await UntilAsync(async () => (schema = await remote.FindSchemaAsync(job, cancellationToken)) is not null, cancellationToken);
        var schemaBefore = await store.SaveAsync("schema-before", Encoding.UTF8.GetBytes(schema!.ToJsonString()), 1, cancellationToken);
        var secretsBefore = await store.SaveListAsync("secrets-before", await remote.SecretsAsync(job.ServicePrincipalId, cancellationToken), cancellationToken);
        await journal.WriteAsync(j => j with { SchemaBefore = schemaBefore, SecretsBefore = secretsBefore });
    }

    async Task WriteSecretsAsync(CloudSyncJob job, string domain, CancellationToken cancellationToken)
    {
        var current = await remote.SecretsAsync(job.ServicePrincipalId, cancellationToken);
        await PutSecretsAsync(job, current, SecretsMerge.Merge(current, domain), cancellationToken);
    }

    // The whole set is replaced, so that a masked credential would be overwritten by its mask, and one left out would be lost. Neither is
    // documented to be safe.
    async Task PutSecretsAsync(CloudSyncJob job, IReadOnlyList<Secret> current, IReadOnlyList<Secret> wanted, CancellationToken cancellationToken)
    {
        if (wanted.SequenceEqual(current))
        {
            return;
        }

        if (SecretsMerge.Masked(current) is { Count: > 0 } masked)
        {
            throw new GraphException(GraphError.MaskedSecrets, string.Join(", ", masked));
        }

        await remote.PutSecretsAsync(job.ServicePrincipalId, wanted, cancellationToken);
    }

    async Task PutBackAsync(CloudSyncJournal journal, CloudSyncJob job, MigrationPlan plan, CancellationToken cancellationToken)
    {
        if (plan.AssignScope == ScopeAssignment.App)
        {
            await UnassignAsync(job, plan.Canaries, cancellationToken);
        }

        if (plan.Setup == CloudSyncSetupMode.VerifyOnly)
        {
            return;
        }

        if (journal.SchemaBefore is { } document && JsonNode.Parse(await store.LoadAsync(document, cancellationToken)) is JsonObject schema)
        {
            await remote.PutSchemaAsync(job, schema, cancellationToken);
            await UntilAsync(async () => await remote.SchemaAsync(job, cancellationToken) is var now
                && SchemaEdits.Hash(now) == SchemaEdits.Hash(schema) && SchemaEdits.HasScopeOf(now, schema), cancellationToken);
        }

        if (journal.SecretsBefore is { } secrets)
        {
            var current = await remote.SecretsAsync(job.ServicePrincipalId, cancellationToken);
            await PutSecretsAsync(job, current, await store.LoadListAsync<Secret>(secrets, cancellationToken), cancellationToken);
        }
    }

    // What a journal names; after a lost answer, what appears under the name.
    async Task<CloudSyncPrincipal?> MadeAsync(CloudSyncJournal journal, string domain, CancellationToken cancellationToken)
    {
        if (journal.ServicePrincipalId is { } id)
        {
            return await remote.FindPrincipalAsync(id, cancellationToken);
        }

        CloudSyncPrincipal? found = null;
        for (var look = 0; journal.AppIntended && found is null && look < Looks; look++)
        {
            found = await FindAsync(domain, cancellationToken);
            if (found is null)
            {
                await delay.ForAsync(Pause, cancellationToken);
            }
        }

        return found;
    }

    async Task<CloudSyncPrincipal?> FindAsync(string domain, CancellationToken cancellationToken)
    {
        var found = new List<CloudSyncPrincipal>();
        await foreach (var principal in remote.PrincipalsAsync(domain, cancellationToken))
        {
            if (principal.IsOf(options.Value.TemplateId) || (await remote.JobsAsync(principal.Id, cancellationToken)).Count > 0)
            {
                found.Add(principal);
            }
        }

        if (found.Count == 0)
        {
            await foreach (var principal in remote.PrincipalsAsync(options.Value.TemplateId, cancellationToken))
            {
                if (await ServesAsync(principal, domain, cancellationToken))
                {
                    found.Add(principal);
                }
            }
        }

        return found.Count <= 1 ? found.SingleOrDefault() : throw new GraphException(GraphError.SeveralConfigurations, domain);
    }

    // Under another name: a second configuration of the domain would write against it.
    async Task<bool> ServesAsync(CloudSyncPrincipal principal, string domain, CancellationToken cancellationToken)
    {
        try
        {
            return domain.Equals(SecretsMerge.DomainOf(await remote.SecretsAsync(principal.Id, cancellationToken)), StringComparison.OrdinalIgnoreCase);
        }
        catch (GraphException refused) when (refused.Error == GraphError.Forbidden)
        {
            // What may not be read is told by the assessment; it can't be taken over.
            return false;
        }
    }

    async Task<RemoteJob?> FindJobAsync(CloudSyncPrincipal principal, CancellationToken cancellationToken)
        => await remote.JobsAsync(principal.Id, cancellationToken) switch
        {
            [] => null,
            [var one] => one,
            _ => throw new GraphException(GraphError.SeveralConfigurations, principal.DisplayName),
        };

    // A postponed migration left its configuration; the next one finds it and may remove it.
    async Task<CloudSyncJournal?> EarlierAsync(Guid principal, CancellationToken cancellationToken)
    {
        CloudSyncJournal? earlier = null;
        await foreach (var journal in CloudSyncJournal.AllAsync(store, cancellationToken))
        {
            earlier ??= journal is { Removed: false } && journal.ServicePrincipalId == principal ? journal : null;
        }

        return earlier;
    }

    async Task UntilAsync(Func<Task<bool>> there, CancellationToken cancellationToken)
    {
        for (var look = 0; !await there(); look++)
        {
            if (look == Looks)
            {
                throw new GraphTransientException(GraphError.NotReplicated);
            }

            await delay.ForAsync(Pause, cancellationToken);
        }
    }

    CloudSyncJob Job(CloudSyncJournal journal, CloudSyncPrincipal principal, RemoteJob job) => new()
    {
        ApplicationObjectId = journal.ApplicationObjectId ?? Guid.Empty,
        ServicePrincipalId = principal.Id,
        JobId = job.Id,
        ScopeRoleId = principal.ScopeRole(remote.Cloud) ?? throw new GraphException(GraphError.NoScopeRole, principal.DisplayName),
        Created = journal.AppIntended || journal.JobIntended,
        KeepsNames = journal.GroupDn is not null,
        Preserves = journal.Adoption is not null,
    };
}
