using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GwbCloud.Lab.Tenant;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.CloudSync;

/// <summary>The provisioning service: runs each started job every 20 to 40 minutes, and single groups on demand.</summary>
/// <remarks>
/// Cause and effect: a group whose anchor the asked global catalog does not show is created a second time; one whose name or container the
/// mappings compute otherwise is renamed or moved; members that Cloud Sync does not write are lost at the first match; what leaves the scope
/// is deleted. Source: how provisioning to Active Directory works.
/// </remarks>
public sealed class CloudSyncEngine : IDisposable
{
    /// <summary>Job template that provisions groups to Active Directory.</summary>
    public const string JobTemplate = "AAD2ADGroupProvisioning";

    /// <summary>From a start to the end of the first cycle.</summary>
    internal static TimeSpan FirstCycle { get; } = TimeSpan.FromMinutes(2);

    /// <summary>How soon the owners of a job find it paused.</summary>
    static readonly TimeSpan OwnersNotice = TimeSpan.FromMinutes(12);

    // Reset scopes that end a quarantine.
    static readonly string[] Clearing = ["QuarantineState", "Full", "ForceDeletes"];

    readonly SimulatedWorld _world;
    readonly GroupProvisioner _provisioner;
    readonly ITimer _timer;

    public CloudSyncEngine(SimulatedWorld world)
    {
        ArgumentNullException.ThrowIfNull(world);
        _world = world;
        _provisioner = new GroupProvisioner(world);
        _timer = world.Clock.CreateTimer(_ => RunDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        world.Store.Read(() =>
        {
            world.Jobs.Changed += (_, _, _) => Schedule();
            Schedule();
            return true;
        });
    }

    /// <summary>Makes a job, stopped and with the default schema.</summary>
    public async Task<JobState> CreateJobAsync(Guid servicePrincipalId) => await _world.Store.ChangeAsync(change =>
    {
        var key = $"{servicePrincipalId:D}#{_world.NextNumber(change, "jobs")}";
        var id = $"{JobTemplate}.{_world.Tenant.TenantId:N}.{_world.NewId("job", key):D}";
        var job = new JobState
        {
            Id = id,
            ServicePrincipalId = servicePrincipalId,
            TemplateId = JobTemplate,
            Started = false,
            Schema = DefaultSchema.Create(id, _world.NewId("rule", key), _world.ForestFacts.DomainDn).ToJsonString(),
            Secrets = new Dictionary<string, string>(),
            // The portal's switch for members is off in every new configuration.
            MembersSwitch = false,
            VisibleAt = _world.Clock.VisibleAt(),
        };
        _world.Jobs.Put(change, id, job);
        return job;
    });

    /// <summary>Starts a stopped job; its first cycle ends two minutes later. One in quarantine keeps standing there.</summary>
    public Task StartAsync(string jobId) => ChangeJobAsync(jobId, job => job.Started
        ? job
        : job with { Started = true, OwnersRestartAt = null, NextCycleAt = _world.Clock.GetUtcNow() + FirstCycle });

    public async Task PauseAsync(string jobId) => await _world.Store.ChangeAsync(change =>
    {
        var job = _world.Jobs[jobId];
        _world.Jobs.Put(change, jobId, job with { Started = false, NextCycleAt = null, OwnersRestartAt = job.OwnersRestart ? _world.Clock.GetUtcNow() + OwnersNotice : null });
        foreach (var group in _world.Suffers(Sabotage.GroupDnDropped) ? _world.Groups.Values.Where(g => g.Extensions.Count > 0).ToList() : [])
        {
            _world.Groups.Put(change, group.Id, group with { Extensions = new Dictionary<string, string>() });
        }
    });

    /// <summary>Restarts: the next cycle is an initial one. Quarantine ends when the reset scope says so.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="resetScope">Comma-separated, as Graph takes it; empty resets everything.</param>
    public Task RestartAsync(string jobId, string resetScope)
    {
        ArgumentNullException.ThrowIfNull(resetScope);
        var clears = resetScope.Length == 0 || Clearing.Any(s => resetScope.Contains(s, StringComparison.Ordinal));
        return ChangeJobAsync(jobId, job => job with
        {
            Started = true,
            NeedsInitial = true,
            ForceDeletes = job.ForceDeletes || resetScope.Contains("ForceDeletes", StringComparison.Ordinal),
            Quarantined = job.Quarantined && !clears,
            QuarantineReason = clears ? null : job.QuarantineReason,
            NextCycleAt = _world.Clock.GetUtcNow() + FirstCycle,
        });
    }

    /// <summary>Puts the job into quarantine, as the service does for reasons that the world does not simulate.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="reason">As Graph names it, for example EncounteredEscrowProportionThreshold.</param>
    public Task QuarantineAsync(string jobId, string reason) => ChangeJobAsync(jobId, job => job with { Quarantined = true, QuarantineReason = reason });

    /// <summary>Deletes the job and what it remembers; what it wrote to Active Directory stays.</summary>
    public async Task DeleteAsync(string jobId) => await _world.Store.ChangeAsync(change =>
    {
        foreach (var link in _world.Links.Values.Where(l => l.JobId == jobId).ToList())
        {
            _world.Links.Delete(change, CloudSyncLink.Key(jobId, link.GroupId));
        }

        _world.Jobs.Delete(change, jobId);
    });

    /// <summary>Replaces the whole schema.</summary>
    /// <exception cref="SchemaException">It is refused; nothing changed.</exception>
    public async Task PutSchemaAsync(string jobId, JsonObject schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        SyncSchema.Parse(schema.ToJsonString());
        await ChangeJobAsync(jobId, job =>
        {
            Spoil(schema);
            return job with { Schema = schema.ToJsonString(), NeedsInitial = true };
        });
    }

    /// <summary>Replaces the complete set of secrets of a service principal's jobs.</summary>
    public async Task PutSecretsAsync(Guid servicePrincipalId, IReadOnlyDictionary<string, string> secrets) => await _world.Store.ChangeAsync(change =>
    {
        foreach (var job in _world.Jobs.Values.Where(j => j.ServicePrincipalId == servicePrincipalId).ToList())
        {
            _world.Jobs.Put(change, job.Id, job with { Secrets = new Dictionary<string, string>(secrets), NeedsInitial = true });
        }
    });

    /// <summary>Provisions one group now, with at most five of its members. It writes to Active Directory.</summary>
    /// <param name="jobId">The job; it need not be started.</param>
    /// <param name="groupId">The group.</param>
    /// <param name="members">Members to write besides; others are left alone.</param>
    public async Task<ProvisioningOutcome> ProvisionOnDemandAsync(string jobId, Guid groupId, IReadOnlyList<Guid> members) =>
        await _world.Store.ChangeAsync(change => _provisioner.OnDemand(change, _world.Jobs[jobId], groupId, members));

    /// <summary>Runs a cycle of a job at once, whatever its schedule; for tests and for scenarios that need one.</summary>
    public async Task RunCycleAsync(string jobId) => await _world.Store.ChangeAsync(change =>
    {
        var job = _world.Jobs[jobId];
        var now = _world.Clock.GetUtcNow();
        var result = _provisioner.Cycle(change, job);
        _world.Jobs.Put(change, jobId, job with
        {
            Cycles = job.Cycles + 1,
            LastCycleAt = now,
            LastErrors = result.Errors,
            LastEntitled = result.Entitled,
            LastExports = result.Exports,
            Quarantined = result.QuarantineReason is not null,
            QuarantineReason = result.QuarantineReason,
            NeedsInitial = job.NeedsInitial && result.QuarantineReason is not null,
            ForceDeletes = false,
            SteadyAt = result.QuarantineReason is null ? job.SteadyAt ?? now : job.SteadyAt,
            NextCycleAt = job.Started ? now + Interval(job) : null,
        });
    });

    public void Dispose() => _timer.Dispose();

    TimeSpan Interval(JobState job) =>
        TimeSpan.FromSeconds(20 * 60 + _world.Random.Next("cloudSyncInterval", string.Create(CultureInfo.InvariantCulture, $"{job.Id}#{job.Cycles}"), 20 * 60));

    // Called under the store's lock: the next timer follows what the jobs' table says.
    void Schedule()
    {
        var next = _world.Jobs.Values.Where(IsAlive).Min(j => j.Started ? j.NextCycleAt : j.OwnersRestartAt);
        var wait = next - _world.Clock.GetUtcNow();
        _timer.Change(wait is null ? Timeout.InfiniteTimeSpan : wait > TimeSpan.Zero ? wait.Value : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    // On the clock's own thread, to the end: a cycle that fails must stop the rehearsal, not vanish in a task that nobody awaits.
    void RunDue()
    {
        using var hold = _world.Clock.Busy("cloud sync");
        var now = _world.Clock.GetUtcNow();
        var due = _world.Store.Read(() => _world.Jobs.Values.Where(j => IsAlive(j) && (j.Started ? j.NextCycleAt : j.OwnersRestartAt) <= now).ToList());
        foreach (var job in due)
        {
            (job.Started ? RunCycleAsync(job.Id) : StartAsync(job.Id)).GetAwaiter().GetResult();
        }
    }

    static bool IsAlive(JobState job) => job is { Quarantined: false, TemplateId: JobTemplate } && (job.Started || job.OwnersRestartAt is not null);

    async Task ChangeJobAsync(string jobId, Func<JobState, JobState> edit) =>
        await _world.Store.ChangeAsync(change => _world.Jobs.Put(change, jobId, edit(_world.Jobs[jobId])));

    // Sabotage: the call reports success, but that one mapping stays as it is by default.
    void Spoil(JsonObject schema)
    {
        if (_world.Suffers(Sabotage.DefaultContainer))
        {
            Reset(SyncSchema.Container, DefaultSchema.Constant(DefaultSchema.DefaultContainer(_world.ForestFacts.DomainDn)));
        }
        else if (_world.Suffers(Sabotage.DefaultName))
        {
            Reset(SyncSchema.CommonName, ExpressionParser.Parse(DefaultSchema.CommonNameExpression));
        }

        void Reset(string target, MappingSource source)
        {
            var mappings = schema["synchronizationRules"]!.AsArray().SelectMany(r => r!["objectMappings"]!.AsArray()).SelectMany(m => m!["attributeMappings"]!.AsArray());
            foreach (var mapping in mappings.OfType<JsonObject>().Where(m => (string?)m["targetAttributeName"] == target))
            {
                mapping["source"] = source.ToJson();
                mapping["flowType"] = "Always";
                mapping["defaultValue"] = null;
            }
        }
    }

    /// <summary>Domain that the secrets name; null when they name none.</summary>
    internal static string? DomainOf(IReadOnlyDictionary<string, string> secrets)
    {
        try
        {
            return secrets.TryGetValue("Domain", out var value) ? (string?)JsonNode.Parse(value)?["domain"] : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
