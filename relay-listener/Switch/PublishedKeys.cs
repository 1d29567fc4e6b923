using System.Text.Json;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Json;

namespace GwbCloud.RelayListener.Switch;

/// <summary>The issuer's published keys, kept on disk as seen: a key id never changes its key, and an unreachable issuer voids nothing.</summary>
sealed class PublishedKeys(string path, Func<CancellationToken, Task<ReadOnlyMemory<byte>>> fetch)
{
    readonly SigningKeyRing _ring = new(File.Exists(path) ? JsonSerializer.Deserialize<List<SigningKey>>(File.ReadAllBytes(path), ContractJson.Options) : null);

    public ISigningKeys Keys => _ring;

    /// <summary>Learns what the issuer publishes now; null when learnt or not reachable, else why its answer is refused.</summary>
    public async Task<Refusal?> RefreshAsync(CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> jwks;
        try
        {
            jwks = await fetch(cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
        if (_ring.Learn(jwks) is { } refusal) { return refusal; }
        // The service and the operator's session may learn at once.
        string temporary = $"{path}.{Guid.NewGuid():N}.new";
        await File.WriteAllBytesAsync(temporary, JsonSerializer.SerializeToUtf8Bytes(_ring.Export(), ContractJson.Options), cancellationToken);
        File.Move(temporary, path, overwrite: true);
        return null;
    }
}
