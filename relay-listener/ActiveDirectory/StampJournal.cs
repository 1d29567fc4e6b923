using System.Text.Json;
using GwbCloud.Contracts.Json;
using GwbCloud.Journal;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>Which anchors which migration wrote: what the undo may clear.</summary>
/// <remarks>A stamp is on disk before it is written to the directory, so a crash in between can't leave one that nobody owns.</remarks>
sealed class StampJournal : IDisposable
{
    readonly Lock _gate = new();
    readonly HashSet<(string Migration, Guid ObjectGuid, string Anchor)> _stamps = [];
    readonly JournalFile _journal;

    public StampJournal(string path, JournalDurability durability) => _journal = JournalFile.Open(path, Replay, durability);

    /// <summary>True when this migration wrote that value there and has not cleared it.</summary>
    public bool IsOurs(string migration, Guid objectGuid, string anchor)
    {
        lock (_gate) { return _stamps.Contains((migration, objectGuid, anchor)); }
    }

    /// <summary>About to be written.</summary>
    public Task StampingAsync(string migration, Guid objectGuid, string anchor) => AppendAsync(new(migration, objectGuid, anchor, Cleared: false));

    /// <summary>Cleared, as read back.</summary>
    public Task ClearedAsync(string migration, Guid objectGuid, string anchor) => AppendAsync(new(migration, objectGuid, anchor, Cleared: true));

    public void Abandon() => _journal.Abandon();

    public void Dispose() => _journal.Dispose();

    async Task AppendAsync(Stamp stamp)
    {
        await _journal.AppendAsync(JsonSerializer.SerializeToUtf8Bytes(stamp, ContractJson.Options));
        Apply(stamp);
    }

    void Replay(ReadOnlySpan<byte> bytes) => Apply(JsonSerializer.Deserialize<Stamp>(bytes, ContractJson.Lenient)!);

    void Apply(Stamp stamp)
    {
        lock (_gate)
        {
            if (stamp.Cleared) { _stamps.Remove((stamp.Migration, stamp.ObjectGuid, stamp.Anchor)); }
            else { _stamps.Add((stamp.Migration, stamp.ObjectGuid, stamp.Anchor)); }
        }
    }

    sealed record Stamp(string Migration, Guid ObjectGuid, string Anchor, bool Cleared);
}
