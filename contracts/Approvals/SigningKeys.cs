using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Contracts.Approvals;

/// <summary>The keys that the tenant's issuer publishes.</summary>
public interface ISigningKeys
{
    /// <summary>The RSA public key with that id, or null when none was ever seen.</summary>
    SigningKey? Find(string kid);
}

/// <summary>An RSA public key as it was published (RFC 7517).</summary>
public sealed record SigningKey
{
    /// <summary>The key's id.</summary>
    public required string Kid { get; init; }

    /// <summary>Modulus, base64url.</summary>
    public required string N { get; init; }

    /// <summary>Exponent, base64url.</summary>
    public required string E { get; init; }

    /// <summary>The public half of a key.</summary>
    public static SigningKey Of(string kid, RSA key)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return new() { Kid = kid, N = Base64UrlText.Encode(parameters.Modulus), E = Base64UrlText.Encode(parameters.Exponent) };
    }

    /// <summary>The key in numbers; false when it is unreadable, shorter than 2,048 or longer than 4,096 bits, or has an impossible exponent.</summary>
    internal bool TryRead(out RSAParameters parameters)
    {
        parameters = default;
        if (!Base64UrlText.TryDecode(N, out var modulus) || !Base64UrlText.TryDecode(E, out var exponent))
        {
            return false;
        }

        // Below 2,048 bits a key can be broken; above 4,096 a stranger's key could keep the processor busy. An exponent must be odd and over 1.
        if (modulus is not { Length: >= 256 and <= 512 } || modulus[0] < 0x80
            || exponent is not { Length: >= 1 and <= 4 } || exponent[0] == 0 || exponent[^1] % 2 == 0 || exponent is [1])
        {
            return false;
        }

        parameters = new() { Modulus = modulus, Exponent = exponent };
        return true;
    }
}

/// <summary>Published keys, kept as seen: a decision stays verifiable after the issuer has rotated its keys. Safe for concurrent use.</summary>
/// <remarks>A key id never changes its key: that would let whoever controls one fetch replace what was seen before.</remarks>
public sealed class SigningKeyRing : ISigningKeys
{
    private const int MaxKeys = 256;

    /// <summary>An issuer publishes a handful and changes them every few weeks; far more is somebody filling the memory.</summary>
    private const int MaxEverSeen = 2048;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, SigningKey> _keys = new(StringComparer.Ordinal);

    /// <summary>Starts with keys that were seen before.</summary>
    public SigningKeyRing(IEnumerable<SigningKey>? seen = null)
    {
        foreach (var key in seen ?? [])
        {
            _keys[key.Kid] = key;
        }
    }

    /// <summary>Every key that was ever seen, by id; to be kept on disk.</summary>
    public IReadOnlyList<SigningKey> Export()
    {
        lock (_gate)
        {
            return [.. _keys.Values.OrderBy(key => key.Kid, StringComparer.Ordinal)];
        }
    }

    /// <inheritdoc/>
    public SigningKey? Find(string kid)
    {
        lock (_gate)
        {
            return _keys.GetValueOrDefault(kid);
        }
    }

    /// <summary>Takes a key set as the issuer publishes it (JWKS); other kinds of keys in it are skipped.</summary>
    /// <returns>Null when taken, else GWB7320 or GWB7321; then nothing of the set is taken.</returns>
    public Refusal? Learn(ReadOnlyMemory<byte> jwks)
    {
        if (!TryReadSet(jwks, out var keys))
        {
            return ContractError.KeySetMalformed.Because();
        }

        lock (_gate)
        {
            if (keys.Any(key => _keys.TryGetValue(key.Kid, out var known) && known != key))
            {
                return ContractError.KeyChanged.Because();
            }

            if (_keys.Count + keys.Count(key => !_keys.ContainsKey(key.Kid)) > MaxEverSeen)
            {
                return ContractError.KeySetMalformed.Because("too many keys");
            }

            foreach (var key in keys)
            {
                _keys[key.Kid] = key;
            }

            return null;
        }
    }

    private static bool TryReadSet(ReadOnlyMemory<byte> jwks, [NotNullWhen(true)] out List<SigningKey>? keys)
    {
        keys = null;
        if (CompactJws.TryReadObject(jwks.ToArray(), out var set) != JwsFault.None
            || !set.TryGetProperty("keys", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        var read = new List<SigningKey>();
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            if (CompactJws.TextOf(item, "kty") == "RSA"
                && CompactJws.TextOf(item, "use") is null or "sig"
                && CompactJws.TextOf(item, "alg") is null or "RS256"
                && CompactJws.TextOf(item, "kid") is { Length: > 0 } kid
                && CompactJws.TextOf(item, "n") is { } n && CompactJws.TextOf(item, "e") is { } e)
            {
                read.Add(new() { Kid = kid, N = n, E = e });
            }
        }

        if (read.Count is 0 or > MaxKeys || read.DistinctBy(key => key.Kid).Count() != read.Count)
        {
            return false;
        }

        keys = read;
        return true;
    }
}
