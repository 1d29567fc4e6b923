using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Reporting;

/// <summary>The account of a migration that stays when the product is removed.</summary>
public sealed record MigrationReport
{
    public required MigrationView Migration { get; init; }
    public required MigrationPlan Plan { get; init; }

    /// <summary>Groups by class.</summary>
    public required IReadOnlyDictionary<string, int> Groups { get; init; }

    /// <summary>The directory at the end against the snapshot, when the migration got that far.</summary>
    public DirectoryComparison? Comparison { get; init; }

    /// <summary>Every planned group verified one by one, when the migration got that far.</summary>
    public Verification? Verification { get; init; }

    /// <summary>Lines of the audit log when the report was written.</summary>
    public required int AuditLines { get; init; }

    /// <summary>Whether its chain was intact then.</summary>
    public required bool AuditIntact { get; init; }
}
