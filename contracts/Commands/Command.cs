using System.Text.Json.Serialization;

namespace GwbCloud.Contracts.Commands;

/// <summary>
/// What the cloud half may ask of a listener: a closed list of typed records. No command carries a script, a filter or an attribute name.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(InspectForest), "inspectForest")]
[JsonDerivedType(typeof(InventoryWritebackOu), "inventoryWritebackOu")]
[JsonDerivedType(typeof(SnapshotGroups), "snapshotGroups")]
[JsonDerivedType(typeof(StampAnchors), "stampAnchors")]
[JsonDerivedType(typeof(VerifyAnchors), "verifyAnchors")]
[JsonDerivedType(typeof(UnstampAnchors), "unstampAnchors")]
[JsonDerivedType(typeof(CompareWithSnapshot), "compareWithSnapshot")]
[JsonDerivedType(typeof(FindByAnchor), "findByAnchor")]
[JsonDerivedType(typeof(CreateMatchCanary), "createMatchCanary")]
[JsonDerivedType(typeof(RemoveCanaryObjects), "removeCanaryObjects")]
[JsonDerivedType(typeof(FindDeletedGroups), "findDeletedGroups")]
[JsonDerivedType(typeof(RepairGroups), "repairGroups")]
[JsonDerivedType(typeof(InspectServer), "inspectServer")]
[JsonDerivedType(typeof(SetScheduler), "setScheduler")]
[JsonDerivedType(typeof(SetAutoUpgrade), "setAutoUpgrade")]
[JsonDerivedType(typeof(StartCycle), "startCycle")]
[JsonDerivedType(typeof(ReadCycle), "readCycle")]
[JsonDerivedType(typeof(AddCoexistenceRules), "addCoexistenceRules")]
[JsonDerivedType(typeof(RemoveCoexistenceRules), "removeCoexistenceRules")]
[JsonDerivedType(typeof(ReadWritebackRules), "readWritebackRules")]
[JsonDerivedType(typeof(SetWritebackRule), "setWritebackRule")]
[JsonDerivedType(typeof(RetireCoexistenceRules), "retireCoexistenceRules")]
[JsonDerivedType(typeof(ReadPendingExports), "readPendingExports")]
[JsonDerivedType(typeof(SetStaging), "setStaging")]
[JsonDerivedType(typeof(StopCycle), "stopCycle")]
[JsonDerivedType(typeof(RunEntraOnly), "runEntraOnly")]
[JsonDerivedType(typeof(ReadLineage), "readLineage")]
[JsonDerivedType(typeof(GrantWritebackPermissions), "grantWritebackPermissions")]
[JsonDerivedType(typeof(RevokeWritebackPermissions), "revokeWritebackPermissions")]
[JsonDerivedType(typeof(GatherEvidence), "gatherEvidence")]
[JsonDerivedType(typeof(CancelJob), "cancelJob")]
[JsonDerivedType(typeof(DisableGroupWritebackV2), "disableGroupWritebackV2")]
public abstract record Command;

/// <summary>A command and the record that answers it.</summary>
/// <typeparam name="TResult">What <see cref="CommandStatus.Result"/> holds when the job is done.</typeparam>
public abstract record Command<TResult> : Command
    where TResult : class;

/// <summary>Whether a job of the listener waits, runs or has ended, and how.</summary>
public enum CommandState
{
    Queued,
    Running,
    Done,

    /// <summary>Ended with <see cref="CommandStatus.Error"/>: refused, or tried and not possible.</summary>
    Failed,

    /// <summary>Started, then the process died in a step whose effect cannot be read back. Unknown is not failed: read the state again.</summary>
    Unknown,
}

/// <summary>The answer to <c>POST /commands</c> and <c>GET /commands/{id}</c>; always under 48 KB.</summary>
public sealed record CommandStatus
{
    public required string CommandId { get; init; }
    public required CommandState State { get; init; }
    public CommandProgress? Progress { get; init; }

    /// <summary>A compact JWS of type <c>gwb-result</c> by the listener's own key, when <see cref="State"/> is Done. Its payload is the result record.</summary>
    public string? Result { get; init; }

    public CommandError? Error { get; init; }
}

/// <summary>How far a job is; <see cref="Total"/> is 0 while it is unknown.</summary>
public sealed record CommandProgress
{
    public required string What { get; init; }
    public required int Done { get; init; }
    public required int Total { get; init; }
}

/// <summary>Why a job failed or a command was refused.</summary>
public sealed record CommandError
{
    /// <summary>Stable code, <c>GWB####</c>.</summary>
    public required string Code { get; init; }
    public required string Message { get; init; }
    public string? Remedy { get; init; }

    /// <summary>True when the same command may succeed later without anybody's doing (busy, server down).</summary>
    public bool Transient { get; init; }
}

/// <summary>The answer of commands that only do something.</summary>
public sealed record Acknowledged;
