using System.Security.Cryptography;
using System.Text.Json.Nodes;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Tests.Contracts.Envelopes;

namespace GwbCloud.Tests.Contracts.Approvals;

/// <summary>An issuer of RS256 ID tokens that also says what no honest issuer would.</summary>
internal sealed class TestIssuer : ISigningKeys
{
    public const string Tenant = "7b2e4c1a-0000-4000-8000-000000000001";
    public const string Issuer = "https://login.example/7b2e4c1a-0000-4000-8000-000000000001/v2.0";
    public const string Audience = "5d0c0000-0000-4000-8000-00000000c11e";
    public const string Kid = "issuer-1";

    // One pair of keys for all tests: making them takes longer than a test.
    public static RSA Key { get; } = RSA.Create(2048);

    public static RSA StrangersKey { get; } = RSA.Create(2048);

    public static IdTokenOptions Options { get; } = new() { Issuer = Issuer, Audience = Audience, Tenant = Tenant };

    public Dictionary<string, SigningKey> Published { get; } = new() { [Kid] = SigningKey.Of(Kid, Key) };

    public static JsonObject Header() => new() { ["typ"] = "JWT", ["alg"] = "RS256", ["kid"] = Kid };

    /// <summary>The claims of a fresh sign-in, issued and signed in at the same moment.</summary>
    public static JsonObject Claims(string oid, string nonce, string role, DateTimeOffset at) => new()
    {
        ["iss"] = Issuer,
        ["aud"] = Audience,
        ["tid"] = Tenant,
        ["oid"] = oid,
        ["nonce"] = nonce,
        ["roles"] = new JsonArray("Migration.Reader", role),
        ["iat"] = at.ToUnixTimeSeconds(),
        ["nbf"] = at.ToUnixTimeSeconds(),
        ["exp"] = at.AddHours(1).ToUnixTimeSeconds(),
        ["auth_time"] = at.ToUnixTimeSeconds(),
        ["sid"] = $"session-of-{oid}",
        ["uti"] = $"{oid}-{nonce}",
        ["preferred_username"] = "somebody@contoso.example",
    };

    public static string Sign(JsonObject header, JsonObject claims, RSA? key = null) =>
        JwsText.Rs256(header.ToJsonString(), claims.ToJsonString(), key ?? Key);

    public static string Sign(JsonObject claims) => Sign(Header(), claims);

    public SigningKey? Find(string kid) => Published.GetValueOrDefault(kid);
}
