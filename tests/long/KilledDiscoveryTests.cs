using GwbCloud.Tests.Rehearsal;

namespace GwbCloud.Tests.Long;

public sealed class KilledDiscoveryTests
{
    static readonly string[] Story = ["--groups", "20", "--m365", "30"];

    /// <summary>Each at another moment, against one that nobody killed.</summary>
    [Fact]
    public async Task Discovery_KilledAtTwentyMoments_EndsAsTheUnkilledOne()
    {
        using var whole = new KilledRehearsal(Story) { Verb = ["discover"] };
        Assert.Equal(0, await whole.RunAsync());
        var (account, items, end) = (whole.OperationAccount(), whole.Discovered(), await whole.EndAsync());

        int kills = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            using var broken = new KilledRehearsal(Story) { Verb = ["discover"] };
            int? ended = await broken.RunAsync((long)(whole.Written * ((seed + new Random(seed).NextDouble()) / 20))) ?? await broken.RunAsync();

            kills += broken.Kills;
            Assert.Equal((0, account, items, end), (ended, broken.OperationAccount(), broken.Discovered(), await broken.EndAsync()));
        }

        // The last bytes may be written faster than anybody looks.
        Assert.InRange(kills, 10, 20);
    }
}
