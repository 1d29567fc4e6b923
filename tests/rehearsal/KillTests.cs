namespace GwbCloud.Tests.Rehearsal;

public sealed class KillTests
{
    static readonly string[] Story = ["--groups", "20", "--m365", "6"];

    [Theory]
    [InlineData(1, 6)]
    public Task Rehearsal_KilledAgainAndAgain_EndsAsTheUnkilledOne(int seed, int kills) => KillAsync(Story, seed, kills, from: 0, until: 1);

    /// <summary>Denied at the second gate: this tenth of all that is written is written on the way back.</summary>
    [Theory]
    [InlineData(2, 4)]
    public Task WayBack_KilledAgainAndAgain_EndsAsTheUnkilledOne(int seed, int kills) => KillAsync([.. Story, "--decision", "deny"], seed, kills, from: 0.76, until: 0.86);

    static async Task KillAsync(string[] story, int seed, int kills, double from, double until)
    {
        using var whole = new KilledRehearsal(story);
        using var broken = new KilledRehearsal(story);
        int? expected = await whole.RunAsync();
        var random = new Random(seed);
        var (first, last) = ((long)(whole.Written * from), (long)(whole.Written * until));
        var moments = Enumerable.Range(0, kills).Select(_ => random.NextInt64(first, last)).Order().ToList();

        int? ended = null;
        foreach (long moment in moments) { ended ??= await broken.RunAsync(moment); }
        ended ??= await broken.RunAsync();

        Assert.InRange(broken.Kills, 1, kills);
        Assert.Equal(expected, ended);
        Assert.Equal(whole.Account(), broken.Account());
        Assert.Equal(await whole.EndAsync(), await broken.EndAsync());
    }
}
