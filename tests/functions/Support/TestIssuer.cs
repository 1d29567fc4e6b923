using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GwbCloud.Tests.Functions.Support;

/// <summary>A sign-in service that signs any claims, also wrong ones.</summary>
sealed class TestIssuer
{
    public const string Tenant = "11111111-1111-4111-8111-111111111111";
    public const string Issuer = "https://login.test.example/v2.0";
    public const string ClientId = "22222222-2222-4222-8222-222222222222";

    static readonly RSA Key = RSA.Create(2048);
    int _tokens;

    public static string Keys { get; } = MakeKeys();

    public string Access(string person, params string[] roles) => Sign(Claims(person, $"api://{ClientId}", roles));

    public string IdToken(string person, string nonce, Action<JsonObject>? change = null, params string[] roles)
    {
        var claims = Claims(person, ClientId, roles);
        claims["nonce"] = nonce;
        change?.Invoke(claims);
        return Sign(claims);
    }

    public JsonObject Claims(string person, string audience, params string[] roles)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        return new()
        {
            ["iss"] = Issuer, ["aud"] = audience, ["tid"] = Tenant, ["oid"] = person, ["iat"] = now, ["nbf"] = now, ["auth_time"] = now,
            ["exp"] = now + 3600, ["jti"] = $"{GetHashCode()}-{Interlocked.Increment(ref _tokens)}", ["roles"] = new JsonArray([.. roles.Select(r => (JsonNode)r)]),
        };
    }

    public static string Sign(JsonObject claims, string kid = "k1")
    {
        var signed = $"{Encode(new() { ["alg"] = "RS256", ["typ"] = "JWT", ["kid"] = kid })}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(Key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    static string Encode(JsonObject json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));

    static string MakeKeys()
    {
        var key = Key.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["keys"] = new JsonArray((JsonNode)new JsonObject
            {
                ["kty"] = "RSA", ["use"] = "sig", ["kid"] = "k1", ["n"] = Base64Url.EncodeToString(key.Modulus), ["e"] = Base64Url.EncodeToString(key.Exponent),
            }),
        }.ToJsonString();
    }
}
