using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace GwbCloud.Lab.World;

/// <summary>A table of a <see cref="WorldStore"/>, whatever its records.</summary>
public abstract class WorldTable
{
    internal abstract void Write(Utf8JsonWriter writer, string key, JsonSerializerOptions options);

    internal abstract void Restore(string key, object? value);
}

/// <summary>Records by key, in the order of their keys (ordinal), so that the order never depends on history.</summary>
/// <remarks>
/// Everything here is called within <see cref="WorldStore.Read"/> or <see cref="WorldStore.ChangeAsync{TResult}"/>. A GUID as key is its text
/// in lower case with dashes.
/// </remarks>
/// <typeparam name="T">An immutable record that System.Text.Json can write and read.</typeparam>
public sealed class Table<T> : WorldTable
    where T : class
{
    readonly SortedDictionary<string, T> _rows = new(StringComparer.Ordinal);
    readonly List<TableIndex> _indexes = [];
    readonly WorldStore _store;
    readonly string _name;

    internal Table(WorldStore store, string name, IEnumerable<KeyValuePair<string, T>> rows)
    {
        (_store, _name) = (store, name);
        foreach (var (key, value) in rows) { _rows.Add(key, value); }
    }

    /// <summary>Called after a record was put, deleted (after is null) or made (before is null), within the change; for what is derived from the table.</summary>
    public event Action<string, T?, T?>? Changed;

    /// <summary>How many records there are.</summary>
    public int Count => Rows.Count;

    /// <summary>All records in the order of their keys. Don't change the table while going through them.</summary>
    public IReadOnlyCollection<T> Values => Rows.Values;

    /// <summary>All keys in order.</summary>
    public IReadOnlyCollection<string> Keys => Rows.Keys;

    SortedDictionary<string, T> Rows
    {
        get
        {
            _store.DemandLock();
            return _rows;
        }
    }

    /// <summary>The record of a key.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public T this[string key] => Rows.TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"The table {_name} has no {key}.");

    /// <inheritdoc cref="this[string]"/>
    public T this[Guid key] => this[key.ToString()];

    /// <summary>The record of a key, or null.</summary>
    public T? Find(string key) => Rows.GetValueOrDefault(key);

    /// <inheritdoc cref="Find(string)"/>
    public T? Find(Guid key) => Find(key.ToString());

    /// <summary>Whether there is a record.</summary>
    public bool TryGet(string key, [NotNullWhen(true)] out T? value) => Rows.TryGetValue(key, out value);

    /// <summary>Makes or replaces a record.</summary>
    public void Put(WorldChange change, string key, T value)
    {
        _store.DemandOpen(change);
        var before = _rows.GetValueOrDefault(key);
        change.Remember(this, key, before);
        Set(key, before, value);
    }

    /// <inheritdoc cref="Put(WorldChange, string, T)"/>
    public void Put(WorldChange change, Guid key, T value) => Put(change, key.ToString(), value);

    /// <summary>Deletes a record; false when there is none.</summary>
    public bool Delete(WorldChange change, string key)
    {
        _store.DemandOpen(change);
        if (!_rows.TryGetValue(key, out var before)) { return false; }
        change.Remember(this, key, before);
        Set(key, before, null);
        return true;
    }

    /// <inheritdoc cref="Delete(WorldChange, string)"/>
    public bool Delete(WorldChange change, Guid key) => Delete(change, key.ToString());

    /// <summary>Keeps track of which keys have which value; ask the result. Null is not indexed.</summary>
    public TableIndex IndexBy(Func<T, string?> value)
    {
        lock (_indexes)
        {
            var index = new TableIndex(row => value((T)row));
            foreach (var (key, row) in _rows) { index.Move(key, null, row); }
            _indexes.Add(index);
            return index;
        }
    }

    internal override void Write(Utf8JsonWriter writer, string key, JsonSerializerOptions options)
    {
        writer.WriteStringValue(_name);
        writer.WriteStringValue(key);
        if (_rows.TryGetValue(key, out var value)) { JsonSerializer.Serialize(writer, value, options); }
        else { writer.WriteNullValue(); }
    }

    internal override void Restore(string key, object? value) => Set(key, _rows.GetValueOrDefault(key), (T?)value);

    void Set(string key, T? before, T? after)
    {
        if (after is null) { _rows.Remove(key); }
        else { _rows[key] = after; }
        foreach (var index in _indexes) { index.Move(key, before, after); }
        Changed?.Invoke(key, before, after);
    }
}

/// <summary>Keys of a table by a value of their records, compared without regard to case as Active Directory compares.</summary>
public sealed class TableIndex
{
    readonly Dictionary<string, SortedSet<string>> _keys = new(StringComparer.OrdinalIgnoreCase);
    readonly Func<object, string?> _value;

    internal TableIndex(Func<object, string?> value) => _value = value;

    /// <summary>Keys whose records have the value, in order.</summary>
    public IReadOnlyCollection<string> this[string value] => _keys.TryGetValue(value, out var keys) ? keys : [];

    /// <summary>Keys whose records have the value, in order, from behind a key on; null is from the first. Costs what is taken, not what is there.</summary>
    public IEnumerable<string> After(string value, string? key)
    {
        if (!_keys.TryGetValue(value, out var keys) || keys.Max is not { } last) { return []; }
        return key is null ? keys
            : string.CompareOrdinal(key, last) >= 0 ? []
            : keys.GetViewBetween(key, last).SkipWhile(k => k == key);
    }

    internal void Move(string key, object? before, object? after)
    {
        string? from = before is null ? null : _value(before);
        string? to = after is null ? null : _value(after);
        if (string.Equals(from, to, StringComparison.OrdinalIgnoreCase)) { return; }
        if (from is not null && _keys.TryGetValue(from, out var old))
        {
            old.Remove(key);
            if (old.Count == 0) { _keys.Remove(from); }
        }
        if (to is not null)
        {
            if (!_keys.TryGetValue(to, out var keys)) { _keys.Add(to, keys = new(StringComparer.Ordinal)); }
            keys.Add(key);
        }
    }
}
