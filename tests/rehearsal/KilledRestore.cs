namespace GwbCloud.Tests.Rehearsal;

/// <summary>A restoration that is killed at random moments, held against the same one that nobody killed.</summary>
static class KilledRestore
{
    static readonly string[] s_story = ["--groups", "8", "--m365", "3"];

    public static async Task AssertEndsTheSameAsync(int seed, int kills)
    {
        using var whole = new KilledRehearsal(s_story) { Verb = ["restore"] };
        using var broken = new KilledRehearsal(s_story) { Verb = ["restore"] };

        await OperationTests.AssertSameAsync(whole, broken, seed, kills);
    }
}
