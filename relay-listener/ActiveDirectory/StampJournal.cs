using System.Text.Json;
using System.Text.Json.Serialization;
using GwbCloud.Contracts.Json;
using GwbCloud.Journal;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>Which anchors which migration wrote: what the undo may clear.</summary>
/// <remarks>
/// An intent is on disk before its value is sent to the directory, so that a crash in between can't leave a value that nobody owns. A batch
/// is one record and one flush. Some 60 bytes of memory for each group.
/// </remarks>
sealed class StampJournal : IDisposable
{
    readonly Lock _gate = new();
    readonly Dictionary<string, Dictionary<Guid, Stamp>> _migrations = new(StringComparer.Ordinal);
    readonly JournalFile _journal;

    public StampJournal(string path, JournalDurability durability) => _journal = JournalFile.Open(path, Replay, durability);

    /// <summary>What this migration did to that group, or null when it did nothing that still stands.</summary>
    public Stamp? Find(string migration, Guid objectGuid)
    {
        lock (_gate) { return _migrations.TryGetValue(migration, out var stamps) && stamps.TryGetValue(objectGuid, out var stamp) ? stamp : null; }
    }

    /// <summary>Some migration planned that group and wrote its anchor, or was about to: it is no object of ours.</summary>
    public bool HasStamped(Guid objectGuid)
    {
        lock (_gate) { return _migrations.Values.Any(stamps => stamps.ContainsKey(objectGuid)); }
    }

    /// <summary>About to be written.</summary>
    public Task IntendAsync(string migration, string command, IReadOnlyList<IntendedStamp> stamps) =>
        AppendAsync(new StampsIntended { Migration = migration, Command = command, Stamps = stamps });

    /// <summary>What the directory said to the intents: its acknowledgement makes a value ours, and another's value never is.</summary>
    public Task SettleAsync(string migration, IReadOnlyList<Guid> ours, IReadOnlyList<Guid> notOurs) =>
        AppendAsync(new StampsSettled { Migration = migration, Ours = ours, NotOurs = notOurs });

    /// <summary>As they were before, as read back.</summary>
    public Task RestoreAsync(string migration, IReadOnlyList<Guid> objectGuids) =>
        AppendAsync(new StampsRestored { Migration = migration, ObjectGuids = objectGuids });

    public void Abandon() => _journal.Abandon();

    public void Dispose() => _journal.Dispose();

    async Task AppendAsync(StampRecord record)
    {
        await _journal.AppendAsync(JsonSerializer.SerializeToUtf8Bytes(record, ContractJson.Options));
        Apply(record);
    }

    void Replay(ReadOnlySpan<byte> bytes) => Apply(JsonSerializer.Deserialize<StampRecord>(bytes, ContractJson.Lenient)!);

    void Apply(StampRecord record)
    {
        lock (_gate)
        {
            if (!_migrations.TryGetValue(record.Migration, out var stamps)) { _migrations.Add(record.Migration, stamps = []); }
            switch (record)
            {
                case StampsIntended intended:
                    foreach (var stamp in intended.Stamps) { stamps[stamp.ObjectGuid] = new(stamp.CloudId, intended.Command, Settled: false); }
                    break;
                case StampsSettled settled:
                    foreach (var ours in settled.Ours) { stamps[ours] = stamps[ours] with { Settled = true }; }
                    foreach (var other in settled.NotOurs) { stamps.Remove(other); }
                    break;
                case StampsRestored restored:
                    foreach (var cleared in restored.ObjectGuids) { stamps.Remove(cleared); }
                    break;
            }
        }
    }
}

/// <summary>A value that a migration wrote, or was about to write when it was stopped.</summary>
/// <param name="CloudId">The cloud object that the anchor names.</param>
/// <param name="Command">The command that wrote it.</param>
/// <param name="Settled">The directory acknowledged it.</param>
readonly record struct Stamp(Guid CloudId, string Command, bool Settled);

/// <summary>A line of the journal of stamps.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "record")]
[JsonDerivedType(typeof(StampsIntended), "intended")]
[JsonDerivedType(typeof(StampsSettled), "settled")]
[JsonDerivedType(typeof(StampsRestored), "restored")]
abstract record StampRecord
{
    public required string Migration { get; init; }
}

/// <summary>These anchors are about to be written.</summary>
sealed record StampsIntended : StampRecord
{
    public required string Command { get; init; }
    public required IReadOnlyList<IntendedStamp> Stamps { get; init; }
}

/// <summary>One anchor that is about to be written.</summary>
sealed record IntendedStamp
{
    public required Guid ObjectGuid { get; init; }
    public required Guid CloudId { get; init; }

    /// <summary>The value before, as it was read: what an undo restores. Always empty, because nothing else is written over.</summary>
    public required string Before { get; init; }
}

/// <summary>What the directory answered.</summary>
sealed record StampsSettled : StampRecord
{
    public required IReadOnlyList<Guid> Ours { get; init; }
    public required IReadOnlyList<Guid> NotOurs { get; init; }
}

/// <summary>These were cleared again.</summary>
sealed record StampsRestored : StampRecord
{
    public required IReadOnlyList<Guid> ObjectGuids { get; init; }
}
