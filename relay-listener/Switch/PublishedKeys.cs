using System.Text.Json;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.Switch;

/// <summary>The issuer's published keys, kept on disk as seen: a key id never changes its key, and an unreachable issuer voids nothing.</summary>
/// <exception cref="CommandFailedException">GWB6322: the file of earlier keys cannot be read.</exception>
sealed class PublishedKeys(string path, Func<CancellationToken, Task<ReadOnlyMemory<byte>>> fetch)
{
    /// <summary>A key set has a few kilobytes.</summary>
    const int MaxBytes = 256 * 1024;

    readonly SigningKeyRing _ring = new(Seen(path));

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
        if (jwks.Length > MaxBytes) { return ContractError.KeySetMalformed.Because("too large"); }
        if (_ring.Learn(jwks) is { } refusal) { return refusal; }
        string temporary = path + ".new";
        await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous | FileOptions.WriteThrough))
        {
            await file.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(_ring.Export(), ContractJson.Options), cancellationToken);
        }
        File.Move(temporary, path, overwrite: true);
        return null;
    }

    // Without it a key could be replaced under its id, so a damaged file is a matter for a person, never one to begin anew.
    static List<SigningKey>? Seen(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<List<SigningKey>>(File.ReadAllBytes(path), ContractJson.Options) : null;
        }
        catch (JsonException e)
        {
            throw SwitchError.KeysDamaged.Exception(null, transient: false, e);
        }
    }
}
