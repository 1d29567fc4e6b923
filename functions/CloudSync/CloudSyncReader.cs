using System.Text.Json.Nodes;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Graph;

namespace GwbCloud.Functions.CloudSync;

/// <summary>Reads the configuration back and compares it with the plan. Truth is what is read, never what was written.</summary>
public sealed class CloudSyncReader(CloudSyncRemote remote, KnownCanaries knownCanaries, GroupDnExtension groupDn, IDocumentStore store)
{
    /// <summary>No configuration.</summary>
    public static CloudSyncFacts Nothing { get; } = new()
    {
        Exists = false,
        Started = false,
        Quarantined = false,
        MappingsAsPlanned = false,
        CanariesOnly = false,
        SchemaHash = string.Empty,
        SecretsHash = string.Empty,
        PlannedInScope = 0,
        StrangersInScope = 0,
        Deviations = [],
    };

    /// <summary>What the plan wants of the schema, its expressions as the service parses them.</summary>
    public async Task<SchemaPlan> SchemaPlanAsync(string migrationId, CloudSyncJob job, MigrationPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var journal = await JournalAsync(migrationId, cancellationToken);
        var property = journal?.GroupDn?.Property;
        var name = journal?.Adoption?.Name ?? SchemaEdits.NameExpression(plan.Naming);
        return new SchemaPlan
        {
            Name = await remote.ParseAsync(job, property is null ? name : GroupDn.NameExpression(property, name), cancellationToken),
            Anchor = await remote.ParseAsync(job, SchemaEdits.AnchorExpression, cancellationToken),
            WritebackOu = plan.WritebackOu,
            Container = property is null ? null
                : await remote.ParseAsync(job, GroupDn.ContainerExpression(property, journal?.Adoption?.Container ?? GroupDn.Quoted(plan.WritebackOu)), cancellationToken),
            SourceAttribute = property,
        };
    }

    /// <summary>What the plan wants where every group follows the one mapping.</summary>
    public async Task<SchemaPlan> PlainSchemaPlanAsync(CloudSyncJob job, MigrationPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new SchemaPlan
        {
            Name = await remote.ParseAsync(job, SchemaEdits.NameExpression(plan.Naming), cancellationToken),
            Anchor = await remote.ParseAsync(job, SchemaEdits.AnchorExpression, cancellationToken),
            WritebackOu = plan.WritebackOu,
        };
    }

    public async Task<CloudSyncFacts> ReadAsync(string migrationId, DocumentReference planDocument, CloudSyncJob job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (await remote.FindJobAsync(job, cancellationToken) is not { } found)
        {
            return Nothing;
        }

        var plan = await store.LoadOneAsync<MigrationPlan>(planDocument, cancellationToken);
        var schema = await remote.SchemaAsync(job, cancellationToken);
        var secrets = await remote.SecretsAsync(job.ServicePrincipalId, cancellationToken);
        var before = await SchemaBeforeAsync(migrationId, cancellationToken);
        var canariesOnly = MappingScope.HasCanaryFilter(schema, plan.Canaries)
            // Where the filter is not ours to set, assignments alone keep everybody else out; until the first ring.
            || ((job.Preserves || plan.Setup == CloudSyncSetupMode.VerifyOnly) && before is not null && MappingScope.HasScopeOf(schema, before)
                && await JournalAsync(migrationId, cancellationToken) is not { ScopeOpened: true });
        var wanted = await SchemaPlanAsync(migrationId, job, plan, cancellationToken);
        var deviations = SchemaEdits.Deviations(schema, wanted).ToList();
        if (!canariesOnly && (before is null || !MappingScope.HasScopeOf(schema, before)))
        {
            deviations.Add(new(GraphError.ScopeFilter, "scope of the mapping of groups"));
        }

        AddSecrets(deviations, secrets, plan.Domain);
        await AddGroupDnAsync(deviations, migrationId, planDocument, plan, cancellationToken);

        var assigned = (await remote.AssignmentsAsync(job, cancellationToken)).Select(a => a.PrincipalId).ToHashSet();
        var planned = await PlannedAsync(planDocument, plan, cancellationToken);
        return new CloudSyncFacts
        {
            Exists = true,
            Started = found.Started,
            Quarantined = found.Quarantined,
            MappingsAsPlanned = deviations.Count == 0,
            CanariesOnly = canariesOnly,
            SchemaHash = SchemaEdits.Hash(schema),
            SecretsHash = CanonicalJson.Hash(secrets.OrderBy(s => s.Key, StringComparer.Ordinal)),
            PlannedInScope = assigned.Count(planned.Contains),
            StrangersInScope = await StrangersAsync(migrationId, plan, planned, assigned, cancellationToken),
            CanariesAssigned = assigned.Contains(plan.Canaries.New) && assigned.Contains(plan.Canaries.Match) && !assigned.Contains(plan.Canaries.Unassigned),
            CanariesInScope = plan.Canaries.All.Count(assigned.Contains),
            StopsAtFirstDelete = SecretsMerge.ThresholdIsLowest(secrets),
            Corrections = [.. deviations.Select(d => PortalCorrections.Of(d, wanted, plan)).OfType<string>().Distinct()],
            Deviations = [.. deviations.Select(d => d.ToString())],
        };
    }

