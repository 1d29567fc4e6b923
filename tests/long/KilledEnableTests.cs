using GwbCloud.Lab.Rehearsal;
using GwbCloud.Tests.Rehearsal;

namespace GwbCloud.Tests.Long;

/// <summary>Group writeback switched on and back off, killed once at any moment.</summary>
public sealed class KilledEnableTests
{
    static readonly string[] Story = ["--groups", "10", "--m365", "12", "--undo"];

    [Fact]
    public async Task Enable_KilledAtTwentyMoments_EndsAsTheUnkilledOne()
    {
        using var whole = Rehearsal();
        int? expected = await whole.RunAsync();
        string end = await whole.EndAsync();
        Assert.Equal(ExitCode.Completed, expected);

        foreach (int seed in LongRun.Seeds(20).Select(row => row.Data))
        {
            using var broken = Rehearsal();

            int? ended = await broken.RunAsync(new Random(seed).NextInt64(whole.Written)) ?? await broken.RunAsync();

            Assert.Equal(expected, ended);
            Assert.Equal(whole.OperationAccount(), broken.OperationAccount());
            Assert.Equal(end, await broken.EndAsync());
        }
    }

    static KilledRehearsal Rehearsal() => new(Story) { Verb = ["enable"] };
}
