using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using GwbCloud.Functions.Documents;

namespace GwbCloud.Functions.Identity;

/// <summary>The key by which the app knows its own words again when a browser brings them back. It is kept in the store and leaves it never.</summary>
public sealed class BrowserSecret(IDocumentStore documents) : IDisposable
{
    const string StoreName = "identity/browser-secret";

    readonly SemaphoreSlim _gate = new(1, 1);
    byte[]? _key;

    /// <summary>base64url of the HMAC-SHA-256 of a text, 43 characters. The purpose keeps one kind of text from standing for another.</summary>
    public async Task<string> SealAsync(string purpose, string text, CancellationToken cancellationToken) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(await KeyAsync(cancellationToken), Encoding.UTF8.GetBytes($"{purpose}\n{text}")));

    /// <summary>Whether the seal is this text's own.</summary>
    public async Task<bool> FitsAsync(string purpose, string text, string seal, CancellationToken cancellationToken) =>
        Same(seal, await SealAsync(purpose, text, cancellationToken));

    /// <summary>Compares two secrets without telling by the time that it takes where they differ.</summary>
    public static bool Same(string one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    /// <summary>A secret that nobody guesses: 32 random bytes, base64url.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public void Dispose() => _gate.Dispose();

    async Task<byte[]> KeyAsync(CancellationToken cancellationToken)
    {
        if (_key is { } known)
        {
            return known;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            // Only the first one that is written counts, should two instances start at once.
            await documents.WriteOneAsync(StoreName, new Kept { Key = New() }, etag: "", CancellationToken.None);
            var kept = await documents.ReadOneAsync<Kept>(StoreName, cancellationToken) ?? throw new DocumentException("The browser secret is missing.");
            return _key = Base64Url.DecodeFromChars(kept.Key);
        }
        finally
        {
            _gate.Release();
        }
    }

    sealed record Kept
    {
        public required string Key { get; init; }
    }
}
