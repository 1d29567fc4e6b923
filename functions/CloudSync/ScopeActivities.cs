using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Graph;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.CloudSync;

/// <summary>Scope by app role assignments: the list for the operator's script, the opt-in to assign by ourselves, and the reading back for both.</summary>
public sealed class ScopeActivities(
    CloudSyncRemote remote, KnownCanaries knownCanaries, IDocumentStore store, IOptions<GraphOptions> graph, IOptions<CloudSyncOptions> options)
{
    /// <summary>Assignments of one call: some minutes of writing at the rate that one app is allowed.</summary>
    const int MadeAtOnce = 1_000;

    const int NamesKept = 20;

    /// <summary>Keeps the list that the operator's script assigns.</summary>
    [Function(nameof(PrepareScopeList))]
    public async Task<DocumentReference> PrepareScopeList([ActivityTrigger] ScopeInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var plan = await store.LoadOneAsync<MigrationPlan>(input.Plan, cancellationToken);
        var list = new ScopeList
        {
            Tenant = plan.Tenant,
            Environment = ScopeScript.EnvironmentOf(graph.Value.EffectiveBaseUrl),
            ServicePrincipal = input.Job.ServicePrincipalId,
            AppRole = input.Job.ScopeRoleId,
            Ring = input.Ring,
            Of = input.Of,
            Groups = [.. (await IdsAsync(input.Groups, cancellationToken)).Order()],
        };
        return await store.SaveOneAsync("scope-list", list, cancellationToken);
    }

    /// <summary>Assigns by ourselves what is missing, some of it at a time. Only where the plan says so.</summary>
    [Function(nameof(AssignScope))]
    public async Task<ScopeProgress> AssignScope([ActivityTrigger] ScopeInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var plan = await store.LoadOneAsync<MigrationPlan>(input.Plan, cancellationToken);
        if (plan.AssignScope != ScopeAssignment.App) { throw new InvalidOperationException("The plan leaves scope assignments to the operator."); }

        var assigned = await AssignedAsync(input.Job, cancellationToken);
        var missing = (await IdsAsync(input.Groups, cancellationToken)).Where(id => !assigned.ContainsKey(id)).Order().ToList();
        var now = missing.Take(MadeAtOnce).ToList();
        await remote.AssignAsync(
            input.Job, now, TimeSpan.FromSeconds(options.Value.ReplicationPollSeconds), options.Value.ReplicationPolls, cancellationToken);
        return new ScopeProgress { Made = now.Count, Left = missing.Count - now.Count };
    }

    /// <summary>Leaves out the groups that the provisioning log says were written, whoever brought them into scope.</summary>
    [Function(nameof(FindUntouched))]
    public async Task<UntouchedGroups> FindUntouched([ActivityTrigger] UntouchedInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var written = new HashSet<Guid>();
        await foreach (var line in remote.LogAsync(input.Job, input.Since, cancellationToken))
        {
            if (line.ProvisioningStatusInfo?.Status is "success" or "warning" && Guid.TryParse(line.SourceIdentity?.Id, out var id)) { written.Add(id); }
        }

        var groups = (await store.LoadListAsync<GroupIdentity>(input.Groups, cancellationToken)).ToLookup(g => written.Contains(g.CloudId));
        return new UntouchedGroups
        {
            Groups = groups[true].Any() ? await store.SaveListAsync("groups", groups[false], cancellationToken) : input.Groups,
            Touched = [.. groups[true].Select(g => g.DistinguishedName).Take(NamesKept)],
        };
    }

    /// <summary>Who is in scope, held against the rings so far and the canaries.</summary>
    [Function(nameof(ReadScope))]
    public async Task<ScopeFacts> ReadScope([ActivityTrigger] ScopeInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var plan = await store.LoadOneAsync<MigrationPlan>(input.Plan, cancellationToken);
        var assigned = await AssignedAsync(input.Job, cancellationToken);
        var wanted = await IdsAsync(input.Groups, cancellationToken);

        var others = assigned.Keys.ToHashSet();
        others.ExceptWith(wanted);
        foreach (var ring in input.Earlier) { others.ExceptWith(await IdsAsync(ring, cancellationToken)); }
        others.ExceptWith((await knownCanaries.ReadAsync(cancellationToken)).Where(id => id != plan.Canaries.Unassigned));
        others.ExceptWith([plan.Canaries.New, plan.Canaries.Match]);
        others.ExceptWith(await CloudSyncJournal.AssignedBeforeAsync(store, input.MigrationId, cancellationToken));

        // Everybody's names are read only when somebody is there who should not be.
        var planned = others.Count == 0 ? [] : await PlannedAsync(input.Plan, plan, cancellationToken);
        var early = others.Where(planned.ContainsKey).Order().ToList();
        var there = wanted.Count(assigned.ContainsKey);
        return new ScopeFacts
        {
            Assigned = there,
            Missing = wanted.Count - there,
            TooEarly = early.Count,
            Joined = early.Count == 0 || input.Untouched ? null : await store.SaveListAsync("ring", early.Select(id => planned[id]), cancellationToken),
            Strangers = others.Count(id => !planned.ContainsKey(id)),
            Wrong = [.. others.Order().Take(NamesKept).Select(id => NameOf(id))],
        };

        string NameOf(Guid id) => planned.TryGetValue(id, out var group) ? DistinguishedName.CommonName(group.DistinguishedName) : assigned[id] ?? id.ToString("D");
    }

    /// <summary>Groups in scope and their names.</summary>
    async Task<Dictionary<Guid, string?>> AssignedAsync(CloudSyncJob job, CancellationToken cancellationToken)
        => (await remote.AssignmentsAsync(job, cancellationToken)).DistinctBy(a => a.PrincipalId).ToDictionary(a => a.PrincipalId, a => a.PrincipalDisplayName);

    async Task<HashSet<Guid>> IdsAsync(DocumentReference groups, CancellationToken cancellationToken)
        => [.. (await store.LoadListAsync<GroupIdentity>(groups, cancellationToken)).Select(g => g.CloudId)];

    /// <summary>All planned groups, with those that came until the freeze.</summary>
    async Task<Dictionary<Guid, GroupIdentity>> PlannedAsync(DocumentReference planDocument, MigrationPlan plan, CancellationToken cancellationToken)
    {
        var freeze = await FreezeRecord.ReadAsync(store, planDocument, cancellationToken);
        var groups = await store.LoadListAsync<GroupIdentity>(freeze?.Groups ?? plan.Groups, cancellationToken);
        return groups.DistinctBy(g => g.CloudId).ToDictionary(g => g.CloudId);
    }
}
