using System.Text.Json;
using GwbCloud.Contracts.Json;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>What this listener granted: the only access entries that it ever takes back. A file of the data directory, written whole and moved into place.</summary>
sealed class GrantedAccess(string path)
{
    public async Task<IReadOnlyList<AccessEntry>> ReadAsync(CancellationToken cancellationToken) =>
        File.Exists(path) ? JsonSerializer.Deserialize<AccessEntry[]>(await File.ReadAllBytesAsync(path, cancellationToken), ContractJson.Options) ?? [] : [];

    /// <summary>Adds to what is there.</summary>
    public async Task AddAsync(IReadOnlyList<AccessEntry> entries, CancellationToken cancellationToken)
    {
        var all = (await ReadAsync(cancellationToken)).Union(entries).ToArray();
        string fresh = path + ".new";
        await File.WriteAllBytesAsync(fresh, JsonSerializer.SerializeToUtf8Bytes(all, ContractJson.Options), cancellationToken);
        File.Move(fresh, path, overwrite: true);
    }

    /// <summary>Nothing is ours any more.</summary>
    public void Clear() => File.Delete(path);
}
