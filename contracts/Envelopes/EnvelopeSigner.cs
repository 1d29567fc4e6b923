using System.Security.Cryptography;
using System.Text.Json;
using GwbCloud.Contracts.Evidence;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Contracts.Envelopes;

/// <summary>Signs what one half says to the other: compact JWS, ES256. Safe for concurrent use; the caller owns the key.</summary>
public sealed class EnvelopeSigner
{
    /// <summary>64 KB: larger content travels as a document.</summary>
    public const int MaxLength = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly ECDsa _key;
    private readonly string _kid;

    /// <summary>Signs with a P-256 key that the other half has pinned under <paramref name="kid"/>.</summary>
    /// <exception cref="ArgumentException">The key is on another curve.</exception>
    public EnvelopeSigner(ECDsa key, string kid)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrEmpty(kid);
        if (key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
        {
            throw new ArgumentException("ES256 needs a key on P-256.", nameof(key));
        }

        _key = key;
        _kid = kid;
    }

    /// <summary>The public half, as the other side pins it.</summary>
    public PinnedKey Pin(string? server)
    {
        lock (_gate)
        {
            return PinnedKey.Of(_kid, _key, server);
        }
    }

    /// <summary>A signed command.</summary>
    /// <exception cref="ContractException">GWB7201 when larger than 64 KB.</exception>
    public string Sign(CommandEnvelope command) => Sign(EnvelopeType.Command, command);

    /// <summary>A signed result.</summary>
    /// <exception cref="ContractException">GWB7201 when larger than 64 KB.</exception>
    public string Sign(ResultEnvelope result) => Sign(EnvelopeType.Result, result);

    /// <summary>A signed part of the evidence.</summary>
    /// <exception cref="ContractException">GWB7201 when larger than 64 KB.</exception>
    public string Sign(EvidencePart part) => Sign(EnvelopeType.Evidence, part);

    private string Sign<T>(string type, T claims)
    {
        var header = CanonicalJson.Serialize(new { Alg = "ES256", Typ = type, Kid = _kid });
        var text = CompactJws.Write(header, JsonSerializer.SerializeToUtf8Bytes(claims, ContractJson.Options), SignBytes);
        return text.Length <= MaxLength ? text : throw ContractError.EnvelopeTooLarge.Exception();
    }

    private byte[] SignBytes(byte[] bytes)
    {
        lock (_gate)
        {
            return _key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }
}
