using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace GwbCloud.Contracts.Approvals;

/// <summary>Whose access tokens are accepted.</summary>
public sealed record AccessTokenOptions
{
    /// <summary>Exactly the <c>iss</c> claim.</summary>
    public required string Issuer { get; init; }

    /// <summary>Exactly the <c>aud</c> claim: the API's own.</summary>
    public required string Audience { get; init; }

    /// <summary>The <c>tid</c> claim: the directory (tenant) id.</summary>
    public required string Tenant { get; init; }

    /// <summary>How far the issuer's clock and ours may differ.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>What is read from a verified access token, and no more.</summary>
public sealed record VerifiedAccess
{
    /// <summary>Object id of the caller, a GUID in lower case.</summary>
    public required string Oid { get; init; }

    /// <summary>App roles.</summary>
    public required IReadOnlyList<string> Roles { get; init; }
}

/// <summary>What came of verifying an access token.</summary>
public sealed record AccessVerdict
{
    /// <summary>The caller, when the token may be believed.</summary>
    public VerifiedAccess? Access { get; init; }

    /// <summary>GWB7301 to GWB7319.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>True when the facts may be believed.</summary>
    [MemberNotNullWhen(true, nameof(Access))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAccepted => Access is not null && Refusal is null;
}

/// <summary>
/// Verifies the bearer token of an API call: RS256 and nothing else, against the issuer's published keys. Never throws on what arrives.
/// Proves a session, never a decision: decisions take <see cref="IdTokenVerifier"/>. Source: RFC 7515; RFC 8725; RFC 9068, section 4.
/// </summary>
public sealed class AccessTokenVerifier(ISigningKeys keys, TimeProvider time, AccessTokenOptions options)
{
    private static readonly string[] Types = ["JWT", "at+jwt"];

    /// <summary>Verifies a token.</summary>
    public AccessVerdict Verify(string? text)
    {
        if (TokenReading.Read(text, Types, keys, out _, out var claims) is { } refused)
        {
            return Refuse(refused);
        }

        if ((TokenReading.RefuseOrigin(claims, options.Issuer, options.Audience, options.Tenant) ?? RefuseTimes(claims)) is { } error)
        {
            return Refuse(error);
        }

        // An ID token has the same issuer and could have the same audience; only a sign-in for a decision carries a nonce.
        return claims.TryGetProperty("nonce", out _) ? Refuse(ContractError.TokenTypeWrong)
            : TokenReading.OidOf(claims) is { } oid ? new() { Access = new() { Oid = oid, Roles = TokenReading.RolesOf(claims) } }
            : Refuse(ContractError.TokenPersonMissing);
    }

    private ErrorEntry? RefuseTimes(JsonElement claims)
    {
        var now = time.GetUtcNow();
        var begins = TokenReading.TimeOf(claims, "nbf");
        return TokenReading.TimeOf(claims, "exp") is not { } expires || (begins is null && claims.TryGetProperty("nbf", out _)) ? ContractError.TokenTimesWrong
            : now - expires >= options.ClockSkew ? ContractError.TokenExpired
            : begins - now > options.ClockSkew ? ContractError.TokenNotYetValid
            : null;
    }

    private static AccessVerdict Refuse(ErrorEntry error) => new() { Refusal = error.Because() };
}
