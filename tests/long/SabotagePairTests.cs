using GwbCloud.Tests.Rehearsal;

namespace GwbCloud.Tests.Long;

public sealed class SabotagePairTests
{
    public static TheoryData<int> Seeds { get; } = LongRun.Seeds(200);

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task Sabotages_InRandomPairs_EndWithoutHarm(int seed) => SabotagePair.ProveAsync(seed);
}
