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
