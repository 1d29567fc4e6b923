namespace GwbCloud.RelayListener.Switch;

/// <summary>Whose approvals this listener believes. Its own configuration: nothing that the cloud half sends can change it.</summary>
public sealed record ApprovalTrust
{
    /// <summary>Exactly the <c>iss</c> claim of the tenant's ID tokens.</summary>
    public required string Issuer { get; init; }

    /// <summary>Client id of the application that people sign in to for an approval.</summary>
    public required string Audience { get; init; }

    /// <summary>How many different people must approve; at least 1.</summary>
    public required int Required { get; init; }

    /// <summary>Reads the key set (JWKS) that the issuer publishes. Keys are kept as seen, so a failure does not void earlier ones.</summary>
    public required Func<CancellationToken, Task<ReadOnlyMemory<byte>>> FetchKeys { get; init; }

    /// <summary>App role of those who decide.</summary>
    public string ApproverRole { get; init; } = "Migration.Approver";

    /// <summary>App role of the one who requests.</summary>
    public string RequesterRole { get; init; } = "Migration.Operator";
}
