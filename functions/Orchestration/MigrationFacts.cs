using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Orchestration.Guards;

namespace GwbCloud.Functions.Orchestration;

/// <summary>What the stages found and made so far; passed from stage to stage, references and counts only.</summary>
public sealed record MigrationFacts
{
    /// <summary>Counts how often the facts were kept outside the history; of two, the higher is the newer.</summary>
    public int Revision { get; init; }

    /// <summary>What must be undone, in the order in which it was pushed.</summary>
    public IReadOnlyList<UndoStep> Undo { get; init; } = [];

    public CloudSyncJob? Job { get; init; }

    /// <summary>Canary objects in Active Directory that are ours, by what never changes.</summary>
    public IReadOnlyList<CanaryIdentity> CanaryObjects { get; init; } = [];
    public bool CanariesProved { get; init; }

    /// <summary>Every global catalog showed every planned anchor, once each.</summary>
    public bool AnchorsVerified { get; init; }

    /// <summary>Document of <see cref="GroupIdentity"/>: planned groups, from the freeze on with those that came since.</summary>
    public DocumentReference? Groups { get; init; }

    /// <summary>Document of <see cref="GroupSnapshot"/>, before the first write.</summary>
    public DocumentReference? FirstSnapshot { get; init; }

    /// <summary>Document of <see cref="GroupSnapshot"/>: every group of the OU at the freeze.</summary>
    public DocumentReference? FrozenSnapshot { get; init; }

    /// <summary>Document of compact JWS: what the standbys saw when they rehearsed, each signed by its server; null where there is no standby.</summary>
    public DocumentReference? Rehearsal { get; init; }

    /// <summary>Document of strings: run errors that came after the assessment and were accepted at the first gate.</summary>
    public DocumentReference? AcceptedErrors { get; init; }

    /// <summary>Document of strings: every run error that people accepted.</summary>
    public DocumentReference? KnownErrors { get; init; }

    /// <summary>Document of <see cref="PendingExport"/>: what was pending once the connectors were drained.</summary>
    public DocumentReference? PendingBaseline { get; init; }

    /// <summary>Document of strings: anchors of our canaries.</summary>
    public DocumentReference? Ours { get; init; }
    public bool? SchedulerBefore { get; init; }

    /// <summary>When we switched the scheduler off; null while it is as it was.</summary>
    public DateTimeOffset? SchedulerOffSince { get; init; }

    /// <summary>When the active server stopped exporting; null while it exports.</summary>
    public DateTimeOffset? StagingSince { get; init; }

    /// <summary>"Entra only" was in force since the second full synchronisation was last proved: that proof no longer counts.</summary>
    public bool WentEntraOnly { get; init; }

    /// <summary>The longest full cycle that this migration saw, in seconds; it takes the place of the predicted one.</summary>
    public int? ObservedInitialSeconds { get; init; }

    /// <summary>The longest Delta cycle that this migration saw, in seconds.</summary>
    public int? ObservedDeltaSeconds { get; init; }

    /// <summary>Keys of the warnings that people got; none is told twice.</summary>
    public IReadOnlyList<string> AlarmsTold { get; init; } = [];

    /// <summary>A ring keeps the scheduler off until it is proved; one that stopped because of what Connect would export keeps it off further.</summary>
    public bool SchedulerHeld { get; init; }
    public IReadOnlyList<AutoUpgradeBefore> AutoUpgradeBefore { get; init; } = [];

    /// <summary>Servers on which we created the coexistence rules; rules that were there before are not ours.</summary>
    public IReadOnlyList<string> RulesMadeOn { get; init; } = [];

    /// <summary>Of these servers, those on which one rule of the pair was there before: it is not ours, and stays.</summary>
    public IReadOnlyList<RuleFound> RulesFound { get; init; } = [];

    /// <summary>A disable command was issued at least once: from here on rules stay until the flag has read true for a day.</summary>
    public bool SwitchAttempted { get; init; }

    /// <summary>The flag read false: there is only the way forward.</summary>
    public bool SwitchedOff { get; init; }
    public SwitchApproval? Approval { get; init; }

    /// <summary>What people were asked on last, so that they are shown what differs when they are asked again.</summary>
    public AskedEvidence? Asked { get; init; }

