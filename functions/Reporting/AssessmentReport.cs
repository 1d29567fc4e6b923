using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Assessment.Risks;

namespace GwbCloud.Functions.Reporting;

/// <summary>An assessment as its page shows it: everything but the single groups.</summary>
public sealed record AssessmentReport
{
    public required AssessmentOutcome Outcome { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset At { get; init; }
    public required AssessInput Facts { get; init; }
    public required IReadOnlyList<Finding> Findings { get; init; }
    public required GroupTally Tally { get; init; }

    /// <summary>The groups that lose most, at most <see cref="MostLosses"/>.</summary>
    public required IReadOnlyList<LosingGroup> Losses { get; init; }

    public const int MostLosses = 20;

    /// <summary>Groups at risk as tasks, as the assessment read them, at most <see cref="MostTasks"/>.</summary>
    public IReadOnlyList<RiskTask> Tasks { get; init; } = [];

    public const int MostTasks = 20;

    /// <summary>How many groups each way keeps as they are.</summary>
    public IReadOnlyDictionary<NameKeeping, int> Keeping { get; init; } = new Dictionary<NameKeeping, int>();

    /// <summary>Groups that the one mapping would rename or move, at most <see cref="MostNames"/>.</summary>
    public IReadOnlyList<NamePrediction> Deviating { get; init; } = [];

    public const int MostNames = 20;

    /// <summary>The plan document's items; null in assessments of versions that made none.</summary>
    public DiscoveryReport? Discovery { get; init; }
}

/// <summary>A group and the number of members that it will lose. Which ones stands in the table of losses, by their ids.</summary>
public sealed record LosingGroup
{
    public required Guid CloudId { get; init; }
    public required string Name { get; init; }
    public required int Members { get; init; }
    public required int Lost { get; init; }
}
