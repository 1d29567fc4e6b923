namespace GwbCloud.Tests.Rehearsal;

/// <summary>The first of the pairs that the long run draws. A class of its own, so that it runs beside the others.</summary>
public sealed class SabotagePairTests
{
    public static TheoryData<int> Pairs { get; } = [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Pairs))]
    public Task Sabotages_InPairs_EndWithoutHarm(int seed) => SabotagePair.ProveAsync(seed);
}
