using System.Text;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Functions.Documents;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Identity;

/// <summary>The sign-in service's keys, kept as seen: a decision stays verifiable after the keys were rotated.</summary>
/// <remarks>Fetched when a token names an unknown key, at most once in half a minute, so that forged key ids can't make it a hammer.</remarks>
public sealed partial class PublishedKeys(
    IHttpClientFactory http, IDocumentStore documents, TimeProvider clock, IOptions<IdentityOptions> options, ILogger<PublishedKeys> logger)
    : ISigningKeys, IDisposable
{
    /// <summary>Name of the HTTP client.</summary>
    public const string HttpClientName = "identity";

    const string StoreName = "identity/keys";
    const int MaxSetBytes = 256 * 1024;
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    readonly SemaphoreSlim _gate = new(1, 1);
    SigningKeyRing _ring = new();
    bool _loaded;
    DateTimeOffset? _fetchedAt;

    public SigningKey? Find(string kid) => _ring.Find(kid);

    /// <summary>Reads the keys that were seen before; fetches when there are none, or when one is wanted that nobody knows.</summary>
    public async Task RefreshAsync(bool unknownKey, CancellationToken cancellationToken)
    {
        if (_loaded && !unknownKey)
        {
            return;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!_loaded)
            {
                _ring = new(await documents.ReadOneAsync<SeenKeys>(StoreName, cancellationToken) is { } seen ? seen.Keys : []);
                if (options.Value.Keys is { Length: > 0 } configured)
                {
                    await LearnAsync(Encoding.UTF8.GetBytes(configured), cancellationToken);
                }
            }

            var now = clock.GetUtcNow();
            if ((unknownKey || _ring.Export().Count == 0) && options.Value.KeysAddress is { Length: > 0 } address && !(now - _fetchedAt < Pause))
            {
                _fetchedAt = now;
                await FetchAsync(new Uri(address));
            }

            _loaded = _ring.Export().Count > 0;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    // Not the caller's to cancel: whoever sends forged key ids and hangs up would otherwise keep everybody from new keys. The client's time-out ends it.
    async Task FetchAsync(Uri address)
    {
        try
        {
            using var client = http.CreateClient(HttpClientName);
            client.MaxResponseContentBufferSize = MaxSetBytes;
            await LearnAsync(await client.GetByteArrayAsync(address, CancellationToken.None), CancellationToken.None);
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or OperationCanceledException)
        {
            LogUnavailable(lost.GetType().Name);
        }
    }

    async Task LearnAsync(byte[] keys, CancellationToken cancellationToken)
    {
        if (_ring.Learn(keys) is { } refusal)
        {
            LogRefused(refusal.Code);
            return;
        }

        // Another instance may have seen others meanwhile: none is lost, and of two with one id the first stands.
        var kept = await documents.ChangeOneAsync<SeenKeys>(
            StoreName, seen => Task.FromResult<SeenKeys?>(new() { Keys = [.. (seen?.Keys ?? []).Concat(_ring.Export()).DistinctBy(key => key.Kid)] }), cancellationToken);
        _ring = new(kept!.Keys);
    }

    [LoggerMessage(5000, LogLevel.Warning, "The keys of the sign-in service can't be fetched ({Reason}).")]
    partial void LogUnavailable(string reason);

    [LoggerMessage(5001, LogLevel.Error, "The keys of the sign-in service are refused ({Code}).")]
    partial void LogRefused(string code);

    sealed record SeenKeys
    {
        public required IReadOnlyList<SigningKey> Keys { get; init; }
    }
}
