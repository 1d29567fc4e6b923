using System.Text;
using System.Text.Json.Nodes;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Graph;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.CloudSync;

/// <summary>Makes the configuration, finds the one it made, or adopts one. Every step may be repeated. Source: migrate how-to, step 7.</summary>
/// <remarks>Before each creation its intention is journalled: what then stands under the name was made by us, also when no answer came.</remarks>
public sealed class CloudSyncSetup(
    GraphClient graph,
    CloudSyncRemote remote,
    CloudSyncReader reader,
    CloudSyncFinder finder,
    CloudSyncWriter writer,
    GroupDnExtension groupDn,
    IDocumentStore store,
    ReplicationWait wait,
    IOptions<CloudSyncOptions> options)
{
    /// <summary>
    /// Application, job, secrets, mappings, the canaries' filter, and the property GroupDN where it is needed. Nobody is assigned and no group holds
    /// a value yet: both are work of their own.
    /// </summary>
    public async Task<CloudSyncJob> PrepareAsync(string migrationId, MigrationPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var journal = new CloudSyncJournalFile(store, migrationId, plan.Canaries, cancellationToken);
        await journal.OpenAsync();

        var principal = await EnsurePrincipalAsync(journal, plan, cancellationToken);
        var found = await EnsureJobAsync(journal, principal, plan, cancellationToken);
        await KeepWhatWasThereAsync(journal, finder.JobOf(journal.Now, principal, found), cancellationToken);
        await DecideAdoptionAsync(journal, finder.JobOf(journal.Now, principal, found), found, plan, cancellationToken);

        if (plan.Kept is not null || journal.Now.GroupDn is not null || journal.Now.Adoption is { OwnMappings: true })
        {
            await groupDn.EnsureAsync(journal, plan.Tenant, cancellationToken);
        }

        var job = finder.JobOf(journal.Now, principal, found);
        if (plan.Setup == CloudSyncSetupMode.Write)
        {
            await writer.WriteSecretsAsync(job, plan.Domain, cancellationToken);
            await writer.SetCanaryFilterAsync(migrationId, job, plan, cancellationToken);
        }

        return job;
    }

    /// <summary>Brings GroupDN to the names of the plan, or of the freeze once there is one; some groups at a time.</summary>
    /// <param name="input">The migration, and how far earlier calls came.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="cancellationToken">Stops between the calls.</param>
    public async Task<GroupDnProgress> WriteGroupDnAsync(GroupDnInput input, MigrationPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(plan);
        var journal = new CloudSyncJournalFile(store, input.MigrationId, plan.Canaries, cancellationToken);
        if (!await journal.OpenExistingAsync() || journal.Now.GroupDn is null)
        {
            return GroupDnProgress.Nothing;
        }

        var freeze = await FreezeRecord.ReadAsync(store, input.Plan, cancellationToken);
        var kept = freeze is null ? plan.Kept : freeze.Kept;
        var all = KeptDn.Of(await store.LoadListAsync<GroupIdentity>(freeze?.Groups ?? plan.Groups, cancellationToken)).ToList();
        var wanted = journal.Now.Adoption is { OwnMappings: true } ? all
            : kept is null ? []
            : await store.LoadListAsync<KeptDn>(kept, cancellationToken);
        return await groupDn.WriteAsync(journal, [.. wanted, KeptCanary.Of(plan)], all, input.From, cancellationToken);
    }

    /// <summary>Whether the job manages groups of somebody else's, and what must then stay. Refused before anything is written.</summary>
    /// <remarks>The survey of the assessment asked the same with a guess at the naming: it ran before the groups were classified.</remarks>
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
        if (found.Status?.LastExecution is not null && (assigned.Count > 0 || found.ManagedGroups > 0 || SecretsMerge.TakesAll(secrets)))
        {
            var schema = await remote.SchemaAsync(job, cancellationToken);
            var own = await AdoptedMappings.ReadAsync(
                schema, secrets, await reader.PlainSchemaPlanAsync(job, plan, cancellationToken), text => remote.ParseAsync(job, text, cancellationToken));
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
        var principal = await finder.FindAsync(domain, cancellationToken);
        if (principal is null)
        {
            DemandWriting(plan);
            if (!await remote.TemplateExistsAsync(options.Value.TemplateId, cancellationToken))
            {
                throw new GraphException(GraphError.NoTemplate, options.Value.TemplateId.ToString("D"));
            }

            var before = journal.Now.AppIntended;
            await journal.WriteAsync(j => j with { AppIntended = true, Removed = false });
            principal = await graph.EnsureAsync(
                token => finder.FindAsync(domain, token),
                CloudSyncRemote.InstantiatePath(options.Value.TemplateId),
                new JsonObject { ["displayName"] = domain },
                maybePosted: before,
                wait.Pause,
                wait.Looks,
                cancellationToken);
        }

        // A list may show it before a single read does.
        await wait.UntilAsync(async () => await remote.FindPrincipalAsync(principal.Id, cancellationToken) is not null, cancellationToken);
        if (journal.Now.ServicePrincipalId != principal.Id)
        {
            // Refused before anything here is called ours: the way back would pause or remove it.
            if ((await remote.JobsAsync(principal.Id, cancellationToken)).FirstOrDefault(job => job.Started) is { } running)
            {
                throw new GraphException(GraphError.ForeignJobRuns, running.Id);
            }

            var earlier = await finder.EarlierAsync(principal.Id, cancellationToken);
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
        var found = await finder.FindJobAsync(principal, cancellationToken);
        if (found is null)
        {
            DemandWriting(plan);
            await DemandJobTemplateAsync(principal, cancellationToken);
            var before = journal.Now.JobIntended;
            await journal.WriteAsync(j => j with { JobIntended = true });
            found = await graph.EnsureAsync(
                token => finder.FindJobAsync(principal, token),
                CloudSyncRemote.JobsPath(principal.Id),
                new JsonObject { ["templateId"] = CloudSyncRemote.JobTemplate },
                maybePosted: before,
                wait.Pause,
                wait.Looks,
                cancellationToken);
        }
        else if (!journal.Now.JobIntended && found.Started)
        {
            throw new GraphException(GraphError.ForeignJobRuns, found.Id);
        }

        Guid? application = journal.Now.ApplicationObjectId;
        await wait.UntilAsync(async () => (application ??= await remote.FindApplicationAsync(principal.AppId, cancellationToken)) is not null, cancellationToken);
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
        await wait.UntilAsync(async () => (templates = await remote.JobTemplatesAsync(principal.Id, cancellationToken)).Count > 0, cancellationToken);
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
        await wait.UntilAsync(async () => (schema = await remote.FindSchemaAsync(job, cancellationToken)) is not null, cancellationToken);
        var schemaBefore = await store.SaveAsync("schema-before", Encoding.UTF8.GetBytes(schema!.ToJsonString()), 1, cancellationToken);
        var secretsBefore = await store.SaveListAsync("secrets-before", await remote.SecretsAsync(job.ServicePrincipalId, cancellationToken), cancellationToken);
        await journal.WriteAsync(j => j with { SchemaBefore = schemaBefore, SecretsBefore = secretsBefore });
    }
}
