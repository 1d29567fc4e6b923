using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Reporting;

/// <summary>The account of a migration, at its end or on the way; at its end it is kept, and stays when the product is removed. Groups one by one are in its tables.</summary>
public sealed record MigrationReport
{
    /// <summary>When it was written.</summary>
    public required DateTimeOffset At { get; init; }
    public required MigrationView Migration { get; init; }
    public required MigrationPlan Plan { get; init; }

    /// <summary>Groups by class.</summary>
    public required IReadOnlyDictionary<string, int> Groups { get; init; }

    /// <summary>Who decided what at the gates, on which evidence, in the order of time; those that were taken back too.</summary>
    public IReadOnlyList<ReportedDecision> Decisions { get; init; } = [];

    /// <summary>Names of the people in this report by objectId, as far as they are known; names are for reading, the objectId says who it was.</summary>
    public IReadOnlyDictionary<string, string> People { get; init; } = new Dictionary<string, string>();

    /// <summary>What is left to do, in order.</summary>
    public IReadOnlyList<string> Remains { get; init; } = [];

    /// <summary>When the two coexistence rules may go; null while they are not in place.</summary>
    public string? RulesMayGo { get; init; }

    /// <summary>The directory at the end against the snapshot, when the migration got that far.</summary>
    public DirectoryComparison? Comparison { get; init; }

    /// <summary>Every planned group verified one by one, when the migration got that far.</summary>
    public Verification? Verification { get; init; }

    /// <summary>Groups that are not as they must be or changed since the snapshot, at most <see cref="MostGroups"/>; all of them are in the table of groups.</summary>
    public IReadOnlyList<GroupResult> Conspicuous { get; init; } = [];

    public const int MostGroups = 200;

    /// <summary>Lines of the audit log when the report was written.</summary>
    public required int AuditLines { get; init; }

    /// <summary>Whether its chain was intact then.</summary>
    public required bool AuditIntact { get; init; }

    /// <summary>Hash of the last of those lines: whoever has this report can tell whether the log was cut since.</summary>
    public string? AuditHash { get; init; }

    /// <summary>Where the log stood.</summary>
    public AuditHead? AuditHead => AuditHash is { } hash ? new() { Lines = AuditLines, Hash = hash } : null;
}

/// <summary>A decision as the report tells it.</summary>
public sealed record ReportedDecision
{
    public required GateName Gate { get; init; }
    public required ApprovalDecision Decision { get; init; }

    /// <summary>objectId of the person.</summary>
    public required string By { get; init; }
    public required DateTimeOffset At { get; init; }
    public string? Comment { get; init; }
    public required string EvidenceDigest { get; init; }
    public DateTimeOffset? WithdrawnAt { get; init; }
}

/// <summary>How a group came through.</summary>
public enum GroupOutcome
{
    /// <summary>Planned, and verified in Active Directory at the end.</summary>
    Verified,

    /// <summary>Planned, looked at, and not as it must be.</summary>
    NotVerified,

    /// <summary>Planned, and the migration did not get as far as its verification.</summary>
    NotReached,

    /// <summary>Not planned, and as it was at the snapshot.</summary>
    Unchanged,

    /// <summary>Not planned, and not as it was; the plan may have announced it.</summary>
    Changed,

    /// <summary>Not planned, and not compared: the migration did not get that far, or it is not in the directory.</summary>
    NotCompared,
}

/// <summary>One group: what was planned, and what became of it. Members are numbers only.</summary>
public sealed record GroupResult
{
    public Guid? CloudId { get; init; }
    public Guid? ObjectGuid { get; init; }
    public required string Name { get; init; }
    public required GroupClass Class { get; init; }
    public required GroupOutcome Outcome { get; init; }

    /// <summary>What differs, in words of ours; empty where nothing does.</summary>
    public required IReadOnlyList<string> Differs { get; init; }
    public int MembersLost { get; init; }
    public int MembersGained { get; init; }

    public bool IsConspicuous => Outcome is GroupOutcome.NotVerified or GroupOutcome.Changed || Differs.Count > 0;
}
