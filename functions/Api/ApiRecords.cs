using GwbCloud.Contracts.Approvals;
using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.Api;

// Members of bodies are nullable although most are required: so that a missing one is refused with its name, by our own reader.

/// <summary>Body of <c>POST /api/assessments</c>.</summary>
public sealed record StartAssessmentBody
{
    /// <summary>Left out for a first look; a plan needs them.</summary>
    public CanariesBody? Canaries { get; init; }

    /// <summary>Consequences that the caller accepts, at most 50.</summary>
    public IReadOnlyList<AcceptanceBody?>? Acceptances { get; init; }
}

/// <summary>objectIds of three cloud security groups, each with one synced test user.</summary>
public sealed record CanariesBody
{
    public Guid? New { get; init; }
    public Guid? Match { get; init; }
    public Guid? Unassigned { get; init; }
}

public sealed record AcceptanceBody
{
    /// <summary>Code of the finding.</summary>
    public string? Code { get; init; }

    /// <summary>The one name of the finding that is meant; a statement that a server is gone needs it. Left out for all of them.</summary>
    public string? Subject { get; init; }

    /// <summary>Most that may be concerned, 1 or more: when the reading finds more, the acceptance does not count. Left out for any number.</summary>
    public int? AtMost { get; init; }

    /// <summary>The finding's <c>set</c>: exactly those that were read are meant. Groups that freeze or change their type are accepted with it, or one by one.</summary>
    public string? Set { get; init; }

    /// <summary>Why, 1 to 1,000 characters.</summary>
    public string? Comment { get; init; }

    /// <summary>The caller's sign-in for a <see cref="StatementRecord"/>: a statement that a server is gone needs it.</summary>
    public ProofBody? Proof { get; init; }
}

/// <summary>Body of <c>POST /api/assessments/{id}/acceptances</c>.</summary>
public sealed record AcceptBody
{
    /// <summary>At least one, at most 50.</summary>
    public IReadOnlyList<AcceptanceBody?>? Acceptances { get; init; }
}

/// <summary>The group of a task is looked at; what was read shows in the task.</summary>
public sealed record CheckTaken
{
    public required string AssessmentId { get; init; }
    public required string TaskId { get; init; }
}

public sealed record StartedAssessment
{
    public required string AssessmentId { get; init; }
}

/// <summary>Body of <c>POST /api/migrations</c>.</summary>
public sealed record StartMigrationBody
{
    public string? AssessmentId { get; init; }

    /// <summary>Hash of the plan that the caller read.</summary>
    public string? PlanHash { get; init; }

    /// <summary>Names of the steps that write before the first gate; see <see cref="Preparation"/>.</summary>
    public IReadOnlyList<string?>? Confirm { get; init; }
    public WindowBody? Window { get; init; }

    /// <summary>The caller's sign-in for this plan hash.</summary>
    public ProofBody? Proof { get; init; }
}

public sealed record WindowBody
{
    public DateTimeOffset? Start { get; init; }
    public DateTimeOffset? End { get; init; }

    /// <summary>Number of the change in the tenant's own change management, 1 to 64 characters; may be left out.</summary>
    public string? ChangeNumber { get; init; }

    /// <summary>When nothing may happen, at most 100; the window must keep clear of each.</summary>
    public IReadOnlyList<BlackoutBody?>? Blackouts { get; init; }

    /// <summary>Names of the stages before which to hold until an operator releases.</summary>
    public IReadOnlyList<string?>? HoldBefore { get; init; }
}

/// <summary>A day, several days or a stretch of time.</summary>
public sealed record BlackoutBody
{
    /// <summary>A date (<c>2026-12-24</c>, a whole day UTC) or a moment with its offset.</summary>
    public string? From { get; init; }

    /// <summary>A date, which is the last day, or a moment; left out, the blackout is the one day that <see cref="From"/> names.</summary>
    public string? Until { get; init; }
}

public sealed record ProofBody
{
    /// <summary>Canonical JSON of a <see cref="RequestRecord"/> whose subject is the assessment.</summary>
    public string? Record { get; init; }

    /// <summary>ID token whose nonce is the record's.</summary>
    public string? IdToken { get; init; }

    /// <summary>Id of the browser's sign-in, in place of the other two.</summary>
    public string? SignIn { get; init; }
}

public sealed record StartedMigration
{
    public required string MigrationId { get; init; }
}

/// <summary>The steps that write before the first gate; starting a migration confirms each by its name.</summary>
public static class Preparation
{
    public static IReadOnlyList<string> Steps { get; } = ["PrepareCloudSync", "StampAnchors", "RehearseOnStandby"];
}

/// <summary>Body of <c>POST /api/migrations/{id}/gates/{gate}/decisions</c>.</summary>
public sealed record DecisionBody
{
    /// <summary>Canonical JSON of an <see cref="ApprovalRecord"/>.</summary>
    public string? Record { get; init; }

    /// <summary>ID token whose nonce is the record's.</summary>
    public string? IdToken { get; init; }

    /// <summary>The comment whose hash the record holds, at most 1,000 characters; a denial needs one.</summary>
    public string? Comment { get; init; }

    /// <summary>The tenant's domain, typed by whoever approves; the open gate shows it.</summary>
    public string? Domain { get; init; }
}

public sealed record DecisionTaken
{
    public required string DecisionId { get; init; }
    public required ApprovalDecision Decision { get; init; }

    /// <summary>The same decision had been taken before.</summary>
    public required bool Repeated { get; init; }
}

/// <summary>Body of <c>POST /api/migrations/{id}/retry</c>; may be left out when there is nothing to review.</summary>
public sealed record RetryBody
{
    /// <summary>Why it goes on, 1 to 1,000 characters; required after a review.</summary>
    public string? Comment { get; init; }

    /// <summary>Names of the review that the caller read and accepts as harmless. Everything else stops the rings again.</summary>
    public IReadOnlyList<string?>? Accept { get; init; }
}

/// <summary>Body of <c>POST /api/migrations/{id}/repair</c>.</summary>
public sealed record RepairBody
{
    /// <summary>1 to 300 groups.</summary>
    public IReadOnlyList<RepairGroupBody?>? Groups { get; init; }

    /// <summary>Why, 1 to 1,000 characters.</summary>
    public string? Comment { get; init; }
}

public sealed record RepairGroupBody
{
    public Guid? ObjectGuid { get; init; }

    /// <summary>Common name in the frozen snapshot, typed by the caller.</summary>
    public string? Name { get; init; }
}

/// <summary>The migration was told; what it does shows in its view.</summary>
public sealed record RequestTaken
{
    public required string MigrationId { get; init; }

    /// <summary>Name of the verb.</summary>
    public required string Request { get; init; }
}

public sealed record Health
{
    public required string Status { get; init; }
    public required string Version { get; init; }
}

/// <summary>A comparison with one page of its groups.</summary>
public sealed record ComparedAssessments
{
    public required AssessmentComparison Comparison { get; init; }
    public required Slice<GroupChange> Groups { get; init; }
}

/// <summary>One page of a list.</summary>
public sealed record Slice<T>
{
    public required IReadOnlyList<T> Items { get; init; }

    /// <summary>From 1.</summary>
    public required int Page { get; init; }
    public required int Size { get; init; }

    /// <summary>Items on all pages.</summary>
    public required int Total { get; init; }
}
