using System.Text.Json.Serialization;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Exports;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Functions.Orchestration;

/// <summary>A document as an activity's input or output.</summary>
public sealed record DocumentBox
{
    public required DocumentReference Document { get; init; }
}

public sealed record IdentityList
{
    public required IReadOnlyList<GroupIdentity> Groups { get; init; }
}

public sealed record StringList
{
    public required string Kind { get; init; }
    public required IReadOnlyList<string> Strings { get; init; }
}

public sealed record UnwritableInput
{
    /// <summary>Document of <see cref="AdGroup"/>: the writeback OU as it is.</summary>
    public required DocumentReference Inventory { get; init; }

    /// <summary>Document of <see cref="GroupIdentity"/>.</summary>
    public required DocumentReference Planned { get; init; }
}

public sealed record BaselineInput
{
    /// <summary>The newest runs of each server.</summary>
    public required IReadOnlyList<ServerRuns> Runs { get; init; }

    /// <summary>Documents of strings: keys of run errors that people accepted, with the plan and at the first gate.</summary>
    public required IReadOnlyList<DocumentReference> Accepted { get; init; }

    /// <summary>
    /// True before the first gate: what is in error now is about to be shown there and accepted with it. False afterwards: an error that nobody accepted
    /// blocks.
    /// </summary>
    public required bool TakesNewErrors { get; init; }

    /// <summary>What each server would export.</summary>
    public required IReadOnlyList<PendingExports> Pending { get; init; }
    public required string WritebackOu { get; init; }
}

/// <summary>What was wrong or pending before; only what is new counts against a cycle.</summary>
public sealed record CycleBaseline
{
    /// <summary>Document of strings.</summary>
    public required DocumentReference KnownErrors { get; init; }

    /// <summary>Document of <see cref="PendingExport"/>.</summary>
    public required DocumentReference Pending { get; init; }

    /// <summary>Sentences about groups of the writeback OU whose delete is pending already; at most 50.</summary>
    public IReadOnlyList<string> Deletes { get; init; } = [];

    /// <summary>Document of <see cref="OffendingExport"/>: all of them.</summary>
    public DocumentReference? Offending { get; init; }

    /// <summary>Why the runs can't be a baseline: results that nobody knows, groups of the OU in error, errors that nobody accepted. At most 50.</summary>
    public IReadOnlyList<string> RunReasons { get; init; } = [];
}

/// <summary>The verdict of a check: no reasons is a pass.</summary>
public sealed record Judgement
{
    /// <summary>At most 50 sentences.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Document of <see cref="OffendingExport"/>: every one, where pending exports were judged and some are not allowed.</summary>
    public DocumentReference? Offending { get; init; }
}

public sealed record JudgeRunsInput
{
    public required IReadOnlyList<RunResult> Runs { get; init; }
    public required DocumentReference KnownErrors { get; init; }
}

public sealed record JudgePendingInput
{
    public required PendingExports Pending { get; init; }
    public required DocumentReference Baseline { get; init; }

    /// <summary>Document of strings: anchors of our canaries.</summary>
    public DocumentReference? Ours { get; init; }

    /// <summary>Document of the plan: ceilings, OU, and the groups that it announced.</summary>
    public required DocumentReference Plan { get; init; }

    /// <summary>Document of <see cref="GroupIdentity"/>: the groups that migrate, those that came since the plan among them.</summary>
    public required DocumentReference Planned { get; init; }

    /// <summary>Document of <see cref="GroupSnapshot"/>, the last one before the cycle.</summary>
    public DocumentReference? Snapshot { get; init; }
    public required bool AfterSwitch { get; init; }

    /// <summary>The rules are gone again: what groups did in Entra meanwhile is carried over as on every day.</summary>
    public bool WayBack { get; init; }
}

public sealed record JudgeDirectoryInput
{
    public required DocumentReference Plan { get; init; }
    public required DirectoryComparison Comparison { get; init; }

    /// <summary>Document of <see cref="GroupIdentity"/>: every planned group.</summary>
    public required DocumentReference Planned { get; init; }

    /// <summary>Documents of <see cref="GroupIdentity"/>: those that Cloud Sync writes by now, one for each ring.</summary>
    public required IReadOnlyList<DocumentReference> TakenOver { get; init; }

    /// <summary>Document of one <see cref="DirectoryComparison"/>: the reading before this one, when all of them had been taken over already.</summary>
    public DocumentReference? Earlier { get; init; }

    /// <summary>Names of <see cref="ReviewItem"/> that people accepted.</summary>
    public IReadOnlyList<string> Accepted { get; init; } = [];

    /// <summary>Document of <see cref="GroupIdentity"/>: the ring that is about to start. Then only objects are judged, and members are left to its proof.</summary>
    public DocumentReference? Starting { get; init; }
}

