using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using GwbCloud.Journal;

namespace GwbCloud.Lab.World;

/// <summary>The state of a world as tables of immutable records, journalled: a change is on disk before it is acknowledged.</summary>
/// <remarks>
/// One lock serves reading and changing, so that every reader sees whole changes only. What a change puts and deletes goes to the journal as
/// one record; a process killed at any moment finds, when it opens the store again, the state after a whole number of changes.
/// </remarks>
public sealed class WorldStore : IAsyncDisposable
{
    /// <summary>A change that is larger than this goes to the journal in parts.</summary>
    const int PartBytes = 16 * 1024 * 1024;

    /// <summary>Records in the journal, per live record, above which opening writes it anew.</summary>
    const int CompactAbove = 4;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // Every value is written: a record may have defaults other than null, false and 0.
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    readonly Lock _gate = new();
    readonly Dictionary<string, WorldTable> _tables = new(StringComparer.Ordinal);

    /// <summary>What the journal held of tables that nobody has asked for yet.</summary>
    readonly Dictionary<string, Dictionary<string, byte[]>> _unread = new(StringComparer.Ordinal);
    readonly List<(string Table, string Key, byte[]? Value)> _parts = [];
    readonly ArrayBufferWriter<byte> _buffer = new(4096);
    JournalFile? _journal;
    WorldChange? _open;

    WorldStore()
    {
    }

    /// <summary>True when the journal already held a world.</summary>
    public bool Reopened { get; private set; }

    /// <summary>Opens the store of a file, or an empty one that lives in memory.</summary>
    /// <param name="path">The journal; null for a world without one.</param>
    /// <param name="durability">Of acknowledged changes; a rehearsal survives a killed process, not a loss of power.</param>
    /// <exception cref="JournalException">The journal is damaged or in use.</exception>
    public static WorldStore Open(string? path, JournalDurability durability = JournalDurability.Process)
    {
        var store = new WorldStore();
        if (path is null) { return store; }
        int puts = 0;
        store._journal = JournalFile.Open(path, record => puts += store.Replay(record), durability);
        store.Reopened = puts > 0;
        int live = store._unread.Values.Sum(t => t.Count);
        bool torn = store._parts.Count > 0;
        store._parts.Clear();
        if (torn || puts > 10_000 && puts > CompactAbove * live) { store.Compact(path, durability); }
        return store;
    }

    /// <summary>The table of a name; made, or filled from the journal, when first asked for.</summary>
    /// <exception cref="InvalidOperationException">The name is in use with another type.</exception>
    public Table<T> Table<T>(string name)
        where T : class
    {
        lock (_gate)
        {
            if (!_tables.TryGetValue(name, out var table))
            {
                _unread.Remove(name, out var rows);
                _tables.Add(name, table = new Table<T>(this, name, (rows ?? []).Select(r => KeyValuePair.Create(r.Key, JsonSerializer.Deserialize<T>(r.Value, Json)!))));
            }
            return table as Table<T> ?? throw new InvalidOperationException($"The table {name} holds {table.GetType().GenericTypeArguments[0].Name}, not {typeof(T).Name}.");
        }
    }

    /// <summary>Runs a change under the lock and returns when it is safe. A change that throws leaves nothing behind.</summary>
    /// <remarks>The change must not wait for anything; other changes and readers wait for it.</remarks>
    public ValueTask<TResult> ChangeAsync<TResult>(Func<WorldChange, TResult> change)
    {
        ValueTask flushed;
        TResult result;
        lock (_gate)
        {
            if (_open is not null) { throw new InvalidOperationException("A change within a change: pass the outer one on."); }
            _open = new WorldChange(this);
            try
            {
                result = change(_open);
                flushed = Append(_open);
            }
            catch
            {
                _open.Undo();
                throw;
            }
            finally
            {
                _open = null;
            }
        }
        return flushed.IsCompletedSuccessfully ? new(result) : Wait(flushed, result);

        static async ValueTask<TResult> Wait(ValueTask flushed, TResult result)
        {
            await flushed;
            return result;
        }
    }

