namespace GwbCloud.Functions.Assessment;

/// <summary>How one assessment differs from another: what is new, gone, better, worse. What stayed the same is left out.</summary>
public sealed record AssessmentComparison
{
    /// <summary>The assessment that is looked at.</summary>
    public required string AssessmentId { get; init; }

    /// <summary>The one that it is compared with, usually an earlier one: "before".</summary>
    public required string With { get; init; }
    public required AssessmentState StateBefore { get; init; }
    public required AssessmentState StateAfter { get; init; }
    public required BlastRadius RadiusBefore { get; init; }
    public required BlastRadius RadiusAfter { get; init; }
    public required int StagingSecondsBefore { get; init; }
    public required int StagingSecondsAfter { get; init; }
    public required IReadOnlyList<FindingChange> Findings { get; init; }
    public required IReadOnlyList<ServerChange> Servers { get; init; }
    public required PlanChange Plan { get; init; }

    /// <summary>How many groups changed in each way.</summary>
    public required IReadOnlyDictionary<GroupChangeKind, int> Groups { get; init; }
}

public enum FindingChangeKind
{
    New,
    Gone,

    /// <summary>Less severe, accepted now, or fewer cases.</summary>
    Better,
    Worse,

    /// <summary>As many cases, and other ones.</summary>
    Changed,
}

public sealed record FindingChange
{
    public required string Code { get; init; }
    public required string Title { get; init; }
    public required FindingChangeKind Change { get; init; }
    public FindingSeverity? SeverityBefore { get; init; }
    public FindingSeverity? SeverityAfter { get; init; }
    public required int CasesBefore { get; init; }
    public required int CasesAfter { get; init; }
    public required bool AcceptedBefore { get; init; }
    public required bool AcceptedAfter { get; init; }

    /// <summary>How many cases only the later finding has, and the names of the first of them.</summary>
    public required int CameCases { get; init; }
    public required IReadOnlyList<string> Came { get; init; }

    /// <summary>How many cases only the earlier finding has, and the names of the first of them.</summary>
    public required int WentCases { get; init; }
    public required IReadOnlyList<string> Went { get; init; }
}

/// <summary>The most important way in which a group changed; the others stand in its values.</summary>
public enum GroupChangeKind
{
    New,
    Gone,
    ClassChanged,

    /// <summary>The same class, closer to ready.</summary>
    Better,
    Worse,

    /// <summary>Other reasons for the same class and readiness.</summary>
    ReasonsChanged,
}

public sealed record GroupChange
{
    public Guid? CloudId { get; init; }
    public Guid? ObjectGuid { get; init; }
    public required string Name { get; init; }
    public required GroupChangeKind Change { get; init; }
    public GroupClass? ClassBefore { get; init; }
    public GroupClass? ClassAfter { get; init; }
    public Readiness? ReadinessBefore { get; init; }
    public Readiness? ReadinessAfter { get; init; }
    public IReadOnlyList<string> ReasonsCame { get; init; } = [];
    public IReadOnlyList<string> ReasonsWent { get; init; } = [];
}

public enum ServerChangeKind
{
    Added,
    Gone,
    Changed,
}

public sealed record ServerChange
{
    public required string Server { get; init; }
    public required ServerChangeKind Change { get; init; }

    /// <summary>Facts that differ, by their names in the assessment's facts.</summary>
    public IReadOnlyList<string> Facts { get; init; } = [];
}

/// <summary>What of the difference reaches the plan. The hash differs between any two assessments, because a plan names its own.</summary>
public sealed record PlanChange
{
    public string? HashBefore { get; init; }
    public string? HashAfter { get; init; }

    /// <summary>Parts of the plan that differ, by their names in the plan; null while one of the two has no plan.</summary>
    public IReadOnlyList<string>? Parts { get; init; }
}
