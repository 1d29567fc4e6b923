using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Documents;

namespace GwbCloud.Functions.Approvals;

public enum GateName
{
    Plan,
    Switch,
}

public enum GateState
{
    Pending,
    Approved,
    Denied,
    DeniedAndLeft,
    Postponed,
    Expired,
}

/// <summary>A gate that is open: what people see and sign.</summary>
public sealed record OpenGate
{
    public required GateName Gate { get; init; }
    public required string EvidenceDigest { get; init; }
    public required DateTimeOffset EvidenceAt { get; init; }
    public required DateTimeOffset Deadline { get; init; }
    public required int Required { get; init; }
    public int Approved { get; init; }

    /// <summary>Documents of the evidence, by name of the part.</summary>
    public IReadOnlyList<EvidenceLink> Evidence { get; init; } = [];

    /// <summary>Short sentences: what is approved and what follows.</summary>
    public IReadOnlyList<string> Consequences { get; init; } = [];

    /// <summary>The tenant's domain, which whoever approves types. Null at a gate that an earlier version opened.</summary>
    public string? Domain { get; init; }

    /// <summary>What can be chosen, and what follows from each.</summary>
    public IReadOnlyList<GateChoice> Ends { get; init; } = [];

    /// <summary>What differs from the evidence of the opening before, whose approvals became void; at most 50.</summary>
    public IReadOnlyList<EvidenceChange> Changes { get; init; } = [];

    /// <summary>objectIds of those who decide; empty: everybody with the role.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>Who is asked as well when time runs short; null when nobody is.</summary>
    public GateEscalation? Escalation { get; init; }
}

/// <summary>What the tenant does not do for as long as a choice takes.</summary>
public enum GateImpact
{
    /// <summary>Nothing stands still.</summary>
    None,

    /// <summary>Exports to Entra, password hash sync and password writeback stand still.</summary>
    Exports,
}

/// <summary>One way in which a gate can end, for a person to choose from.</summary>
public sealed record GateChoice
{
    public required ApprovalDecision Decision { get; init; }

    /// <summary>Short sentences.</summary>
    public required IReadOnlyList<string> Consequences { get; init; }
    public bool NeedsComment { get; init; }
    public bool NeedsDomain { get; init; }

    /// <summary>How long servers stand in staging mode from here on, about; null when they don't.</summary>
    public int? StagingMinutes { get; init; }
    public GateImpact Impact { get; init; }
}

/// <summary>The second list of those who decide.</summary>
public sealed record GateEscalation
{
    /// <summary>From then on they may decide, and are told.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>objectIds; never empty where this version opened the gate.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];
}

/// <summary>One fact of the evidence that is not what it was.</summary>
public sealed record EvidenceChange
{
    public required string Part { get; init; }

    /// <summary>Names of members and positions, with dots, at most 200 characters; empty when the part as a whole came or went.</summary>
    public required string Path { get; init; }

    /// <summary>As JSON, at most 200 characters; null when there was none.</summary>
    public string? Before { get; init; }
    public string? After { get; init; }
}

public sealed record EvidenceLink
{
    public required string Name { get; init; }
    public required string Hash { get; init; }
    public required bool Passed { get; init; }

    /// <summary>Document of one <see cref="Contracts.Evidence.EvidencePart"/>, served at <c>gates/{gate}/evidence/{part}</c>.</summary>
    public DocumentReference? Facts { get; init; }
}

/// <summary>External event <c>decision</c>: a decision was verified and kept. The tally reads it from the store.</summary>
public sealed record DecisionArrived
{
    public required GateName Gate { get; init; }

    /// <summary>Hash of the token: each counts once, a repeated event changes nothing.</summary>
    public required string DecisionId { get; init; }
}

public sealed record TallyInput
{
    public required string MigrationId { get; init; }
    public required OpenGate Gate { get; init; }
}

/// <summary>Where a gate stands.</summary>
public sealed record GateTally
{
    public required GateState State { get; init; }
    public required int Approvals { get; init; }

    /// <summary>Document of <see cref="Contracts.Commands.SignedStatement"/>, the decisions that count.</summary>
    public required DocumentReference Decisions { get; init; }
}
