using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>A migration that is brought to a point and undone, in processes that are killed at drawn moments of both.</summary>
static class KilledUndo
{
    /// <param name="seed">Of the moments.</param>
    /// <param name="kills">At most so many.</param>
    /// <param name="how">How the migration comes to be undone, as the lab's verb names it.</param>
    public static async Task RunAsync(int seed, int kills, string how)
    {
        string[] story = ["--groups", "10", "--m365", "6"];
        using var whole = new KilledRehearsal(story) { Verb = ["undo", how] };
        using var broken = new KilledRehearsal(story) { Verb = ["undo", how] };
        int? expected = await whole.RunAsync();
        var random = new Random(seed);
        var moments = Enumerable.Range(0, kills).Select(_ => random.NextInt64(0, whole.Written)).Order().ToList();

        int? ended = null;
        foreach (long moment in moments) { ended ??= await broken.RunAsync(moment); }
        ended ??= await broken.RunAsync();

        Assert.InRange(broken.Kills, 1, kills);
        Assert.Equal((ExitCode.Completed, ExitCode.Completed), (expected, ended));
        Assert.Equal(await whole.EndAsync(), await broken.EndAsync());
    }
}
