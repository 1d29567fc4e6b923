using System.Text.Json.Serialization;
using GwbCloud.Contracts.Documents;

namespace GwbCloud.Contracts.Commands;

/// <summary>
/// This server's part of the evidence for a gate, and on the lead server the directory's, each signed by the listener.
/// </summary>
public sealed record GatherEvidence : Command<EvidenceResult>
{
    public required EvidenceScope Scope { get; init; }

    /// <summary>True on one server only: adds the part named <c>directory</c>.</summary>
    public required bool IncludeDirectory { get; init; }

    /// <summary>What the parts are for; a part says it in its name.</summary>
    public EvidencePurpose Purpose { get; init; }
}

/// <summary>What evidence is gathered for.</summary>
public enum EvidencePurpose
{
    /// <summary>The second gate: everything stands still.</summary>
    Switch,

    /// <summary>The first gate: a standby that rehearsed while the tenant lives on, so that the scheduler is on and a cycle may run.</summary>
    Rehearsal,
}

/// <summary>What evidence is measured against; the same record at gathering and at the re-check.</summary>
public sealed record EvidenceScope
{
    /// <summary>Document of <see cref="GroupIdentity"/>: the groups that migrate.</summary>
    public required DocumentReference Groups { get; init; }

    /// <summary>Document of <see cref="GroupIdentity"/>: the groups that stay and no longer follow Entra.</summary>
    public required DocumentReference Frozen { get; init; }

    /// <summary>Document of strings: anchors of objects that the migration made (canaries), left out of every comparison.</summary>
    public required DocumentReference Ours { get; init; }

    /// <summary>Document of <see cref="GroupSnapshot"/>: every group of the OU at the freeze.</summary>
    public required DocumentReference Snapshot { get; init; }

    /// <summary>Document of strings: run errors that were there before and were accepted.</summary>
    public required DocumentReference KnownErrors { get; init; }

    /// <summary>Document of <see cref="PendingExport"/>: what was pending when the connectors were drained.</summary>
    public required DocumentReference PendingBaseline { get; init; }
    public required Ceilings Ceilings { get; init; }
}

/// <summary>What the people approved as consequence; more than that stops the migration.</summary>
public sealed record Ceilings
{
    /// <summary>Microsoft 365 groups that may newly appear in Active Directory.</summary>
    public required int M365NewlyWritten { get; init; }

    /// <summary>Microsoft 365 groups whose type may change from security to distribution.</summary>
    public required int M365TypeChanged { get; init; }

    /// <summary>Memberships that the migrated groups may lose.</summary>
    public required int MembersLost { get; init; }
}

public sealed record EvidenceResult
{
    /// <summary>Compact JWS of type <c>gwb-evidence</c>, one for each part.</summary>
    public required IReadOnlyList<string> Parts { get; init; }
}

/// <summary>
/// Switches GroupWritebackV2 off: the step that cannot be undone. The listener trusts nothing that the cloud half says about approval; it
/// verifies the requester's proof and the quorum's tokens, gathers its own evidence again, demands the other servers' signed parts, and
/// looks at flag, staging, scheduler, runs, rules and pending deletes once more. Source: migrate how-to, step 5.
/// </summary>
public sealed record DisableGroupWritebackV2 : Command<SwitchResult>
{
    public required EvidenceScope Scope { get; init; }

    /// <summary>Canonical JSON and ID token of the person who started the migration.</summary>
    public required SignedStatement Request { get; init; }

    /// <summary>The decisions at the second gate.</summary>
    public required IReadOnlyList<SignedStatement> Decisions { get; init; }

    /// <summary>When the evidence was complete; tokens must be younger.</summary>
    public required DateTimeOffset EvidenceAt { get; init; }

    /// <summary>The gate's deadline; tokens must be older, and so must be this moment.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>Fresh parts of the other servers, compact JWS, at most 15 minutes old.</summary>
    public required IReadOnlyList<string> OtherServers { get; init; }

    /// <summary>
    /// Canonical JSON of the facts of the part named <c>cloud</c>. It can only veto: its member <c>passed</c> must be true, and it counts
    /// into the digest.
    /// </summary>
    public required string CloudPart { get; init; }
}

/// <summary>A canonical record and the ID token whose nonce is its hash.</summary>
public sealed record SignedStatement
{
    /// <summary>Canonical JSON (RFC 8785) of the record that was agreed to.</summary>
    public required string Record { get; init; }

    /// <summary>Compact RS256 JWS from the tenant.</summary>
    public required string IdToken { get; init; }
}

public enum SwitchOutcome
{
    /// <summary>The cmdlet was called; <see cref="SwitchResult.Reads"/> is what is true.</summary>
    Called,

    /// <summary>The flag read false already; nothing was called.</summary>
    AlreadyOff,

    /// <summary>Verified and held for at most 15 minutes for the operator's own session.</summary>
    AwaitsOperator,

    /// <summary>The listener's own re-check disagrees; see the reasons. Nothing was called.</summary>
    Refused,
}

public sealed record SwitchResult
{
    public required SwitchOutcome Outcome { get; init; }

    /// <summary>The flag as read after the attempt; null is unknown.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required bool? Reads { get; init; }

    /// <summary>What the cmdlet said when it failed. The flag decides, not this.</summary>
    public string? CmdletError { get; init; }

    /// <summary>Codes and sentences of every check that refused.</summary>
    public required IReadOnlyList<CommandError> Reasons { get; init; }
}
