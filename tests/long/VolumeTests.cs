using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;
using GwbCloud.Tests.Rehearsal;

namespace GwbCloud.Tests.Long;

public sealed class VolumeTests
{
    public static TheoryData<int> Seeds { get; } = LongRun.Seeds(20);

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Rehearsal_OfAnySeed_KeepsEveryGroup(int seed)
    {
        var run = await Rehearsed.RunAsync(new Story { World = new WorldOptions { Seed = seed } });

        run.AssertCompleted();
    }

    [Theory]
    [InlineData(2_000)]
    [InlineData(9_000)]
    public async Task Rehearsal_OfALargeTenant_KeepsEveryGroup(int groups)
    {
        var run = await Rehearsed.RunAsync(new Story { World = new WorldOptions { Groups = groups, M365 = groups / 5 } });

        run.AssertCompleted();
    }
}
