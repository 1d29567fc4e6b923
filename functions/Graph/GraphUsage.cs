namespace GwbCloud.Functions.Graph;

/// <summary>What the process asked of Graph since its start. Two of them show what lies between: <see cref="Since"/>.</summary>
public sealed record GraphUsage
{
    /// <summary>Calls on the wire, repeated ones too; a batch is one.</summary>
    public long Requests { get; init; }

    /// <summary>Items of batches.</summary>
    public long BatchItems { get; init; }

    /// <summary>Writes, those in batches too.</summary>
    public long Writes { get; init; }

    /// <summary>Resource units that Graph says it charged.</summary>
    public long ResourceUnits { get; init; }

    /// <summary>Calls and items of batches that were throttled.</summary>
    public long Throttled { get; init; }

    /// <summary>Calls, and batches with at least one item, that were repeated.</summary>
    public long Repeated { get; init; }

    /// <summary>Time spent waiting: throttling, back-off, the write budget, looks for what was made.</summary>
    public TimeSpan Waited { get; init; }

    public GraphUsage Since(GraphUsage before)
    {
        ArgumentNullException.ThrowIfNull(before);
        return new GraphUsage
        {
            Requests = Requests - before.Requests,
            BatchItems = BatchItems - before.BatchItems,
            Writes = Writes - before.Writes,
            ResourceUnits = ResourceUnits - before.ResourceUnits,
            Throttled = Throttled - before.Throttled,
            Repeated = Repeated - before.Repeated,
            Waited = Waited - before.Waited,
        };
    }
}
