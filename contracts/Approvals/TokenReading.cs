using System.Security.Cryptography;
using System.Text.Json;
using GwbCloud.Contracts.Envelopes;

namespace GwbCloud.Contracts.Approvals;

/// <summary>What every token of the tenant has to pass before a claim of it is looked at: RS256 and nothing else, by a published key.</summary>
internal static class TokenReading
{
    /// <summary>Longest token in characters; one with a person's few roles has about 1,500.</summary>
    public const int MaxLength = 16 * 1024;

    private static readonly string[] KeysOfTheSender = ["crit", "jwk", "jku", "x5c", "x5u", "b64", "zip", "enc"];

    /// <summary>Null when the claims are the issuer's own words, else why the token is refused.</summary>
    /// <param name="text">The token.</param>
    /// <param name="types">The values of <c>typ</c> that are taken.</param>
    /// <param name="keys">The issuer's published keys.</param>
    /// <param name="signed">Header and payload as they were signed.</param>
    /// <param name="claims">The claims; of a refused token nothing.</param>
    public static ErrorEntry? Read(string? text, string[] types, ISigningKeys keys, out byte[] signed, out JsonElement claims)
    {
        (signed, claims) = ([], default);
        var fault = CompactJws.TryRead(text, MaxLength, out var jws);
        if (jws is null)
        {
            return FromFault(fault);
        }

        if ((RefuseHeader(jws.Header, types) ?? RefuseSignature(jws, keys)) is { } refused)
        {
            return refused;
        }

        signed = jws.SignedBytes;
        fault = CompactJws.TryReadObject(jws.Payload, out claims);
        return fault == JwsFault.None ? null : FromFault(fault);
    }

    public static ErrorEntry? RefuseOrigin(JsonElement claims, string issuer, string audience, string tenant) =>
        !string.Equals(CompactJws.TextOf(claims, "iss"), issuer, StringComparison.Ordinal) ? ContractError.TokenIssuerWrong
        : !string.Equals(CompactJws.TextOf(claims, "aud"), audience, StringComparison.Ordinal) ? ContractError.TokenAudienceWrong
        : !string.Equals(CompactJws.TextOf(claims, "tid"), tenant, StringComparison.OrdinalIgnoreCase) ? ContractError.TokenTenantWrong
        : null;

    /// <summary>A moment in whole seconds; null when it is missing, no such number or out of range.</summary>
    public static DateTimeOffset? TimeOf(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Number
            && member.TryGetInt64(out var seconds) && seconds is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>App roles: the texts of a list.</summary>
    public static List<string> RolesOf(JsonElement claims) =>
        claims.TryGetProperty("roles", out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(CompactJws.TextOf).OfType<string>().Where(role => role.Length > 0)]
            : [];

    /// <summary>Object id of the person or app, a GUID in lower case; null when there is none.</summary>
    public static string? OidOf(JsonElement claims) =>
        Guid.TryParseExact(CompactJws.TextOf(claims, "oid"), "D", out var oid) && oid != Guid.Empty ? oid.ToString("D") : null;

    private static ErrorEntry? RefuseHeader(JsonElement header, string[] types) =>
        CompactJws.TextOf(header, "alg") != "RS256" ? ContractError.TokenAlgorithmRefused
        : !types.Contains(CompactJws.TextOf(header, "typ"), StringComparer.Ordinal) ? ContractError.TokenTypeWrong
        : Array.Exists(KeysOfTheSender, name => header.TryGetProperty(name, out _)) ? ContractError.TokenHeaderRefused
        : null;

    private static ErrorEntry? RefuseSignature(CompactJws jws, ISigningKeys keys) =>
        CompactJws.TextOf(jws.Header, "kid") is not { Length: > 0 } kid || keys.Find(kid) is not { } key ? ContractError.TokenKeyUnknown
        : !key.TryRead(out var parameters) ? ContractError.TokenKeyWeak
        : !Rs256.Verify(parameters, jws.SignedBytes, jws.Signature) ? ContractError.TokenSignatureWrong
        : null;

    private static ErrorEntry FromFault(JwsFault fault) => fault switch
    {
        JwsFault.TooLarge => ContractError.TokenTooLarge,
        JwsFault.DuplicateMember => ContractError.TokenDuplicateClaim,
        _ => ContractError.TokenMalformed,
    };

    internal static class Rs256
    {
        public static bool Verify(RSAParameters key, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
        {
            try
            {
                using var rsa = RSA.Create(key);
                return rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            }
            catch (CryptographicException)
            {
                return false;
            }
        }
    }
}
