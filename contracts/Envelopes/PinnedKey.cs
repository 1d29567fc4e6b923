using System.Security.Cryptography;

namespace GwbCloud.Contracts.Envelopes;

/// <summary>A public key that was exchanged at enrolment. Nothing that arrives with a message can add one.</summary>
public sealed record PinnedKey
{
    /// <summary>Name of the key in headers.</summary>
    public required string Kid { get; init; }

    /// <summary>The P-256 public key: SubjectPublicKeyInfo (DER), base64.</summary>
    public required string PublicKey { get; init; }

    /// <summary>The Connect server for which the key may speak; null for the cloud half's key.</summary>
    public string? Server { get; init; }

    /// <summary>Pins the public half of a key.</summary>
    public static PinnedKey Of(string kid, ECDsa key, string? server = null) =>
        new() { Kid = kid, PublicKey = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()), Server = server };

    internal ECParameters Read()
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(PublicKey), out _);
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return parameters.Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value
            ? parameters
            : throw new CryptographicException("ES256 needs a key on P-256.");
    }
}
