using System.Text.Json;
using GwbCloud.Contracts.Json;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>What this listener granted: the only access entries that it ever takes back. A file of the data directory, written whole and moved into place.</summary>
sealed class GrantedAccess(string path)
{
    /// <summary>What a grant added, with what stood in its place: Windows writes the rights that are granted into an entry that is there, if it differs in nothing else.</summary>
    public static IReadOnlyList<GrantedEntry> Difference(IReadOnlyList<AccessEntry> before, IReadOnlyList<AccessEntry> now)
    {
        var gone = before.Except(now).ToList();
        return
        [
            .. now.Except(before).Select(entry => new GrantedEntry(
                entry.On, entry.Entry, string.Concat(gone.Where(old => old.On == entry.On && DiffersInRights(old.Entry, entry.Entry)).Select(old => old.Entry)))),
        ];
    }

    public async Task<IReadOnlyList<GrantedEntry>> ReadAsync(CancellationToken cancellationToken) =>
        File.Exists(path) ? JsonSerializer.Deserialize<GrantedEntry[]>(await File.ReadAllBytesAsync(path, cancellationToken), ContractJson.Options) ?? [] : [];

    /// <summary>Adds to what is there. One that took in an entry of ours stands for it from then on, down to what was there before both.</summary>
    public async Task AddAsync(IReadOnlyList<GrantedEntry> entries, CancellationToken cancellationToken)
    {
        var known = await ReadAsync(cancellationToken);
        var fresh = entries.Select(entry => known.FirstOrDefault(old => old.On == entry.On && old.Entry == entry.Before) is { } ours ? entry with { Before = ours.Before } : entry).ToList();
        var all = known.Where(old => !entries.Any(entry => entry.On == old.On && entry.Before == old.Entry)).Union(fresh).ToArray();
        string file = path + ".new";
        await File.WriteAllBytesAsync(file, JsonSerializer.SerializeToUtf8Bytes(all, ContractJson.Options), cancellationToken);
        File.Move(file, path, overwrite: true);
    }

    /// <summary>Nothing is ours any more.</summary>
    public void Clear() => File.Delete(path);

    // Type, flags, rights, object, inherited object, account.
    static bool DiffersInRights(string one, string other) => one.Split(';') is [var type, var flags, _, .. var rest] && other.Split(';') is [var type2, var flags2, _, .. var rest2]
        && type == type2 && flags == flags2 && rest.SequenceEqual(rest2);
}

/// <summary>An access entry that this listener had added.</summary>
/// <param name="On">Distinguished name of the object.</param>
/// <param name="Entry">As a security descriptor's text has it.</param>
/// <param name="Before">The entries that stood in its place, in the same form; empty where nothing did.</param>
public sealed record GrantedEntry(string On, string Entry, string Before)
{
    internal AccessEntry There => new(On, Entry);
}
