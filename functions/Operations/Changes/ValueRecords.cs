using GwbCloud.Contracts.Documents;

namespace GwbCloud.Functions.Operations.Changes;

/// <summary>Kinds of values that operations write, those of the tenant each with one <see cref="IValuePort"/>.</summary>
public enum ValueKind
{
    /// <summary>Whether new Microsoft 365 groups are written back: the directory setting <c>Group.Unified</c>.</summary>
    NewGroupsDefault,

    /// <summary>Whether a group is written back: <c>writebackConfiguration.isEnabled</c>.</summary>
    GroupWriteback,

    /// <summary>The state of a synchronisation rule on a Connect server. Its operation writes it through the listener, so that it has no port.</summary>
    ServerRule,
}

/// <summary>One value that will be written: a line of a plan.</summary>
public sealed record ValueChange
{
    /// <summary>What has the value, as its port names it: an objectId.</summary>
    public required string Target { get; init; }

    /// <summary>For people.</summary>
    public string? Name { get; init; }

    /// <summary>As the plan read it, in the port's words.</summary>
    public required string Before { get; init; }
    public required string After { get; init; }
}

/// <summary>A value that stays as it is, and why.</summary>
public sealed record LeftValue
{
    public required string Target { get; init; }
    public string? Name { get; init; }

    /// <summary>One sentence.</summary>
    public required string Why { get; init; }
}

/// <summary>A value as it was just before we wrote it. Kept before the write; undo goes by these alone.</summary>
public sealed record KeptValue
{
    public required string Target { get; init; }
    public string? Name { get; init; }
    public required string Before { get; init; }

    /// <summary>What we write, and how undo knows it as ours.</summary>
    public required string After { get; init; }
}

/// <summary>What is kept of one part before its first write: <c>operations/{id}/before/{part}</c>.</summary>
public sealed record KeptPart
{
    /// <summary>What will be written.</summary>
    public required IReadOnlyList<KeptValue> Values { get; init; }

    /// <summary>How many were as they shall be before we came: not ours, and never taken back.</summary>
    public int AlreadySo { get; init; }

    /// <summary>What will not be written.</summary>
    public IReadOnlyList<LeftValue> Left { get; init; } = [];
}

/// <summary>A part of a plan's list.</summary>
public sealed record ValuePart
{
    public required string OperationId { get; init; }
    public required ValueKind Kind { get; init; }

    /// <summary>Document of <see cref="ValueChange"/>.</summary>
    public required DocumentReference Changes { get; init; }

    /// <summary>Number of the part, from 0.</summary>
    public required int Part { get; init; }

    /// <summary>Place of its first value, from 0.</summary>
    public required int From { get; init; }
    public required int Count { get; init; }
}

/// <summary>What came of a part.</summary>
public sealed record PartOutcome
{
    /// <summary>Values that are ours after it.</summary>
    public int Ours { get; init; }
    public int LeftCount { get; init; }

    /// <summary>Document of <see cref="LeftValue"/>; null when nothing was left.</summary>
    public DocumentReference? Left { get; init; }
}

/// <summary>Lists that become one.</summary>
public sealed record LeftParts
{
    public required IReadOnlyList<DocumentReference> Parts { get; init; }
}

/// <summary>The one list.</summary>
public sealed record LeftWhole
{
    public required DocumentReference Left { get; init; }
}
