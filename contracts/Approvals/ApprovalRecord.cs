using System.Security.Cryptography;
using System.Text;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Contracts.Approvals;

/// <summary>The two places at which people decide.</summary>
public enum ApprovalGate
{
    /// <summary>Plan, ceilings and window; nothing stands still yet.</summary>
    Plan,

    /// <summary>The last word on the switch, inside the window.</summary>
    Switch,
}

/// <summary>What a person decided.</summary>
public enum ApprovalDecision
{
    Approve,

    /// <summary>Stop, and undo everything.</summary>
    Deny,

    /// <summary>Stop, and leave everything as it is; at the plan's gate only.</summary>
    DenyAndLeave,

    /// <summary>Back to normal operation, with the preparation kept.</summary>
    Postpone,
}

/// <summary>What a person agrees to by signing in: its hash is the nonce of the ID token.</summary>
public sealed record ApprovalRecord
{
    /// <summary>Directory (tenant) id.</summary>
    public required string Tenant { get; init; }

    /// <summary>The migration that is decided on.</summary>
    public required string MigrationId { get; init; }

    /// <summary>The gate that is decided on.</summary>
    public required ApprovalGate Gate { get; init; }

    /// <summary>Digest of the evidence that the person saw, 64 lower-case hexadecimal digits.</summary>
    public required string EvidenceDigest { get; init; }

    /// <summary>What was chosen before signing in.</summary>
    public required ApprovalDecision Decision { get; init; }

    /// <summary>SHA-256 of the comment; the comment itself stays in the cloud half.</summary>
    public required string CommentHash { get; init; }

    /// <summary>32 random bytes, base64url: two equal decisions have two nonces, and a nonce tells nothing of the decision.</summary>
    public required string Salt { get; init; }

    /// <summary>The nonce to sign in with: base64url of the SHA-256 of this record's canonical JSON.</summary>
    public string Nonce() => ApprovalNonce.Of(this);

    /// <summary>The hash of a comment; no comment is the empty one.</summary>
    public static string HashComment(string? comment) => Sha256Text.Of(Encoding.UTF8.GetBytes(comment ?? string.Empty));
}

/// <summary>What the requester agrees to by signing in for the plan hash, so that later nobody can approve the own request.</summary>
public sealed record RequestRecord
{
    /// <summary>Directory (tenant) id.</summary>
    public required string Tenant { get; init; }

    /// <summary>Id of the migration, or of the assessment whose plan is to be carried out.</summary>
    public required string Subject { get; init; }

    /// <summary>Hash of the plan that is requested.</summary>
    public required string PlanHash { get; init; }

    /// <summary>32 random bytes, base64url.</summary>
    public required string Salt { get; init; }

    /// <summary>The nonce to sign in with: base64url of the SHA-256 of this record's canonical JSON.</summary>
    public string Nonce() => ApprovalNonce.Of(this);
}

/// <summary>What a person states by signing in, where a click would weigh too little: that a server is gone for good.</summary>
public sealed record StatementRecord
{
    /// <summary>Directory (tenant) id.</summary>
    public required string Tenant { get; init; }

    /// <summary>Id of the assessment whose finding is answered.</summary>
    public required string Subject { get; init; }

    /// <summary>Code of the finding.</summary>
    public required string Code { get; init; }

    /// <summary>The one name that is meant.</summary>
    public required string Name { get; init; }

    /// <summary>As <see cref="ApprovalRecord.CommentHash"/>.</summary>
    public required string CommentHash { get; init; }

    /// <summary>32 random bytes, base64url.</summary>
    public required string Salt { get; init; }

    /// <summary>The nonce to sign in with: base64url of the SHA-256 of this record's canonical JSON.</summary>
    public string Nonce() => ApprovalNonce.Of(this);
}

/// <summary>Nonces and salts of the records.</summary>
public static class ApprovalNonce
{
    /// <summary>base64url of the SHA-256 of the record's canonical JSON, 43 characters.</summary>
    public static string Of<T>(T record)
        where T : class => Base64UrlText.Encode(SHA256.HashData(CanonicalJson.Serialize(record)));

    /// <summary>The same from the record's canonical text.</summary>
    public static string OfText(string canonical) => Base64UrlText.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));

    /// <summary>A new salt. Random: never called in an orchestrator.</summary>
    public static string NewSalt() => Base64UrlText.Encode(RandomNumberGenerator.GetBytes(32));
}
