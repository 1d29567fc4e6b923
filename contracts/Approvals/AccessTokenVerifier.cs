using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using GwbCloud.Contracts.Envelopes;

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
    private const int MaxLength = IdTokenVerifier.MaxLength;

    private static readonly string[] KeysOfTheSender = ["crit", "jwk", "jku", "x5c", "x5u", "b64", "zip", "enc"];

    /// <summary>Verifies a token.</summary>
    public AccessVerdict Verify(string? text)
    {
        var fault = CompactJws.TryRead(text, MaxLength, out var jws);
        if (jws is null)
        {
            return Refuse(fault);
        }

        if ((RefuseHeader(jws.Header) ?? RefuseSignature(jws)) is { } refused)
        {
            return Refuse(refused);
        }

        fault = CompactJws.TryReadObject(jws.Payload, out var claims);
        if (fault != JwsFault.None)
        {
            return Refuse(fault);
        }

        if ((RefuseOrigin(claims) ?? RefuseTimes(claims)) is { } error)
        {
            return Refuse(error);
        }

        // An ID token has the same issuer and could have the same audience; only a sign-in for a decision carries a nonce.
        return claims.TryGetProperty("nonce", out _) ? Refuse(ContractError.TokenTypeWrong)
            : Guid.TryParseExact(CompactJws.TextOf(claims, "oid"), "D", out var oid) && oid != Guid.Empty
                ? new() { Access = new() { Oid = oid.ToString("D"), Roles = RolesOf(claims) } }
                : Refuse(ContractError.TokenPersonMissing);
    }

    private static ErrorEntry? RefuseHeader(JsonElement header) =>
        CompactJws.TextOf(header, "alg") != "RS256" ? ContractError.TokenAlgorithmRefused
        : CompactJws.TextOf(header, "typ") is not ("JWT" or "at+jwt") ? ContractError.TokenTypeWrong
        : Array.Exists(KeysOfTheSender, name => header.TryGetProperty(name, out _)) ? ContractError.TokenHeaderRefused
        : null;

    private ErrorEntry? RefuseSignature(CompactJws jws) =>
        CompactJws.TextOf(jws.Header, "kid") is not { Length: > 0 } kid || keys.Find(kid) is not { } key ? ContractError.TokenKeyUnknown
        : !key.TryRead(out var parameters) ? ContractError.TokenKeyWeak
        : !IdTokenVerifier.Rs256.Verify(parameters, jws) ? ContractError.TokenSignatureWrong
        : null;

    private ErrorEntry? RefuseOrigin(JsonElement claims) =>
        !string.Equals(CompactJws.TextOf(claims, "iss"), options.Issuer, StringComparison.Ordinal) ? ContractError.TokenIssuerWrong
        : !string.Equals(CompactJws.TextOf(claims, "aud"), options.Audience, StringComparison.Ordinal) ? ContractError.TokenAudienceWrong
        : !string.Equals(CompactJws.TextOf(claims, "tid"), options.Tenant, StringComparison.OrdinalIgnoreCase) ? ContractError.TokenTenantWrong
        : null;

    private ErrorEntry? RefuseTimes(JsonElement claims)
    {
        var now = time.GetUtcNow();
        var begins = TimeOf(claims, "nbf");
        return TimeOf(claims, "exp") is not { } expires || (begins is null && claims.TryGetProperty("nbf", out _)) ? ContractError.TokenTimesWrong
            : now - expires >= options.ClockSkew ? ContractError.TokenExpired
            : begins - now > options.ClockSkew ? ContractError.TokenNotYetValid
            : null;
    }

    private static DateTimeOffset? TimeOf(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Number
            && member.TryGetInt64(out var seconds) && seconds is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static List<string> RolesOf(JsonElement claims)
    {
        List<string> roles = [];
        if (claims.TryGetProperty("roles", out var list) && list.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in list.EnumerateArray())
            {
                if (item.ValueKind == JsonValueKind.String && item.GetString() is { Length: > 0 } role)
                {
                    roles.Add(role);
                }
            }
        }

        return roles;
    }

    private static AccessVerdict Refuse(ErrorEntry error) => new() { Refusal = error.Because() };

    private static AccessVerdict Refuse(JwsFault fault) => Refuse(fault switch
    {
        JwsFault.TooLarge => ContractError.TokenTooLarge,
        JwsFault.DuplicateMember => ContractError.TokenDuplicateClaim,
        _ => ContractError.TokenMalformed,
    });
}