    /// <summary>What a guard looks at: four calls and a page of assignments for each 999, and no look at single groups.</summary>
    public async Task<JobSight> SightAsync(string migrationId, DocumentReference planDocument, CloudSyncJob job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (await remote.FindJobAsync(job, cancellationToken) is not { } found)
        {
            return new JobSight { Exists = false, Started = false, PlannedInScope = 0, StrangersInScope = 0 };
        }

        var plan = await store.LoadOneAsync<MigrationPlan>(planDocument, cancellationToken);
        var schema = await remote.SchemaAsync(job, cancellationToken);
        var secrets = await remote.SecretsAsync(job.ServicePrincipalId, cancellationToken);
        var assigned = (await remote.AssignmentsAsync(job, cancellationToken)).Select(a => a.PrincipalId).ToHashSet();
        var planned = await PlannedAsync(planDocument, plan, cancellationToken);
        return new JobSight
        {
            Exists = true,
            Started = found.Started,
            Configuration = CanonicalJson.Hash(new { Schema = SchemaEdits.Hash(schema), Secrets = secrets.OrderBy(s => s.Key, StringComparer.Ordinal) }),
            PlannedInScope = assigned.Count(planned.Contains),
            StrangersInScope = await StrangersAsync(migrationId, plan, planned, assigned, cancellationToken),
        };
    }

    /// <summary>How many of the groups in scope are neither planned nor canaries, and were not in scope before the migration.</summary>
    public async Task<int> StrangersAsync(
        string migrationId, DocumentReference planDocument, MigrationPlan plan, IReadOnlyList<RemoteAssignment> assigned, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var planned = await PlannedAsync(planDocument, plan, cancellationToken);
        return await StrangersAsync(migrationId, plan, planned, assigned.Select(a => a.PrincipalId).ToHashSet(), cancellationToken);
    }

    async Task<int> StrangersAsync(
        string migrationId, MigrationPlan plan, HashSet<Guid> planned, HashSet<Guid> assigned, CancellationToken cancellationToken)
    {
        var known = new HashSet<Guid>(await knownCanaries.ReadAsync(cancellationToken));
        known.UnionWith(plan.Canaries.All);
        known.UnionWith(await CloudSyncJournal.AssignedBeforeAsync(store, migrationId, cancellationToken));
        return assigned.Count(id => !planned.Contains(id) && !known.Contains(id));
    }

    /// <summary>The schema as it was before the first edit, null before that.</summary>
    public async Task<JsonObject?> SchemaBeforeAsync(string migrationId, CancellationToken cancellationToken)
        => await JournalAsync(migrationId, cancellationToken) is { SchemaBefore: { } document }
            ? JsonNode.Parse(await store.LoadAsync(document, cancellationToken)) as JsonObject
            : null;

    Task<CloudSyncJournal?> JournalAsync(string migrationId, CancellationToken cancellationToken)
        => CloudSyncJournal.ReadAsync(store, migrationId, cancellationToken);

    // Twice: what was meant to be written is what plan or freeze want, and what groups hold is what was meant.
    async Task AddGroupDnAsync(
        List<SchemaDeviation> deviations, string migrationId, DocumentReference planDocument, MigrationPlan plan, CancellationToken cancellationToken)
    {
        var journal = await JournalAsync(migrationId, cancellationToken) ?? new() { Canaries = [] };
        if (plan.Kept is null && journal.GroupDn is null)
        {
            return;
        }

        var freeze = await FreezeRecord.ReadAsync(store, planDocument, cancellationToken);
        var kept = freeze is null ? plan.Kept : freeze.Kept;
        var meant = (await groupDn.ValuesAsync(journal, cancellationToken)).ToDictionary(v => v.CloudId, v => v.Wanted);
        var wanted = kept is null ? [] : await store.LoadListAsync<KeptDn>(kept, cancellationToken);
        if (journal.Adoption is { OwnMappings: true })
        {
            wanted = [.. KeptDn.Of(await store.LoadListAsync<GroupIdentity>(freeze?.Groups ?? plan.Groups, cancellationToken))];
        }

        var missing = wanted.Count(k => meant.GetValueOrDefault(k.CloudId) != k.Value) + await groupDn.MissingAsync(journal, cancellationToken);
        if (missing > 0)
        {
            deviations.Add(new(GraphError.GroupDnNotHeld, $"{missing} groups"));
        }
    }

    // The planned groups, with those that came until the freeze.
    async Task<HashSet<Guid>> PlannedAsync(DocumentReference planDocument, MigrationPlan plan, CancellationToken cancellationToken)
    {
        var planned = (await store.LoadListAsync<GroupIdentity>(plan.Groups, cancellationToken)).Select(g => g.CloudId).ToHashSet();
        if (await FreezeRecord.ReadAsync(store, planDocument, cancellationToken) is { } freeze)
        {
            planned.UnionWith((await store.LoadListAsync<GroupIdentity>(freeze.Groups, cancellationToken)).Select(g => g.CloudId));
        }

        return planned;
    }

    static void AddSecrets(List<SchemaDeviation> deviations, IReadOnlyList<Secret> secrets, string domain)
    {
        if (!domain.Equals(SecretsMerge.DomainOf(secrets), StringComparison.OrdinalIgnoreCase))
        {
            deviations.Add(new(GraphError.DomainSecret, SecretsMerge.DomainOf(secrets) ?? "none"));
        }

        if (!SecretsMerge.ThresholdIsLowest(secrets))
        {
            deviations.Add(new(GraphError.DeleteThreshold, SecretsMerge.Notifications));
        }

        if (SecretsMerge.TakesAll(secrets))
        {
            deviations.Add(new(GraphError.ScopeAll, SecretsMerge.SyncAll));
        }
    }
}
