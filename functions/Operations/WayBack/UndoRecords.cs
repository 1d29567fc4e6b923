using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Operations.WayBack;

/// <summary>Which migration is undone.</summary>
public sealed record UndoTerms : OperationTerms
{
    /// <summary><c>m-yyyyMMdd-HHmmss-xxxx</c>.</summary>
    public required string MigrationId { get; init; }

    public override (string Field, string Why)? Objection() => RunIds.IsMigration(MigrationId) ? null : ("migrationId", "not the id of a migration");
}

/// <summary>What the document store keeps of a migration: all that its undo goes by. Of its history nothing is needed.</summary>
public sealed record KeptMigration
{
    public MigrationRequest? Request { get; init; }
    public MigrationPlan? Plan { get; init; }
    public MigrationStanding? Standing { get; init; }

    /// <summary>What people saw last.</summary>
    public MigrationView? View { get; init; }

    /// <summary>What it made in Entra, and what was there before.</summary>
    public CloudSyncJournal? CloudSync { get; init; }

    /// <summary>A migration that began after this one and has something left itself; null when there is none.</summary>
    public string? Later { get; init; }
}

/// <summary>Input of <see cref="UndoActivities.PlanUndo"/>.</summary>
public sealed record UndoQuestion
{
    public required string MigrationId { get; init; }
    public required ServerSight Servers { get; init; }
}

/// <summary>Output of <see cref="UndoActivities.PlanUndo"/>: one of the two.</summary>
public sealed record UndoAnswer
{
    public OperationDraft? Draft { get; init; }

    /// <summary>Why it can't be undone.</summary>
    public Notice? Refusal { get; init; }
}

/// <summary>Input of <see cref="UndoActivities.BeginUndo"/>.</summary>
public sealed record UndoBeginning
{
    public required string MigrationId { get; init; }

    /// <summary>The plan's list of steps.</summary>
    public required DocumentReference Steps { get; init; }

    /// <summary>The first run: nothing may have been added since the plan. A later one finds what the earlier one added.</summary>
    public required bool First { get; init; }
}

/// <summary>Output of <see cref="UndoActivities.BeginUndo"/>: either whence the way back goes, or why it does not.</summary>
public sealed record UndoBegun
{
    public StageInput? From { get; init; }

    /// <summary>Nothing is left to be done: an earlier run came to its end.</summary>
    public bool Over { get; init; }
    public Notice? Refusal { get; init; }
}

/// <summary>A plan as it is decided, before its lists are kept.</summary>
public sealed record UndoPlan
{
    public required OperationDraft Draft { get; init; }
    public required IReadOnlyList<Changes.ValueChange> Steps { get; init; }
    public required IReadOnlyList<Changes.LeftValue> Left { get; init; }
}
