namespace GwbCloud.Tests.Rehearsal;

public sealed class KillTests
{
    static readonly string[] Story = ["--groups", "20", "--m365", "6"];

    [Theory]
    [InlineData(1, 6)]
    public async Task Rehearsal_KilledAgainAndAgain_EndsAsTheUnkilledOne(int seed, int kills)
    {
        using var whole = new KilledRehearsal(Story);
        using var broken = new KilledRehearsal(Story);
        int? expected = await whole.RunAsync();
        var random = new Random(seed);
        var moments = Enumerable.Range(0, kills).Select(_ => random.NextInt64(whole.Written)).Order().ToList();

        int? ended = null;
        foreach (long moment in moments) { ended ??= await broken.RunAsync(moment); }
        ended ??= await broken.RunAsync();

        Assert.InRange(broken.Kills, 1, kills);
        Assert.Equal(expected, ended);
        Assert.Equal(whole.Account(), broken.Account());
        Assert.Equal(await whole.EndAsync(), await broken.EndAsync());
    }
}
