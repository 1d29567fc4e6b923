using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Contracts.Approvals;

/// <summary>Whose ID tokens are accepted.</summary>
public sealed record IdTokenOptions
{
    /// <summary>Exactly the <c>iss</c> claim, for example <c>https://login.microsoftonline.com/{tenant}/v2.0</c>.</summary>
    public required string Issuer { get; init; }

    /// <summary>Exactly the <c>aud</c> claim: the application's client id.</summary>
    public required string Audience { get; init; }

    /// <summary>The <c>tid</c> claim: the directory (tenant) id.</summary>
    public required string Tenant { get; init; }

    /// <summary>How far the issuer's clock and ours may differ.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Longest life of a token, from <c>iat</c> to <c>exp</c>. Entra's default is an hour, and can be a day.</summary>
    public TimeSpan MaxLife { get; init; } = TimeSpan.FromHours(25);

    /// <summary>How far the issuer may date <c>iat</c> and <c>nbf</c> back, as Entra does to spare receivers with slow clocks. So
    /// <c>auth_time</c> of a fresh sign-in may be later than <c>iat</c> by that much.</summary>
    public TimeSpan Backdating { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long before the token the person may have signed in: the sign-in must have been for this decision.</summary>
    public TimeSpan MaxSignInAge { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>At which moment a token must be valid.</summary>
public enum TokenFreshness
{
    /// <summary>Now: the token was just handed over.</summary>
    Live,

    /// <summary>At some time in the past: the token is a record of a decision, whose <c>iat</c> the quorum judges. It may have expired since.</summary>
    Recorded,
}

/// <summary>What one token must say.</summary>
public sealed record TokenExpectation
{
    /// <summary>The nonce of the record that was agreed to.</summary>
    public required string Nonce { get; init; }

    /// <summary>App role that must be among <c>roles</c>.</summary>
    public required string Role { get; init; }

    /// <summary>At which moment it must be valid.</summary>
    public TokenFreshness Freshness { get; init; } = TokenFreshness.Live;
}

/// <summary>What is read from a verified ID token, and no more: no name, no address.</summary>
public sealed record VerifiedToken
{
    /// <summary>Object id of the person, a GUID in lower case.</summary>
    public required string Oid { get; init; }

    /// <summary>When the token was issued, as the issuer dates it (<c>iat</c>), in whole seconds.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>When the person signed in (<c>auth_time</c>), in whole seconds.</summary>
    public required DateTimeOffset SignedInAt { get; init; }

    /// <summary>The later of the two: the token was certainly not made before.</summary>
    [JsonIgnore]
    public DateTimeOffset DecidedAt => SignedInAt > IssuedAt ? SignedInAt : IssuedAt;

    /// <summary>When the token expires.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>SHA-256 over header and payload: the same token under any spelling.</summary>
    public required string TokenHash { get; init; }

    /// <summary>The issuer's own id of the token (<c>jti</c> or <c>uti</c>), if it gives one.</summary>
    public string? TokenId { get; init; }

    /// <summary>The sign-in session (<c>sid</c>), if the issuer names it.</summary>
    public string? SessionId { get; init; }
}

/// <summary>What came of verifying a token: its facts, or why it is refused.</summary>
public sealed record TokenVerdict
{
    /// <summary>The facts of a token that may be believed.</summary>
    public VerifiedToken? Token { get; init; }

    /// <summary>GWB7301 to GWB7319.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>True when the facts may be believed.</summary>
    [MemberNotNullWhen(true, nameof(Token))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAccepted => Token is not null && Refusal is null;
}

/// <summary>
/// Verifies the ID token of a fresh sign-in: RS256 and nothing else, against the issuer's published keys. Never throws on what arrives.
/// Safe for concurrent use when the keys are. Source: OpenID Connect Core 1.0, 3.1.3.7; RFC 7515; RFC 8725.
/// </summary>
public sealed class IdTokenVerifier(ISigningKeys keys, TimeProvider time, IdTokenOptions options)
{
    /// <summary>Longest token in characters; an ID token with an approver's few roles has about 1,500.</summary>
    public const int MaxLength = 16 * 1024;

    private static readonly string[] KeysOfTheSender = ["crit", "jwk", "jku", "x5c", "x5u", "b64", "zip", "enc"];

    /// <summary>Verifies a token.</summary>
    public TokenVerdict Verify(string? text, TokenExpectation expected)
    {
        var fault = CompactJws.TryRead(text, MaxLength, out var jws);
        if (jws is null)
        {
            return Refuse(FromFault(fault));
        }

        if ((RefuseHeader(jws.Header) ?? RefuseSignature(jws)) is { } refused)
        {
            return Refuse(refused);
        }

        // From here on the claims are the issuer's own words.
        fault = CompactJws.TryReadObject(jws.Payload, out var claims);
        if (fault != JwsFault.None)
        {
            return Refuse(FromFault(fault));
        }

        var timesError = ReadTimes(claims, expected.Freshness, out var times);
        if ((RefuseOrigin(claims) ?? timesError ?? RefuseMatter(claims, expected)) is { } error)
        {
            return Refuse(error);
        }

        return ReadPerson(claims) is { } oid
            ? new()
            {
                Token = new()
                {
                    Oid = oid,
                    IssuedAt = times.IssuedAt,
                    SignedInAt = times.SignedInAt,
                    ExpiresAt = times.ExpiresAt,
                    TokenHash = Sha256Text.Of(jws.SignedBytes),
                    TokenId = CompactJws.TextOf(claims, "jti") ?? CompactJws.TextOf(claims, "uti"),
                    SessionId = CompactJws.TextOf(claims, "sid"),
                },
            }
            : Refuse(ContractError.TokenPersonMissing);
    }

    private static ErrorEntry? RefuseHeader(JsonElement header) =>
        CompactJws.TextOf(header, "alg") != "RS256" ? ContractError.TokenAlgorithmRefused
        : CompactJws.TextOf(header, "typ") != "JWT" ? ContractError.TokenTypeWrong
        : Array.Exists(KeysOfTheSender, name => header.TryGetProperty(name, out _)) ? ContractError.TokenHeaderRefused
        : null;

    private ErrorEntry? RefuseSignature(CompactJws jws)
    {
        if (CompactJws.TextOf(jws.Header, "kid") is not { Length: > 0 } kid || keys.Find(kid) is not { } key)
        {
            return ContractError.TokenKeyUnknown;
        }

        return !key.TryRead(out var parameters) ? ContractError.TokenKeyWeak
            : !Rs256.Verify(parameters, jws) ? ContractError.TokenSignatureWrong
            : null;
    }

    private ErrorEntry? RefuseOrigin(JsonElement claims) =>
        !string.Equals(CompactJws.TextOf(claims, "iss"), options.Issuer, StringComparison.Ordinal) ? ContractError.TokenIssuerWrong
        : !string.Equals(CompactJws.TextOf(claims, "aud"), options.Audience, StringComparison.Ordinal) ? ContractError.TokenAudienceWrong
        : !string.Equals(CompactJws.TextOf(claims, "tid"), options.Tenant, StringComparison.OrdinalIgnoreCase) ? ContractError.TokenTenantWrong
        : null;

    private static ErrorEntry? RefuseMatter(JsonElement claims, TokenExpectation expected) =>
        expected.Nonce.Length == 0 || !string.Equals(CompactJws.TextOf(claims, "nonce"), expected.Nonce, StringComparison.Ordinal)
            ? ContractError.TokenNonceWrong
        : !HasRole(claims, expected.Role) ? ContractError.TokenRoleMissing
        : null;

    private ErrorEntry? ReadTimes(JsonElement claims, TokenFreshness freshness, out Times times)
    {
        times = default;
        if (TimeOf(claims, "exp") is not { } expires || TimeOf(claims, "iat") is not { } issued)
        {
            return ContractError.TokenTimesWrong;
        }

        if (TimeOf(claims, "auth_time") is not { } signedIn)
        {
            // Without it nobody can tell a fresh sign-in from the session of this morning.
            return ContractError.TokenSignInStale;
        }

        var notBefore = issued;
        if (claims.TryGetProperty("nbf", out _))
        {
            if (TimeOf(claims, "nbf") is not { } given)
            {
                return ContractError.TokenTimesWrong;
            }

            notBefore = given;
        }

        times = new(issued, signedIn, expires);
        var now = time.GetUtcNow();
        return expires <= issued || expires <= notBefore || expires - issued > options.MaxLife || signedIn - issued > options.Backdating + options.ClockSkew
                ? ContractError.TokenTimesWrong
            : issued - now > options.ClockSkew || notBefore - now > options.ClockSkew || signedIn - now > options.ClockSkew ? ContractError.TokenNotYetValid
            : freshness == TokenFreshness.Live && now - expires >= options.ClockSkew ? ContractError.TokenExpired
            : issued - signedIn > options.MaxSignInAge ? ContractError.TokenSignInStale
            : null;
    }

    private static DateTimeOffset? TimeOf(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Number
            && member.TryGetInt64(out var seconds) && seconds is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static bool HasRole(JsonElement claims, string role)
    {
        if (!claims.TryGetProperty("roles", out var roles) || roles.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        foreach (var item in roles.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String && item.ValueEquals(role))
            {
                return true;
            }
        }

        return false;
    }

    private static string? ReadPerson(JsonElement claims) =>
        Guid.TryParseExact(CompactJws.TextOf(claims, "oid"), "D", out var oid) && oid != Guid.Empty ? oid.ToString("D") : null;

    private static ErrorEntry FromFault(JwsFault fault) => fault switch
    {
        JwsFault.TooLarge => ContractError.TokenTooLarge,
        JwsFault.DuplicateMember => ContractError.TokenDuplicateClaim,
        _ => ContractError.TokenMalformed,
    };

    private static TokenVerdict Refuse(ErrorEntry error) => new() { Refusal = error.Because() };

    private readonly record struct Times(DateTimeOffset IssuedAt, DateTimeOffset SignedInAt, DateTimeOffset ExpiresAt);

    internal static class Rs256
    {
        public static bool Verify(RSAParameters key, CompactJws jws)
        {
            try
            {
                using var rsa = RSA.Create(key);
                return rsa.VerifyData(jws.SignedBytes, jws.Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            }
            catch (CryptographicException)
            {
                return false;
            }
        }
    }
}