public sealed record DirectoryJudgement
{
    /// <summary>What nobody announced or accepted; at most 50.</summary>
    public required IReadOnlyList<ReviewItem> Found { get; init; }
    public required string Summary { get; init; }

    /// <summary>Groups whose members went and came between the earlier reading and this one, although Entra has them.</summary>
    public IReadOnlyList<ReviewItem> Alternating { get; init; } = [];

    [JsonIgnore]
    public IReadOnlyList<string> Reasons => [.. Found.Select(item => item.Text)];

    /// <summary>Document of one <see cref="DirectoryComparison"/>.</summary>
    public required DocumentReference Comparison { get; init; }
}

public sealed record ReviewBox
{
    public required IReadOnlyList<ReviewItem> Items { get; init; }
}

public sealed record PickConnectInput
{
    /// <summary>Document of <see cref="PendingExport"/>: what the active server would export.</summary>
    public required DocumentReference Pending { get; init; }

    /// <summary>Documents of <see cref="GroupIdentity"/>: those that Cloud Sync writes by now.</summary>
    public required IReadOnlyList<DocumentReference> TakenOver { get; init; }
}

/// <summary>What Connect would write of groups that are Cloud Sync's.</summary>
public sealed record ConnectWrites
{
    /// <summary>Document of <see cref="GroupIdentity"/>.</summary>
    public required DocumentReference Groups { get; init; }

    /// <summary>Document of <see cref="PendingExport"/>, of these groups only.</summary>
    public required DocumentReference Exports { get; init; }
}

public sealed record JudgeConnectInput
{
    public required ConnectWrites Writes { get; init; }

    /// <summary>Document of <see cref="GroupSnapshot"/>: these groups as they are.</summary>
    public required DocumentReference Snapshot { get; init; }

    /// <summary>Document of <see cref="GroupIdentity"/>: every planned group, for the references between them.</summary>
    public required DocumentReference Planned { get; init; }

    /// <summary>As <see cref="MigrationPlan.ForestDomains"/>.</summary>
    public IReadOnlyList<string> ForestDomains { get; init; } = [];

    /// <summary>Names of <see cref="ReviewItem"/> that people accepted.</summary>
    public required IReadOnlyList<string> Accepted { get; init; }
}

public sealed record ConnectJudgement
{
    public required IReadOnlyList<ReviewItem> Found { get; init; }
}

public sealed record PlanEvidenceInput
{
    public required MigrationRequest Request { get; init; }
    public required MigrationFacts Facts { get; init; }

    /// <summary>How the runs of every server stand.</summary>
    public required IReadOnlyList<ServerRuns> Runs { get; init; }
}

/// <summary>Evidence bound into one digest.</summary>
public sealed record GateEvidence
{
    public required string Digest { get; init; }
    public required IReadOnlyList<EvidenceLink> Parts { get; init; }

    /// <summary>Why it fails; failing evidence can't be approved.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Document of strings: every run error that an approval accepts; at the first gate only.</summary>
    public DocumentReference? KnownErrors { get; init; }

    /// <summary>Those of <see cref="KnownErrors"/> that the plan does not know.</summary>
    public int NewErrors { get; init; }
}

/// <summary>Input of <c>CompareEvidence</c>.</summary>
public sealed record EvidencePair
{
    public required IReadOnlyList<EvidenceLink> Before { get; init; }
    public required IReadOnlyList<EvidenceLink> After { get; init; }
}

public sealed record EvidenceDifference
{
    public required IReadOnlyList<EvidenceChange> Changes { get; init; }
}

public sealed record BindEvidenceInput
{
    /// <summary>Every server whose part must be there; the directory's and the cloud's always must.</summary>
    public required IReadOnlyList<string> Servers { get; init; }

    /// <summary>Compact JWS of the listeners.</summary>
    public required IReadOnlyList<string> SignedParts { get; init; }
    public required CloudEvidence Cloud { get; init; }
}

public sealed record SwitchSubmission
{
    public required string MigrationId { get; init; }
    public required string PlanHash { get; init; }
    public required string Server { get; init; }
    public required string CommandId { get; init; }
    public required SwitchApproval Approval { get; init; }

    /// <summary>Document of one <see cref="SignedStatement"/>.</summary>
    public required DocumentReference RequestProof { get; init; }

    /// <summary>Compact JWS of the other servers' parts, fresh.</summary>
    public required IReadOnlyList<string> OtherServers { get; init; }
}

/// <summary>What the match canary's object is made of.</summary>
public sealed record CanaryMembers
{
    public required string MatchCn { get; init; }
    public required string MatchDisplayName { get; init; }

    /// <summary>objectGUID of the synced test user.</summary>
    public required Guid User { get; init; }

    /// <summary>The user, and a device and a synced nested group where the tenant has them as members.</summary>
    public required IReadOnlyList<Guid> ObjectGuids { get; init; }
}
