using System.Text.Json.Nodes;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Graph;

namespace GwbCloud.Functions.CloudSync;

/// <summary>The undo: removes what a migration made, and gives back what it found. Every step may be repeated.</summary>
public sealed class CloudSyncRemoval(
    CloudSyncRemote remote, CloudSyncFinder finder, CloudSyncReader reader, CloudSyncWriter writer, GroupDnExtension groupDn, IDocumentStore store, ReplicationWait wait)
{
    /// <summary>Removes what a migration of this installation made; puts a job that was there before back to what it was.</summary>
    /// <exception cref="GraphException">GWB4115: groups of others are assigned to what the migration made. It is paused, and nothing was removed.</exception>
    public async Task RemoveAsync(CloudSyncInput input, MigrationPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(plan);
        var journal = new CloudSyncJournalFile(store, input.MigrationId, plan.Canaries, cancellationToken);
        if (!await journal.OpenExistingAsync())
        {
            return;
        }

        if (await MadeAsync(journal.Now, plan.Domain, cancellationToken) is { } principal)
        {
            await RemoveAsync(journal.Now, principal, input, plan, cancellationToken);
        }
        else if (journal.Now.ServicePrincipalId is null)
        {
            return;
        }

        // What groups hold goes after the job: nothing may run without the names that it keeps.
        await journal.WriteAsync(j => j with { Removed = j.GroupDn is null });
    }

    /// <summary>Gives back what groups held in GroupDN, some of them at a time.</summary>
    public async Task<GroupDnProgress> GiveBackGroupDnAsync(GroupDnInput input, MigrationPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(plan);
        var journal = new CloudSyncJournalFile(store, input.MigrationId, plan.Canaries, cancellationToken);
        return await journal.OpenExistingAsync()
            ? await groupDn.GiveBackAsync(journal, plan.Tenant, keepApp: plan.Setup == CloudSyncSetupMode.VerifyOnly, input.From, cancellationToken)
            : GroupDnProgress.Nothing;
    }

    async Task RemoveAsync(
        CloudSyncJournal journal, CloudSyncPrincipal principal, CloudSyncInput input, MigrationPlan plan, CancellationToken cancellationToken)
    {
        // Before it was decided to take somebody else's job over, nothing of it was written.
        var touched = journal.JobIntended || journal.AdoptionDecided;
        var found = touched ? await remote.JobsAsync(principal.Id, cancellationToken) : [];
        List<CloudSyncJob> jobs = [.. found.Select(job => finder.JobOf(journal, principal, job))];
        foreach (var job in jobs)
        {
            await remote.PauseAsync(job, cancellationToken);
        }

        if (journal.JobIntended || journal.AppIntended)
        {
            await DemandNoStrangersAsync(principal, input, plan, cancellationToken);
        }

        foreach (var job in jobs)
        {
            if (journal.JobIntended)
            {
                // The job goes before everything else, so that nothing is provisioned out of a half-removed scope.
                await remote.DeleteJobAsync(job, cancellationToken);
            }
            else
            {
                await PutBackAsync(journal, job, plan, cancellationToken);
            }
        }

        if (journal is { AppIntended: true, ApplicationObjectId: var known })
        {
            if ((known ?? await remote.FindApplicationAsync(principal.AppId, cancellationToken)) is { } application)
            {
                await remote.DeleteApplicationAsync(application, cancellationToken);
            }

            await wait.UntilAsync(async () => await remote.FindPrincipalAsync(principal.Id, cancellationToken) is null, cancellationToken);
        }
    }

    // Who put groups of their own into the scope relies on it by now: what is ours by its making is no longer ours alone to remove.
    async Task DemandNoStrangersAsync(CloudSyncPrincipal principal, CloudSyncInput input, MigrationPlan plan, CancellationToken cancellationToken)
    {
        var assigned = await remote.AssignmentsAsync(principal.Id, principal.ScopeRole(remote.Cloud), cancellationToken);
        if (await reader.StrangersAsync(input.MigrationId, input.Plan, plan, assigned, cancellationToken) is > 0 and var strangers)
        {
            throw new GraphException(GraphError.StrangersInScope, $"{strangers} groups");
        }
    }

    async Task PutBackAsync(CloudSyncJournal journal, CloudSyncJob job, MigrationPlan plan, CancellationToken cancellationToken)
    {
        if (plan.AssignScope == ScopeAssignment.App)
        {
            await writer.UnassignAsync(job, plan.Canaries, cancellationToken);
        }

        if (plan.Setup == CloudSyncSetupMode.VerifyOnly)
        {
            return;
        }

        if (journal.SchemaBefore is { } document && JsonNode.Parse(await store.LoadAsync(document, cancellationToken)) is JsonObject schema)
        {
            await remote.PutSchemaAsync(job, schema, cancellationToken);
            await wait.UntilAsync(async () => await remote.SchemaAsync(job, cancellationToken) is var now
                && SchemaEdits.Hash(now) == SchemaEdits.Hash(schema) && MappingScope.HasScopeOf(now, schema), cancellationToken);
        }

        if (journal.SecretsBefore is { } secrets)
        {
            var current = await remote.SecretsAsync(job.ServicePrincipalId, cancellationToken);
            await writer.PutSecretsAsync(job, current, await store.LoadListAsync<Secret>(secrets, cancellationToken), cancellationToken);
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
        for (var look = 0; journal.AppIntended && found is null && look < wait.Looks; look++)
        {
            found = await finder.FindAsync(domain, cancellationToken);
            if (found is null)
            {
                await wait.PauseAsync(cancellationToken);
            }
        }

        return found;
    }
}
