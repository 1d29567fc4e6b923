using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace GwbCloud.Lab.Issuer;

/// <summary>A signing key of the issuer: RSA 2048, RS256.</summary>
sealed class IssuerKey : IDisposable
{
    readonly RSA _rsa;

    IssuerKey(RSA rsa)
    {
        _rsa = rsa;
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        Modulus = Base64Url.EncodeToString(parameters.Modulus);
        Exponent = Base64Url.EncodeToString(parameters.Exponent);
        Id = Base64Url.EncodeToString(SHA256.HashData(parameters.Modulus!).AsSpan(0, 12));
    }

    public string Id { get; }
    string Modulus { get; }
    string Exponent { get; }

    public static IssuerKey Create() => new(RSA.Create(2048));

    public static IssuerKey FromPem(string pem)
    {
        var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        return new IssuerKey(rsa);
    }

    public string ToPem() => _rsa.ExportPkcs8PrivateKeyPem();

    public byte[] Sign(ReadOnlySpan<byte> data) => _rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        _rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    public JsonObject ToJwk(string issuer) => new()
    {
        ["kty"] = "RSA",
        ["use"] = "sig",
        ["kid"] = Id,
        ["alg"] = "RS256",
        ["n"] = Modulus,
        ["e"] = Exponent,
        ["issuer"] = issuer,
    };

    public void Dispose() => _rsa.Dispose();
}