    /// <summary>Somebody else switched: the way forward began from where the migration stood then.</summary>
    public bool SwitchedElsewhere { get; init; }

    /// <summary>The first gate was approved.</summary>
    public bool PlanApproved { get; init; }

    /// <summary>What the guards compare with where no plan says it; null before they first looked.</summary>
    public GuardBaseline? Guarded { get; init; }

    /// <summary>Rings that Cloud Sync took over and that were proved; a stage that is tried again goes on behind them.</summary>
    public int RingsProved { get; init; }

    /// <summary>Objects in the job's escrow before the first ring. Not read again when a stage is tried again: what a ring left there would count as old.</summary>
    public long? EscrowedBefore { get; init; }

    /// <summary>A stop or a guard paused the job: behind the rings the verification that is tried again starts it.</summary>
    public bool JobStopped { get; init; }

    /// <summary>Names of what reviews found and people accepted as harmless (<see cref="ReviewItem"/>): not found again.</summary>
    public IReadOnlyList<string> Accepted { get; init; } = [];

    /// <summary>Document of <see cref="DirectoryComparison"/>, the last one.</summary>
    public DocumentReference? Comparison { get; init; }

    /// <summary>Every planned group at the end, one by one.</summary>
    public Verification? Verification { get; init; }
}

public sealed record AutoUpgradeBefore
{
    public required string Server { get; init; }
    public required AutoUpgradeState State { get; init; }
}

/// <summary>Half of the pair of coexistence rules, as it stood on a server before we made the other half.</summary>
public sealed record RuleFound
{
    public required string Server { get; init; }
    public required bool Inbound { get; init; }
    public required bool Outbound { get; init; }
}

/// <summary>The evidence of one opening of a gate.</summary>
public sealed record AskedEvidence
{
    public required GateName Gate { get; init; }
    public required string Digest { get; init; }
    public required IReadOnlyList<EvidenceLink> Parts { get; init; }
}

/// <summary>What the second gate approved, for the command that acts on it.</summary>
public sealed record SwitchApproval
{
    public required EvidenceScope Scope { get; init; }
    public required string EvidenceDigest { get; init; }
    public required DateTimeOffset EvidenceAt { get; init; }
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>Document of <see cref="SignedStatement"/>.</summary>
    public required DocumentReference Decisions { get; init; }

    /// <summary>Canonical JSON of the cloud's part.</summary>
    public required string CloudPart { get; init; }
}

/// <summary>Kinds of undo, each the counterpart of something a stage did.</summary>
public enum UndoKind
{
    RemoveCanaryObjects,
    RemoveCloudSync,
    UnstampAnchors,
    RemoveStandbyRules,
    RestoreAutoUpgrade,
    RestoreScheduler,
    LeaveStagingMode,
    RemoveRules,
}

/// <summary>Pushed before the act, so that a crash in its middle still finds the way back.</summary>
public sealed record UndoStep
{
    public required UndoKind Kind { get; init; }
}

/// <summary>Input of every stage.</summary>
public sealed record StageInput
{
    public required StageName Stage { get; init; }
    public required MigrationRequest Request { get; init; }
    public required MigrationPlan Plan { get; init; }
    public required MigrationFacts Facts { get; init; }
    public required MigrationView View { get; init; }
}

public enum StageEnd
{
    Done,
    Skipped,

    /// <summary>A condition does not hold; before the switch the migration goes back, after it a person is asked.</summary>
    Blocked,

    /// <summary>People decided otherwise; see <see cref="StageOutcome.Ending"/>.</summary>
    Ended,

    /// <summary>The flag still reads true after a call, or what was approved is void: back through the gate.</summary>
    AskAgain,

    /// <summary>Somebody else switched the flag off: there is only the way forward.</summary>
    SwitchedElsewhere,

    /// <summary>What is true can't be read; nothing is done until a person or the truth comes.</summary>
    Parked,
}

/// <summary>Output of every stage.</summary>
public sealed record StageOutcome
{
    public required StageEnd End { get; init; }
    public required MigrationFacts Facts { get; init; }
    public required MigrationView View { get; init; }
    public Ending? Ending { get; init; }
}

/// <summary>How far people want to go back.</summary>
public enum Ending
{
    Postponed,
    Expired,
    Denied,
    DeniedAndLeft,
    Cancelled,
}
