using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Graph;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.CloudSync;

/// <summary>The activities of Cloud Sync: each makes it so and reads it back, and may be repeated.</summary>
public sealed partial class CloudSyncActivities(
    CloudSyncSetup setup,
    CloudSyncRemoval removal,
    CloudSyncWriter writer,
    CloudSyncReader reader,
    CloudSyncSurveyor surveyor,
    CloudSyncRemote remote,
    TenantReader tenant,
    MemberReader members,
    IDocumentStore store,
    IDelay delay,
    IOptions<CloudSyncOptions> options,
    ILogger<CloudSyncActivities> logger)
{
    /// <summary>Members that provisioning on demand takes.</summary>
    const int OnDemandMembers = 5;

    /// <summary>Every configuration that there is already; reads only.</summary>
    [Function(nameof(SurveyCloudSync))]
    public Task<CloudSyncSurvey> SurveyCloudSync([ActivityTrigger] SurveyInput input, CancellationToken cancellationToken)
        => surveyor.ReadAsync(input, cancellationToken);

    /// <summary>Finds or makes the configuration, paused, its scope filter on the canaries.</summary>
    [Function(nameof(PrepareCloudSync))]
    public async Task<CloudSyncJob> PrepareCloudSync([ActivityTrigger] CloudSyncInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var job = await setup.PrepareAsync(input.MigrationId, await PlanAsync(input, cancellationToken), cancellationToken);
        LogPrepared(input.MigrationId, job.JobId, job.Created);
        return job;
    }

    /// <summary>Brings the names that GroupDN keeps to those of the plan, or of the freeze; some groups at a time.</summary>
    [Function(nameof(WriteGroupDn))]
    public async Task<GroupDnProgress> WriteGroupDn([ActivityTrigger] GroupDnInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        return await setup.WriteGroupDnAsync(input, await store.LoadOneAsync<MigrationPlan>(input.Plan, cancellationToken), cancellationToken);
    }

    /// <summary>Gives back what groups held in GroupDN, some of them at a time; with the last of them, property and app. After the job is gone.</summary>
    [Function(nameof(GiveBackGroupDn))]
    public async Task<GroupDnProgress> GiveBackGroupDn([ActivityTrigger] GroupDnInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        return await removal.GiveBackGroupDnAsync(input, await store.LoadOneAsync<MigrationPlan>(input.Plan, cancellationToken), cancellationToken);
    }

    [Function(nameof(ReadCloudSync))]
    public Task<CloudSyncFacts> ReadCloudSync([ActivityTrigger] CloudSyncInput input, CancellationToken cancellationToken)
        => reader.ReadAsync(input.MigrationId, input.Plan, JobOf(input), cancellationToken);

    /// <summary>Provisions one canary now. It writes; out of scope it writes nothing and says so.</summary>
    [Function(nameof(ProvisionCanary))]
    public async Task<OnDemandResult> ProvisionCanary([ActivityTrigger] OnDemandInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var rule = SchemaEdits.RuleId(await remote.SchemaAsync(input.Job, cancellationToken));
        var users = await members.SyncedUsersAsync(input.GroupId, OnDemandMembers, cancellationToken);
        try
        {
            return (await remote.ProvisionOnDemandAsync(input.Job, rule, input.GroupId, users, cancellationToken)).ToResult();
        }
        catch (GraphException refused) when (refused.Error == GraphError.Refused)
        {
            // Some tenants want a started job for this; the caller decides whether the cycle alone is proof enough.
            return new OnDemandResult { InScope = false, Action = "refused", Detail = refused.GraphCode };
        }
    }

    /// <summary>Puts the scope back that was there before the canaries' filter; from now on assignments alone decide.</summary>
    [Function(nameof(LiftCanaryFilter))]
    public async Task<CloudSyncFacts> LiftCanaryFilter([ActivityTrigger] CloudSyncInput input, CancellationToken cancellationToken)
    {
        var job = JobOf(input);
        var plan = await PlanAsync(input, cancellationToken);
        var before = await reader.SchemaBeforeAsync(input.MigrationId, cancellationToken) ?? throw new GraphException(GraphError.NoJob, "no schema was kept");

        // Noted first: from here on a planned group that is in scope may have been written.
        var journal = new CloudSyncJournalFile(store, input.MigrationId, plan.Canaries, cancellationToken);
        await journal.OpenAsync();
        if (!journal.Now.ScopeOpened) { await journal.WriteAsync(j => j with { ScopeOpened = true }); }
        await writer.WriteSchemaAsync(
            input.MigrationId, job, plan, schema => MappingScope.RestoreScope(schema, before), cancellationToken);
        return await ReadCloudSync(input, cancellationToken);
    }

    /// <summary>Lets only the canaries through again. Refused while planned groups are in scope: they would be deprovisioned.</summary>
    [Function(nameof(RestoreCanaryFilter))]
    public async Task<CloudSyncFacts> RestoreCanaryFilter([ActivityTrigger] CloudSyncInput input, CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(input, cancellationToken);
        if ((await ReadCloudSync(input, cancellationToken)).PlannedInScope is > 0 and var planned)
        {
            throw new GraphException(GraphError.FilterWouldDeprovision, $"{planned} groups");
        }

        await writer.SetCanaryFilterAsync(input.MigrationId, JobOf(input), plan, cancellationToken);
        return await ReadCloudSync(input, cancellationToken);
    }

    [Function(nameof(StartJob))]
    public async Task<JobStatus> StartJob([ActivityTrigger] CloudSyncInput input, CancellationToken cancellationToken)
    {
        await remote.StartAsync(JobOf(input), cancellationToken);
        LogJob(input.MigrationId, JobOf(input).JobId, "started");
        return await UntilAsync(input, job => job.Started || job.Quarantined, cancellationToken);
    }

    [Function(nameof(PauseJob))]
    public async Task<JobStatus> PauseJob([ActivityTrigger] CloudSyncInput input, CancellationToken cancellationToken)
    {
        await remote.PauseAsync(JobOf(input), cancellationToken);
        LogJob(input.MigrationId, JobOf(input).JobId, "paused");
        return await UntilAsync(input, job => !job.Started, cancellationToken);
    }

    [Function(nameof(ReadJob))]
    public async Task<JobStatus> ReadJob([ActivityTrigger] CloudSyncInput input, CancellationToken cancellationToken)
        => (await FindAsync(input, cancellationToken)).ToStatus();

    /// <summary>Counts what the provisioning log says since a moment. The log lags by minutes: Active Directory is the first witness.</summary>
    [Function(nameof(ReadProvisioningLog))]
    public async Task<ProvisioningLog> ReadProvisioningLog([ActivityTrigger] LogInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var lines = new Dictionary<string, RemoteLogLine>(StringComparer.Ordinal);
        await foreach (var line in remote.LogAsync(input.Job, input.Since, cancellationToken))
        {
            lines[line.Id] = line;
        }

        var names = new Dictionary<Guid, string>();
        foreach (var ring in input.Groups)
        {
            foreach (var group in await store.LoadListAsync<GroupIdentity>(ring, cancellationToken))
            {
                names[group.CloudId] = DistinguishedName.CommonName(group.DistinguishedName);
            }
        }

        return ProvisioningWitness.Of(lines.Values, names);
    }

    /// <summary>Removes what we made: the job, then the application with the canaries' assignments. GroupDN is given back by <see cref="GiveBackGroupDn"/>.</summary>
    [Function(nameof(RemoveCloudSync))]
    public async Task<CloudSyncFacts> RemoveCloudSync([ActivityTrigger] CloudSyncInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        await removal.RemoveAsync(input, await PlanAsync(input, cancellationToken), cancellationToken);
        return input.Job is null ? CloudSyncReader.Nothing : await ReadCloudSync(input, cancellationToken);
    }

    /// <summary>Ends the watch over deletes. First, or the canaries' leaving would put the job into quarantine.</summary>
    [Function(nameof(RelaxThreshold))]
    public async Task<CloudSyncFacts> RelaxThreshold([ActivityTrigger] CloudSyncInput input, CancellationToken cancellationToken)
    {
        if ((await PlanAsync(input, cancellationToken)).Setup == CloudSyncSetupMode.Write)
        {
            await writer.RelaxThresholdAsync(input.MigrationId, JobOf(input), cancellationToken);
        }

        return await ReadCloudSync(input, cancellationToken);
    }

    /// <summary>Takes the canaries out of scope by ourselves. Only where the plan says so.</summary>
    [Function(nameof(UnassignCanaries))]
    public async Task<CloudSyncFacts> UnassignCanaries([ActivityTrigger] CloudSyncInput input, CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(input, cancellationToken);
        if (plan.AssignScope != ScopeAssignment.App) { throw new InvalidOperationException("The plan leaves scope assignments to the operator."); }

        await writer.UnassignAsync(JobOf(input), plan.Canaries, cancellationToken);
        return await ReadCloudSync(input, cancellationToken);
    }

    /// <summary>The cloud's part of the evidence, in canonical JSON.</summary>
    [Function(nameof(GatherCloudEvidence))]
    public async Task<CloudEvidence> GatherCloudEvidence([ActivityTrigger] CloudEvidenceInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var plan = await store.LoadOneAsync<MigrationPlan>(input.Plan, cancellationToken);
        var freeze = await FreezeRecord.ReadAsync(store, input.Plan, cancellationToken);
        var classified = await store.LoadListAsync<ClassifiedGroup>(freeze?.Classified ?? plan.Classified, cancellationToken);
        var facts = await reader.ReadAsync(input.MigrationId, input.Plan, input.Job, cancellationToken);
        var effect = M365Effect.Of(classified, await tenant.M365Async(cancellationToken));
        var checks = CloudJudge.Checks(facts, input.CanariesProved, plan.Ceilings, effect);
        var problems = checks.Where(c => !c.Value).Select(c => $"cloud: {c.Key} does not hold").Concat(facts.Deviations).ToList();

        var part = new CloudEvidenceFacts
        {
            Tenant = plan.Tenant.ToString("D"),
            Migration = input.MigrationId,
            Plan = input.Plan.Sha256,
            Groups = input.Groups.Sha256,
            Ceilings = plan.Ceilings,
            Window = input.Window,
            Job = input.Job.JobId,
            AssignScope = plan.AssignScope,
            SchemaHash = facts.SchemaHash,
            SecretsHash = facts.SecretsHash,
            Checks = checks,
            Problems = problems,
            Passed = problems.Count == 0,
        };
        LogEvidence(input.MigrationId, part.Passed, problems.Count);
        return new CloudEvidence { Part = CanonicalJson.SerializeToText(part), Passed = part.Passed, Reasons = problems };
    }

    Task<MigrationPlan> PlanAsync(CloudSyncInput input, CancellationToken cancellationToken)
        => store.LoadOneAsync<MigrationPlan>(input.Plan, cancellationToken);

    async Task<RemoteJob> FindAsync(CloudSyncInput input, CancellationToken cancellationToken)
        => await remote.FindJobAsync(JobOf(input), cancellationToken) ?? throw new GraphException(GraphError.NotFound, JobOf(input).JobId);

    // Orders are accepted before they are carried out.
    async Task<JobStatus> UntilAsync(CloudSyncInput input, Func<RemoteJob, bool> reached, CancellationToken cancellationToken)
    {
        for (var look = 0; look < options.Value.ReplicationPolls; look++)
        {
            if (await FindAsync(input, cancellationToken) is var job && reached(job))
            {
                return job.ToStatus();
            }

            await delay.ForAsync(TimeSpan.FromSeconds(options.Value.ReplicationPollSeconds), cancellationToken);
        }

        throw new GraphTransientException(GraphError.StateNotReached, JobOf(input).JobId);
    }

    static CloudSyncJob JobOf(CloudSyncInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Job ?? throw new GraphException(GraphError.NoJob);
    }

    [LoggerMessage(4101, LogLevel.Information, "{MigrationId}: Cloud Sync job {JobId} is prepared, made by us: {Created}")]
    partial void LogPrepared(string migrationId, string jobId, bool created);

    [LoggerMessage(4102, LogLevel.Information, "{MigrationId}: Cloud Sync job {JobId} is {State}")]
    partial void LogJob(string migrationId, string jobId, string state);

    [LoggerMessage(4103, LogLevel.Information, "{MigrationId}: the cloud's evidence passes: {Passed}, {Problems} problems")]
    partial void LogEvidence(string migrationId, bool passed, int problems);
}
