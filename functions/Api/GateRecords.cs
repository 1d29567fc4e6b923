using GwbCloud.Contracts;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Functions.Approvals;

namespace GwbCloud.Functions.Api;

/// <summary>How a gate stands, for the one who asks.</summary>
public sealed record GateStanding
{
    /// <summary>Null when it is not open.</summary>
    public OpenGate? Gate { get; init; }
    public required OwnStanding You { get; init; }

    /// <summary>Decisions at this opening, in the order of time.</summary>
    public required IReadOnlyList<MadeDecision> Decisions { get; init; }
}

/// <summary>What the caller may do at a gate.</summary>
public sealed record OwnStanding
{
    public required bool MayDecide { get; init; }

    /// <summary>Why not.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>What the caller has decided at this opening.</summary>
    public OwnDecision? Decided { get; init; }
}

public sealed record OwnDecision
{
    public required ApprovalDecision Decision { get; init; }
    public required DateTimeOffset At { get; init; }
    public required bool MayWithdraw { get; init; }
}

public sealed record MadeDecision
{
    /// <summary>objectId.</summary>
    public required string Person { get; init; }
    public required ApprovalDecision Decision { get; init; }
    public required DateTimeOffset At { get; init; }
    public string? Comment { get; init; }
}

/// <summary>Body of <c>POST /api/migrations/{id}/gates/{gate}/sign-ins</c>.</summary>
public sealed record BeginDecisionBody
{
    public ApprovalDecision? Decision { get; init; }

    /// <summary>At most 1,000 characters; a denial needs one.</summary>
    public string? Comment { get; init; }

    /// <summary>The tenant's domain, typed by whoever approves.</summary>
    public string? Domain { get; init; }

    /// <summary>Of the evidence that the page showed.</summary>
    public string? EvidenceDigest { get; init; }

    /// <summary>Path of the page to come back to.</summary>
    public string? ReturnTo { get; init; }
}

/// <summary>Body of <c>POST /api/assessments/{id}/sign-ins</c>: a request by <c>planHash</c>, or a statement by the other three.</summary>
public sealed record BeginProofBody
{
    public string? PlanHash { get; init; }

    /// <summary>Code of the finding.</summary>
    public string? Code { get; init; }

    /// <summary>The one name that is meant.</summary>
    public string? Name { get; init; }

    /// <summary>At most 1,000 characters.</summary>
    public string? Comment { get; init; }

    /// <summary>Path of the page to come back to.</summary>
    public string? ReturnTo { get; init; }
}

public enum SignInStanding
{
    /// <summary>The identity provider has not answered.</summary>
    Waiting,

    /// <summary>The token is there; the page may decide.</summary>
    Ready,
    Used,

    /// <summary>No token counts.</summary>
    Refused,
}

/// <summary>What will be decided, once more before it is.</summary>
public sealed record SignInView
{
    public required string Id { get; init; }
    public required SignInStanding State { get; init; }
    public required ApprovalDecision Decision { get; init; }
    public string? Comment { get; init; }
    public required string EvidenceDigest { get; init; }
    public required IReadOnlyList<string> Consequences { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public Refusal? Refusal { get; init; }
}

public sealed record WithdrawalTaken
{
    public required string DecisionId { get; init; }
    public required bool Withdrawn { get; init; }
}

/// <summary>Who is signed in with this browser.</summary>
public sealed record SessionView
{
    public required bool SignedIn { get; init; }
    public string? ObjectId { get; init; }
    public string? Name { get; init; }
    public IReadOnlyList<string> Roles { get; init; } = [];
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Value of the header <c>X-Gwb-Anti-Forgery</c>.</summary>
    public string? AntiForgery { get; init; }

    /// <summary>Where a sign-in begins; takes <c>returnTo</c>.</summary>
    public required string SignIn { get; init; }
}

public sealed record SignedOut
{
    /// <summary>Where the browser goes to end the platform's session as well; null when there is none.</summary>
    public string? Address { get; init; }
}
