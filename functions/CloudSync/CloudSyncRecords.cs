using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Evidence;

namespace GwbCloud.Functions.CloudSync;

/// <summary>The provisioning job, as the migration found or made it.</summary>
public sealed record CloudSyncJob
{
    public required Guid ApplicationObjectId { get; init; }
    public required Guid ServicePrincipalId { get; init; }
    public required string JobId { get; init; }

    /// <summary>Name of the enterprise application: the domain's by habit, but whoever made it may have named it otherwise.</summary>
    public string? Application { get; init; }

    /// <summary>App role whose assignment puts a group in scope.</summary>
    public required Guid ScopeRoleId { get; init; }

    /// <summary>Made by this migration; only then is it ever removed.</summary>
    public required bool Created { get; init; }

    /// <summary>The property GroupDN is in use.</summary>
    public bool KeepsNames { get; init; }

    /// <summary>It manages groups of somebody else's: its scope, and what names and places them, stay as they were.</summary>
    public bool Preserves { get; init; }
}

public sealed record CloudSyncInput
{
    public required string MigrationId { get; init; }

    /// <summary>Document of the plan.</summary>
    public required DocumentReference Plan { get; init; }
    public CloudSyncJob? Job { get; init; }
}

/// <summary>Some of the groups that hold GroupDN.</summary>
public sealed record GroupDnInput
{
    public required string MigrationId { get; init; }

    /// <summary>Document of the plan.</summary>
    public required DocumentReference Plan { get; init; }

    /// <summary>Groups that earlier calls have done.</summary>
    public required int From { get; init; }
}

/// <summary>How far writing or giving back GroupDN has come.</summary>
public sealed record GroupDnProgress
{
    public static GroupDnProgress Nothing { get; } = new() { Done = 0, Total = 0 };

    public required int Done { get; init; }
    public required int Total { get; init; }
}

public sealed record OnDemandInput
{
    public required CloudSyncJob Job { get; init; }
    public required Guid GroupId { get; init; }
}

/// <summary>What provisioning on demand said of one group.</summary>
public sealed record OnDemandResult
{
    public required bool InScope { get; init; }

    /// <summary>create, update, skipped, failed.</summary>
    public required string Action { get; init; }
    public string? Detail { get; init; }
}

/// <summary>What is read back of the job; compared with the plan.</summary>
public sealed record CloudSyncFacts
{
    public required bool Exists { get; init; }
    public required bool Started { get; init; }
    public required bool Quarantined { get; init; }

    /// <summary>cn, container, anchors and scope filter are as planned.</summary>
    public required bool MappingsAsPlanned { get; init; }

    /// <summary>The scope filter names only the canaries; or, where it is not ours to set, it is as it was found and no ring has begun.</summary>
    public required bool CanariesOnly { get; init; }
    public required string SchemaHash { get; init; }
    public required string SecretsHash { get; init; }

    /// <summary>Groups assigned to the job that are planned.</summary>
    public required int PlannedInScope { get; init; }

    /// <summary>Groups assigned to the job that are neither planned nor canaries.</summary>
    public required int StrangersInScope { get; init; }

    /// <summary>The new and the match canary are assigned, the unassigned one is not.</summary>
    public bool CanariesAssigned { get; init; }

    /// <summary>Canaries that are assigned.</summary>
    public int CanariesInScope { get; init; }

    /// <summary>One delete would put the job into quarantine.</summary>
    public bool StopsAtFirstDelete { get; init; }

    /// <summary>What a person must set in the portal, one instruction each.</summary>
    public IReadOnlyList<string> Corrections { get; init; } = [];
    public required IReadOnlyList<string> Deviations { get; init; }
}

/// <summary>The little of a job that is looked at again and again while a migration waits.</summary>
public sealed record JobSight
{
    public required bool Exists { get; init; }
    public required bool Started { get; init; }

    /// <summary>SHA-256 of schema and secrets, the scope filter among them; null while there is no job.</summary>
    public string? Configuration { get; init; }

    /// <summary>Planned groups that are assigned.</summary>
    public required int PlannedInScope { get; init; }

    /// <summary>Assigned groups that nobody planned and that were not assigned before.</summary>
    public required int StrangersInScope { get; init; }
}

public sealed record JobStatus
{
    /// <summary>Active, Paused, Quarantine, NotRun, …</summary>
    public required string Code { get; init; }
    public required string? QuarantineReason { get; init; }
    public required DateTimeOffset? LastCycleEnded { get; init; }
    public required DateTimeOffset? SteadyState { get; init; }
    public required string? LastState { get; init; }

    /// <summary>Objects that the last cycle set aside with an error, to be tried again: the status does not name them.</summary>
    public long Escrowed { get; init; }

    /// <summary>Objects that the last cycle wrote.</summary>
    public long Exported { get; init; }

    /// <summary>Cycles in a row that failed as a whole.</summary>
    public int CompleteFailures { get; init; }
}

public sealed record LogInput
{
    public required CloudSyncJob Job { get; init; }
    public required DateTimeOffset Since { get; init; }

    /// <summary>Documents of <see cref="Contracts.Commands.GroupIdentity"/>: planned groups, for whose names the log is read.</summary>
    public IReadOnlyList<DocumentReference> Groups { get; init; } = [];
}

/// <summary>What the provisioning log bears witness to. It lags by minutes and may be incomplete: what it does not say proves nothing.</summary>
public sealed record ProvisioningLog
{
    public required int Creates { get; init; }
    public required int Updates { get; init; }
    public required int Deletes { get; init; }
    public required int Failures { get; init; }

    /// <summary>Error codes seen, each once.</summary>
    public required IReadOnlyList<string> Errors { get; init; }

    /// <summary>One sentence for each kind of deed that may not be, with the names of planned groups; at most 20.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];
}

/// <summary>The groups in the order in which they come into scope.</summary>
public sealed record RingPlan
{
    /// <summary>Documents of <see cref="Contracts.Commands.GroupIdentity"/>; every planned group is in exactly one.</summary>
    public required IReadOnlyList<DocumentReference> Rings { get; init; }
}

public sealed record RingInput
{
    public required DocumentReference Plan { get; init; }

    /// <summary>Document of <see cref="Contracts.Commands.GroupIdentity"/>: the planned groups at the freeze.</summary>
    public required DocumentReference Groups { get; init; }
}

public sealed record CloudEvidenceInput
{
    public required string MigrationId { get; init; }
    public required DocumentReference Plan { get; init; }
    public required DocumentReference Groups { get; init; }
    public required CloudSyncJob Job { get; init; }

    /// <summary>The window of the request.</summary>
    public required EvidenceWindow Window { get; init; }

    /// <summary>The canaries came out as expected, the members switch among them.</summary>
    public required bool CanariesProved { get; init; }
}

/// <summary>The cloud's part of the evidence.</summary>
public sealed record CloudEvidence
{
    /// <summary>Canonical JSON of the part's facts.</summary>
    public required string Part { get; init; }
    public required bool Passed { get; init; }
    public required IReadOnlyList<string> Reasons { get; init; }
}
