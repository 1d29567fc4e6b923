using System.Security.Cryptography;

namespace GwbCloud.Contracts.Envelopes;

/// <summary>A public key that was exchanged at enrolment. Nothing that arrives with a message can add one.</summary>
/// <remarks>
/// A key is replaced with an overlap: the next one is pinned beside it with <see cref="NotBefore"/>, the old one gets a
/// <see cref="NotAfter"/>, and the sender changes over in between. From <see cref="NotAfter"/> on nothing that the old key signed is
/// believed, whatever time it claims. No tolerance of clocks applies here; the overlap is the tolerance.
/// </remarks>
public sealed record PinnedKey
{
    /// <summary>Name of the key in headers.</summary>
    public required string Kid { get; init; }

    /// <summary>The P-256 public key: SubjectPublicKeyInfo (DER), base64.</summary>
    public required string PublicKey { get; init; }

    /// <summary>The Connect server for which the key may speak; null for the cloud half's key.</summary>
    public string? Server { get; init; }

    /// <summary>The key counts from then on; null: always has.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The key counts no longer from then on; null: until it is removed.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>Pins the public half of a key.</summary>
    public static PinnedKey Of(string kid, ECDsa key, string? server = null) =>
        new() { Kid = kid, PublicKey = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()), Server = server };

    /// <summary>What is wrong with these keys taken together, one sentence each; empty when they can be pinned.</summary>
    public static IReadOnlyList<string> Check(IReadOnlyCollection<PinnedKey> keys)
    {
        var wrong = new List<string>();
        wrong.AddRange(keys.Where(key => string.IsNullOrEmpty(key.Kid) || key.Kid.Length > 128).Select(_ => "a key has no kid, or one over 128 characters"));
        wrong.AddRange(keys.GroupBy(key => key.Kid, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => $"kid {same.Key} appears twice"));
        wrong.AddRange(keys.GroupBy(key => key.PublicKey, StringComparer.Ordinal).Where(same => same.Count() > 1)
            .Select(same => $"{string.Join(" and ", same.Select(key => key.Kid))} are one key"));
        foreach (var key in keys)
        {
            if (!key.IsReadable()) { wrong.Add($"{key.Kid} is no P-256 public key"); }
            if (key.NotBefore >= key.NotAfter) { wrong.Add($"{key.Kid} ends before it begins"); }
        }

        return wrong;
    }

    internal bool CountsAt(DateTimeOffset now) => !(now < NotBefore) && !(now >= NotAfter);

    internal ECParameters Read()
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(PublicKey), out _);
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return parameters.Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value
            ? parameters
            : throw new CryptographicException("ES256 needs a key on P-256.");
    }

    private bool IsReadable()
    {
        try
        {
            _ = Read();
            return true;
        }
        catch (Exception refused) when (refused is CryptographicException or FormatException or ArgumentNullException)
        {
            // No key at all is what a configuration without the value comes to.
            return false;
        }
    }
}
