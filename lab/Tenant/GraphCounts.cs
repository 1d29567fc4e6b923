namespace GwbCloud.Lab.Tenant;

/// <summary>What Graph was asked for so far.</summary>
public sealed record GraphCounts
{
    /// <summary>Requests, each item of a batch counted and the batch itself not.</summary>
    public long Requests { get; init; }
    public long Batches { get; init; }

    /// <summary>Resource units of what was admitted.</summary>
    public long Units { get; init; }

    /// <summary>Admitted requests that count against the quota of writes.</summary>
    public long Writes { get; init; }

    /// <summary>Pages of collections.</summary>
    public long Pages { get; init; }

    /// <summary>Answers 429.</summary>
    public long Throttled { get; init; }

    /// <summary>Bytes of bodies sent.</summary>
    public long Bytes { get; init; }
}
