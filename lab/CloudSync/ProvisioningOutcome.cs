namespace GwbCloud.Lab.CloudSync;

/// <summary>What the engine did with one group.</summary>
public sealed record ProvisioningOutcome
{
    /// <summary>create, update, delete, other.</summary>
    public required string Action { get; init; }

    /// <summary>success, failure, skipped.</summary>
    public required string Status { get; init; }
    public string? ErrorCode { get; init; }

    /// <summary>Import, Scoping, Matching or Export: the step at which it ended.</summary>
    public required string EndedAt { get; init; }
    public Guid? ObjectGuid { get; init; }
    public IReadOnlyList<string> Modified { get; init; } = [];

    public static ProvisioningOutcome NotInScope { get; } = new() { Action = "other", Status = "skipped", ErrorCode = "NotInScope", EndedAt = "Scoping" };

    public static ProvisioningOutcome Failed(string errorCode, string endedAt) =>
        new() { Action = "other", Status = "failure", ErrorCode = errorCode, EndedAt = endedAt };
}
