namespace GwbCloud.Lab.World;

/// <summary>A change in the making; everything that writes to a table wants it, so that nothing is written outside one.</summary>
public sealed class WorldChange
{
    readonly WorldStore _store;

    internal WorldChange(WorldStore store) => _store = store;

    /// <summary>The records that this change touched, with what they were before.</summary>
    internal Dictionary<(WorldTable Table, string Key), object?> Touched { get; } = [];

    internal void Remember(WorldTable table, string key, object? before) => Touched.TryAdd((table, key), before);

    internal void Undo()
    {
        foreach (var ((table, key), before) in Touched) { table.Restore(key, before); }
    }
}
