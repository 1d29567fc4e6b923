namespace GwbCloud.Functions.Orchestration;

/// <summary>
/// Where a migration stands, kept in the document store beside its history: what a stage that fails whole would take along with it, and from
/// where one that ended unfinished is taken up again.
/// </summary>
public sealed record MigrationStanding
{
    public required string MigrationId { get; init; }

    /// <summary>The stage that kept it last, or at whose end the migration turned.</summary>
    public required StageName Stage { get; init; }

    /// <summary>Facts as they were before the act that they are kept for; a newer one has a higher <see cref="MigrationFacts.Revision"/>.</summary>
    public required MigrationFacts Facts { get; init; }

    /// <summary>What people decided; null when a condition failed.</summary>
    public Ending? Ending { get; init; }

    /// <summary>The migration ended in needsAttention: an operator may take it up again, and no other may begin before.</summary>
    public bool Unfinished { get; init; }

    /// <summary>How often it was taken up again.</summary>
    public int TakenUp { get; init; }
}

/// <summary>Input of the activity <c>ReadStanding</c>.</summary>
public sealed record StandingQuery
{
    public required string MigrationId { get; init; }
}

/// <summary>Output of the activity <c>ReadStanding</c>.</summary>
public sealed record StandingFound
{
    /// <summary>Null when nothing was ever kept.</summary>
    public MigrationStanding? Standing { get; init; }

    /// <summary>What people saw last; null when nothing was shown yet.</summary>
    public MigrationView? View { get; init; }
}
