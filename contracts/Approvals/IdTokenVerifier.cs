using System.Diagnostics.CodeAnalysis;
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

    /// <summary>App role that must be among <c>roles</c>; null asks for none, as for a session, whose every call asks for its own.</summary>
    public required string? Role { get; init; }

    /// <summary>
    /// Whether the person must have signed in for this very token, as for anything that is decided. A session may rest on a sign-in of this morning,
    /// and its token need not tell when that was.
    /// </summary>
    public bool FreshSignIn { get; init; } = true;

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

    /// <summary>
    /// Whether the person signed in before a moment, as for a decision on something that was not there yet. The sign-in counts and not <see cref="IssuedAt"/>:
    /// Entra dates a token minutes back, and issues it to a session of this morning too. Tokens tell whole seconds, so that the moment's own second is not before.
    /// </summary>
    public bool SignedInBefore(DateTimeOffset moment) => SignedInAt < DateTimeOffset.FromUnixTimeSeconds(moment.ToUnixTimeSeconds());

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
    private static readonly string[] Types = ["JWT"];

    /// <summary>Verifies a token.</summary>
    public TokenVerdict Verify(string? text, TokenExpectation expected)
    {
        if (TokenReading.Read(text, Types, keys, out var signed, out var claims) is { } refused)
        {
            return Refuse(refused);
        }

        // From here on the claims are the issuer's own words.
        var timesError = ReadTimes(claims, expected, out var times);
        if ((TokenReading.RefuseOrigin(claims, options.Issuer, options.Audience, options.Tenant) ?? timesError ?? RefuseMatter(claims, expected)) is { } error)
        {
            return Refuse(error);
        }

        return TokenReading.OidOf(claims) is { } oid
            ? new()
            {
                Token = new()
                {
                    Oid = oid,
                    IssuedAt = times.IssuedAt,
                    SignedInAt = times.SignedInAt,
                    ExpiresAt = times.ExpiresAt,
                    TokenHash = Sha256Text.Of(signed),
                    TokenId = CompactJws.TextOf(claims, "jti") ?? CompactJws.TextOf(claims, "uti"),
                    SessionId = CompactJws.TextOf(claims, "sid"),
                },
            }
            : Refuse(ContractError.TokenPersonMissing);
    }

    private static ErrorEntry? RefuseMatter(JsonElement claims, TokenExpectation expected) =>
        expected.Nonce.Length == 0 || !string.Equals(CompactJws.TextOf(claims, "nonce"), expected.Nonce, StringComparison.Ordinal)
            ? ContractError.TokenNonceWrong
        : expected.Role is { } role && !TokenReading.RolesOf(claims).Contains(role, StringComparer.Ordinal) ? ContractError.TokenRoleMissing
        : null;

    private ErrorEntry? ReadTimes(JsonElement claims, TokenExpectation expected, out Times times)
    {
        times = default;
        if (TokenReading.TimeOf(claims, "exp") is not { } expires || TokenReading.TimeOf(claims, "iat") is not { } issued)
        {
            return ContractError.TokenTimesWrong;
        }

        var told = TokenReading.TimeOf(claims, "auth_time");
        if (told is null && expected.FreshSignIn)
        {
            // Without it nobody can tell a fresh sign-in from the session of this morning.
            return ContractError.TokenSignInStale;
        }

        var notBefore = issued;
        if (claims.TryGetProperty("nbf", out _))
        {
            if (TokenReading.TimeOf(claims, "nbf") is not { } given)
            {
                return ContractError.TokenTimesWrong;
            }

            notBefore = given;
        }

        var signedIn = told ?? issued;
        times = new(issued, signedIn, expires);
        var now = time.GetUtcNow();
        return expires <= issued || expires <= notBefore || expires - issued > options.MaxLife || signedIn - issued > options.Backdating + options.ClockSkew
                ? ContractError.TokenTimesWrong
            : issued - now > options.ClockSkew || notBefore - now > options.ClockSkew || signedIn - now > options.ClockSkew ? ContractError.TokenNotYetValid
            : expected.Freshness == TokenFreshness.Live && now - expires >= options.ClockSkew ? ContractError.TokenExpired
            : expected.FreshSignIn && issued - signedIn > options.MaxSignInAge ? ContractError.TokenSignInStale
            : null;
    }

    private static TokenVerdict Refuse(ErrorEntry error) => new() { Refusal = error.Because() };

    private readonly record struct Times(DateTimeOffset IssuedAt, DateTimeOffset SignedInAt, DateTimeOffset ExpiresAt);
}
