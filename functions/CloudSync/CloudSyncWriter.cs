using System.Text.Json.Nodes;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Graph;

namespace GwbCloud.Functions.CloudSync;

/// <summary>Writes schema, settings and assignments of a job, and only what differs.</summary>
public sealed class CloudSyncWriter(CloudSyncRemote remote, CloudSyncReader reader, IDocumentStore store)
{
    /// <summary>The mappings, and the filter that lets only canaries through where the scope is ours to set.</summary>
    public Task SetCanaryFilterAsync(string migrationId, CloudSyncJob job, MigrationPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);

        // Groups that the filter left out would be deprovisioned, and those of somebody else's job are in use.
        return WriteSchemaAsync(
            migrationId, job, plan, schema => { if (!job.Preserves) { MappingScope.SetCanaryFilter(schema, plan.Canaries); } }, cancellationToken);
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

    public async Task WriteSecretsAsync(CloudSyncJob job, string domain, CancellationToken cancellationToken)
    {
        var current = await remote.SecretsAsync(job.ServicePrincipalId, cancellationToken);
        await PutSecretsAsync(job, current, SecretsMerge.Merge(current, domain), cancellationToken);
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

    // The whole set is replaced, so that a masked credential would be overwritten by its mask, and one left out would be lost. Neither is
    // documented to be safe.
    public async Task PutSecretsAsync(CloudSyncJob job, IReadOnlyList<Secret> current, IReadOnlyList<Secret> wanted, CancellationToken cancellationToken)
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
}
