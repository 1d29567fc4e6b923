using System.Text.Json.Serialization;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Documents;

namespace GwbCloud.Functions.Approvals;

/// <summary>A decision as it is kept in a <see cref="Ballot"/>.</summary>
public sealed record StoredDecision
{
    /// <summary>Hash of the token.</summary>
    public required string DecisionId { get; init; }

    /// <summary>The token's own id, when the issuer gives one.</summary>
    public string? TokenId { get; init; }

    /// <summary>objectId of the person.</summary>
    public required string Person { get; init; }
    public required SignedStatement Statement { get; init; }
    public string? Comment { get; init; }

    /// <summary>The opening of the gate at which it was made; see <see cref="OpeningOf"/>.</summary>
    public required string Opening { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>When the person took it back: it counts no longer, and its token for nothing else.</summary>
    public DateTimeOffset? WithdrawnAt { get; init; }

    /// <summary>What was decided.</summary>
    /// <exception cref="DocumentException">The record is damaged; it was canonical when it came in.</exception>
    [JsonIgnore]
    public ApprovalDecision Decision => SignedDecision.Read(Statement)?.Record.Decision ?? throw new DocumentException("A stored decision is damaged.");

    /// <summary>A gate that opens again with fresh evidence is another opening: what was decided before does not count there.</summary>
    public static string OpeningOf(OpenGate gate) =>
        CanonicalJson.Hash(new { gate.EvidenceDigest, EvidenceAt = gate.EvidenceAt.ToUnixTimeMilliseconds() })[..16];
}

/// <summary>A decision as somebody hands it in.</summary>
public sealed record HandedDecision
{
    public required SignedStatement Statement { get; init; }
    public string? Comment { get; init; }

    /// <summary>The tenant's domain as it was typed; who approves needs it.</summary>
    public string? Domain { get; init; }
}

/// <summary>What came of a decision that was handed in.</summary>
public sealed record DecisionReceipt
{
    /// <summary>Null when it was refused.</summary>
    public string? DecisionId { get; init; }
    public ApprovalDecision? Decision { get; init; }

    /// <summary>The very same decision had been taken before.</summary>
    public bool Repeated { get; init; }
    public Contracts.Refusal? Refusal { get; init; }
}