    /// <inheritdoc cref="ChangeAsync{TResult}(Func{WorldChange, TResult})"/>
    public async ValueTask ChangeAsync(Action<WorldChange> change) => await ChangeAsync(c =>
    {
        change(c);
        return true;
    });

    /// <summary>Reads under the lock. The result must be a record or a list made inside, not a view of a table.</summary>
    public TResult Read<TResult>(Func<TResult> read)
    {
        lock (_gate) { return read(); }
    }

    /// <summary>Closes as a killed process would.</summary>
    public void Abandon() => _journal?.Abandon();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_journal is not null) { await _journal.DisposeAsync(); }
    }

    internal void DemandLock()
    {
        if (!_gate.IsHeldByCurrentThread) { throw new InvalidOperationException("Tables are read within Read or ChangeAsync."); }
    }

    internal void DemandOpen(WorldChange change)
    {
        DemandLock();
        if (_open != change) { throw new InvalidOperationException("The change is over."); }
    }

    ValueTask Append(WorldChange change)
    {
        if (_journal is null || change.Touched.Count == 0) { return ValueTask.CompletedTask; }
        using var writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });
        Begin(writer, continues: false);
        foreach (var (table, key) in change.Touched.Keys)
        {
            table.Write(writer, key, Json);
            if (writer.BytesCommitted + writer.BytesPending < PartBytes) { continue; }
            writer.WriteBooleanValue(true);
            writer.WriteEndArray();
            writer.Flush();
            // The last part's append completes after this one's.
            _ = _journal.AppendAsync(_buffer.WrittenMemory).AsTask();
            Begin(writer, continues: true);
        }
        writer.WriteEndArray();
        writer.Flush();
        return _journal.AppendAsync(_buffer.WrittenMemory);

        void Begin(Utf8JsonWriter json, bool continues)
        {
            _buffer.ResetWrittenCount();
            if (continues) { json.Reset(_buffer); }
            json.WriteStartArray();
        }
    }

    /// <summary>
    /// A journal record is a flat array: table, key, value, and null for a value that was deleted; at the end true when the change goes on in
    /// the next record. A change whose last record is missing never happened.
    /// </summary>
    int Replay(ReadOnlySpan<byte> record)
    {
        var reader = new Utf8JsonReader(record);
        int entries = 0;
        bool continues = false;
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.True)
            {
                continues = true;
                continue;
            }
            string table = reader.GetString()!;
            reader.Read();
            string key = reader.GetString()!;
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            bool deleted = reader.TokenType == JsonTokenType.Null;
            reader.Skip();
            _parts.Add((table, key, deleted ? null : record[start..(int)reader.BytesConsumed].ToArray()));
            entries++;
        }
        if (!continues) { ApplyParts(); }
        return entries;
    }

    void ApplyParts()
    {
        foreach (var (table, key, value) in _parts)
        {
            if (!_unread.TryGetValue(table, out var rows)) { _unread.Add(table, rows = new(StringComparer.Ordinal)); }
            if (value is null) { rows.Remove(key); }
            else { rows[key] = value; }
        }
        _parts.Clear();
    }

    void Compact(string path, JournalDurability durability)
    {
        string fresh = path + ".compact";
        File.Delete(fresh);
        using (var journal = JournalFile.Open(fresh, durability: JournalDurability.Process))
        {
            foreach (var (table, rows) in _unread)
            {
                foreach (var (key, value) in rows)
                {
                    _buffer.ResetWrittenCount();
                    using var writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });
                    writer.WriteStartArray();
                    writer.WriteStringValue(table);
                    writer.WriteStringValue(key);
                    writer.WriteRawValue(value, skipInputValidation: true);
                    writer.WriteEndArray();
                    writer.Flush();
                    journal.AppendAsync(_buffer.WrittenMemory).AsTask().GetAwaiter().GetResult();
                }
            }
        }
        _journal!.Dispose();
        // The rename is what makes the new journal the journal: a kill before it finds the old one, after it the new one.
        File.Move(fresh, path, overwrite: true);
        _journal = JournalFile.Open(path, durability: durability);
    }
}
