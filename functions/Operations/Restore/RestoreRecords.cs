using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.Writeback;

namespace GwbCloud.Functions.Operations.Restore;

/// <summary>What can become of a deleted group. Source: modify default behaviour, note on deleted groups and restore from the Recycle Bin.</summary>
public enum RestoreVerdict
{
    /// <summary>Its writeback is off in Entra: restored first and switched on then, it is joined.</summary>
    Rejoins,

    /// <summary>Its group is soft-deleted in Entra: restored here first and there then, it is joined.</summary>
    RejoinsFromSoftDelete,

    /// <summary>Its writeback is on already: the next cycle makes a new object, whatever is restored.</summary>
    EnabledAlready,

    /// <summary>A new object bears its anchor.</summary>
    MadeAnew,

    /// <summary>Its group is gone from Entra for good.</summary>
    CloudGroupGone,

    /// <summary>No feature that is on writes groups of its kind.</summary>
    NotWritten,

    /// <summary>Its container is deleted.</summary>
    ContainerGone,

    /// <summary>Another object has its name by now.</summary>
    NameTaken,

    /// <summary>Nothing brings it back but a backup.</summary>
    Gone,

    /// <summary>It stood outside the writeback OU.</summary>
    Outside,

    /// <summary>Several deleted objects are of the same group.</summary>
    Twice,

    /// <summary>No anchor names its group.</summary>
    Anonymous,
}

/// <summary>A deleted group, and what can become of it.</summary>
public sealed record RestoreFinding
{
    public required Guid ObjectGuid { get; init; }

    /// <summary>The name that it gets again.</summary>
    public required string DistinguishedName { get; init; }

    /// <summary>objectId of its group in Entra; null where no anchor names one.</summary>
    public Guid? CloudId { get; init; }

    /// <summary>As Entra calls it, or else as the directory did.</summary>
    public string? DisplayName { get; init; }
    public required RestoreVerdict Verdict { get; init; }

    /// <summary>One sentence: the reason, and what comes first.</summary>
    public required string Why { get; init; }
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Until when it can be restored; null when nobody knows, or it can't be.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Members that it gets back.</summary>
    public int Members { get; init; }

    /// <summary>Members that it had and that are deleted themselves, without those that are restored with it.</summary>
    public int MembersGone { get; init; }

    /// <summary>The newest migration whose snapshot has it.</summary>
    public string? SnapshotOf { get; init; }

    public bool CanBeRestored => Verdict is RestoreVerdict.Rejoins or RestoreVerdict.RejoinsFromSoftDelete;
}

/// <summary>Everything that was found, group by group: the report of the operation.</summary>
public sealed record RestoreReport
{
    public required DateTimeOffset ReadAt { get; init; }
    public required string WritebackOu { get; init; }
    public required bool RecycleBinEnabled { get; init; }

    /// <summary>Days in which a deleted object can be brought back.</summary>
    public required int KeptDays { get; init; }
    public required IReadOnlyList<RestoreFinding> Findings { get; init; }

    /// <summary>Document of <see cref="GroupSnapshot"/>: the groups that can be restored, as they will be. Null when there are none.</summary>
    public DocumentReference? Snapshot { get; init; }
}

/// <summary>Input of <see cref="RestoreActivities.PlanRestore"/> and <see cref="RestoreActivities.OpenRestore"/>: what servers and directory say.</summary>
public sealed record RestoreQuestion
{
    public required string OperationId { get; init; }
    public required RestoreTerms Terms { get; init; }
    public required ServerSight Servers { get; init; }
    public required DeletedGroups Deleted { get; init; }

    /// <summary>Document of <see cref="AdGroup"/>: what stands in the writeback OU.</summary>
    public required DocumentReference Inventory { get; init; }
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>Document of <see cref="ValueChange"/>: the plan's; null while it is planned.</summary>
    public DocumentReference? Changes { get; init; }
}

/// <summary>What is to be restored now.</summary>
public sealed record RestoreLot
{
    /// <summary>Document of <see cref="GroupSnapshot"/>; null when nothing is left to do.</summary>
    public DocumentReference? Snapshot { get; init; }

    /// <summary>Documents of <see cref="Guid"/>: the objectGUIDs, part by part.</summary>
    public required IReadOnlyList<DocumentReference> Parts { get; init; }

    /// <summary>One of the groups is another's member: members can be given back only when all are there.</summary>
    public bool Nested { get; init; }

    /// <summary>Groups that are this operation's.</summary>
    public required int Total { get; init; }

    /// <summary>As a plan of this moment would have them.</summary>
    public IReadOnlyList<string> Dangers { get; init; } = [];
}

/// <summary>Input of <see cref="RestoreActivities.CloseRestore"/>.</summary>
public sealed record RestoreClosing
{
    /// <summary>Read once more after the last group.</summary>
    public required RestoreQuestion Question { get; init; }

    /// <summary>Documents of <see cref="GroupRepair"/>.</summary>
    public required IReadOnlyList<DocumentReference> Repairs { get; init; }
}

/// <summary>What the directory shows in the end.</summary>
public sealed record RestoreEnd
{
    /// <summary>Groups that are there again as planned.</summary>
    public required int Restored { get; init; }

    /// <summary>Document of <see cref="LeftValue"/>; null when nothing was left.</summary>
    public DocumentReference? Left { get; init; }

    /// <summary>Document of <see cref="ValueChange"/>: restored groups whose writeback is off; null when there are none.</summary>
    public DocumentReference? Off { get; init; }

    /// <summary>Restored groups that are still soft-deleted in Entra.</summary>
    public required int SoftDeleted { get; init; }
}
