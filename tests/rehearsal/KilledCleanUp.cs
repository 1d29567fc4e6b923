using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>A clean-up that is killed at random moments after its migration, held against the same one that nobody killed.</summary>
static class KilledCleanUp
{
    public static async Task AssertEndsTheSameAsync(int seed, int kills, string[] more)
    {
        string[] story = ["--groups", "8", "--m365", "3", .. more];
        using var whole = new KilledRehearsal(story) { Verb = ["cleanup"] };
        using var broken = new KilledRehearsal(story) { Verb = ["cleanup"] };
        int? expected = await whole.RunAsync();
        var random = new Random(seed);

        // The migration's own kills are other tests' matter; what comes after it is the last part of what is written.
        var moments = Enumerable.Range(0, kills).Select(_ => random.NextInt64(whole.Written * 8 / 10, whole.Written)).Order().ToList();

        int? ended = null;
        foreach (long moment in moments) { ended ??= await broken.RunAsync(moment); }
        ended ??= await broken.RunAsync();

        Assert.InRange(broken.Kills, 1, kills);
        Assert.Equal((ExitCode.Completed, ExitCode.Completed), (expected, ended));
        Assert.Equal(whole.OperationAccount(), broken.OperationAccount());
        Assert.Equal(await whole.EndAsync(), await broken.EndAsync());
    }
}
