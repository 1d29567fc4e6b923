using System.Text.Json;
using GwbCloud.Contracts.Approvals;

namespace GwbCloud.Functions.Api;

/// <summary>Body of <c>POST /api/operations</c>.</summary>
public sealed record PlanOperationBody
{
    /// <summary>Name of the kind.</summary>
    public string? Kind { get; init; }

    /// <summary>What the kind takes; see docs/operations.md.</summary>
    public JsonElement? Terms { get; init; }
}

public sealed record PlannedOperation
{
    public required string OperationId { get; init; }
}

/// <summary>Body of <c>POST /api/operations/{id}/start</c>.</summary>
public sealed record StartOperationBody
{
    /// <summary>Hash of the plan that the caller read.</summary>
    public string? PlanHash { get; init; }
}

/// <summary>The operation was told; what it does shows in its view.</summary>
public sealed record OperationTaken
{
    public required string OperationId { get; init; }

    /// <summary>Name of the verb.</summary>
    public required string Request { get; init; }
}

/// <summary>Body of <c>POST /api/operations/{id}/sign-ins</c>.</summary>
public sealed record BeginOperationDecisionBody
{
    public string? PlanHash { get; init; }

    /// <summary>approve or deny.</summary>
    public ApprovalDecision? Decision { get; init; }

    /// <summary>At most 1,000 characters; a denial needs one.</summary>
    public string? Comment { get; init; }

    /// <summary>Path of the page to come back to.</summary>
    public string? ReturnTo { get; init; }
}

/// <summary>Body of <c>POST /api/operations/{id}/decisions</c>: record and token, or the browser's sign-in that holds both.</summary>
public sealed record OperationDecisionBody
{
    /// <summary>Canonical JSON of an <see cref="ApprovalRecord"/> with the operation in the migration's place.</summary>
    public string? Record { get; init; }
    public string? IdToken { get; init; }

    /// <summary>The comment whose hash the record holds.</summary>
    public string? Comment { get; init; }

    /// <summary>Id of the browser's sign-in, in place of the other three.</summary>
    public string? SignIn { get; init; }
}
