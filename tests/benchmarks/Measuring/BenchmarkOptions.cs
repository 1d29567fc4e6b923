namespace GwbCloud.Benchmarks.Measuring;

/// <summary>What is measured.</summary>
sealed record BenchmarkOptions
{
    /// <summary>Groups in the OU, ascending.</summary>
    public required IReadOnlyList<int> Sizes { get; init; }

    public required int Rounds { get; init; }

    public required Flushing Flushing { get; init; }

    /// <summary>Groups for the contender that connects anew for each; its rate does not depend on how many there are.</summary>
    public required int FreshConnections { get; init; }
}

/// <summary>Whether the domain controller flushes each write to the disk before it answers.</summary>
enum Flushing
{
    Off,
    On,
    Both,
}
