namespace GwbCloud.Lab.Operations;

/// <summary>What is rehearsed of an operation. Kept in the data folder with the story: a second start goes on with the same.</summary>
public sealed record OperationStory
{
    /// <summary>Name of the kind, as the product's API knows it.</summary>
    public required string Kind { get; init; }

    /// <summary>Writeback off, or on again.</summary>
    public bool Off { get; init; } = true;

    /// <summary>So many Microsoft 365 groups are named one by one; null is all.</summary>
    public int? Selected { get; init; }

    /// <summary>For the undo of a migration: its history is taken away before.</summary>
    public bool HistoryGone { get; init; }

    /// <summary>For the undo of a migration: the stage in which its cloud half is lost; null where people leave it.</summary>
    public string? LostIn { get; init; }

    /// <summary>The version of group writeback that is switched on: 1 or 2.</summary>
    public int Version { get; init; } = 1;

    /// <summary>What Connect's account is granted: nothing, writebackOu or allDomains.</summary>
    public string Permissions { get; init; } = "writebackOu";

    /// <summary>Nobody does the tasks.</summary>
    public bool Passive { get; init; }

    /// <summary>Clean-up: goes on to the active server when the standbys are done.</summary>
    public bool Active { get; init; }

    /// <summary>Restore: an administrator has deleted the objects, and no rule did.</summary>
    public bool DeletedByHand { get; init; }

    /// <summary>Restore: writeback is switched on in Entra afterwards.</summary>
    public bool SwitchOn { get; init; } = true;

    /// <summary>Restore: somebody switched writeback on before.</summary>
    public bool Early { get; init; }

    /// <summary>What was written is taken back afterwards.</summary>
    public bool Undo { get; init; }

    /// <summary>The approver says no, where one is asked.</summary>
    public bool Denied { get; init; }
}
