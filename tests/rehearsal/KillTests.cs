using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>A migration and each operation in processes that kill themselves now and then; <c>tests/long</c> has all stories, and twenty points of each.</summary>
public sealed class KillTests
{
    static readonly string[] Small = ["--groups", "8", "--m365", "3"];

    /// <summary>From fifty groups on it is approved.</summary>
    static readonly string[] Many = ["--groups", "8", "--m365", "90", "--undo"];

    static readonly string[] AndBack = ["--groups", "8", "--m365", "6", "--undo"];

    [Fact]
    public Task Migration_KilledAgainAndAgain_EndsAsTheUnkilledOne() => ProveAsync(new([], Small), seed: 1, kills: 5);

    /// <summary>Denied at the second gate: the way back is the last part of what is written.</summary>
    [Fact]
    public Task WayBack_KilledAgainAndAgain_EndsAsTheUnkilledOne() =>
        ProveAsync(new([], [.. Small, "--decision", "deny"]) { EndsWith = ExitCode.EndedBefore }, seed: 2, kills: 3, from: 0.7);

    [Fact]
    public Task ExistingGroups_KilledAgainAndAgain_EndAsTheUnkilledOnes() => ProveAsync(new(["defaults", "existing-groups"], Many), seed: 3, kills: 4);

    [Fact]
    public Task DeleteRule_KilledAgainAndAgain_EndsAsTheUnkilledOne() => ProveAsync(new(["defaults", "delete-rule", "--on"], AndBack), seed: 4, kills: 4);

    [Fact]
    public Task Enable_KilledAgainAndAgain_EndsAsTheUnkilledOne() => ProveAsync(new(["enable"], AndBack), seed: 5, kills: 4);

    [Fact]
    public Task Discovery_KilledAgainAndAgain_EndsAsTheUnkilledOne() => ProveAsync(new(["discover"], Small), seed: 6, kills: 3);

    [Fact]
    public Task Undo_KilledAgainAndAgain_EndsAsTheUnkilledOne() => ProveAsync(new(["undo", "lost"], Small), seed: 7, kills: 4);

    [Fact]
    public Task CleanUp_KilledAgainAndAgain_EndsAsTheUnkilledOne() => ProveAsync(new(["cleanup"], [.. Small, "--lets-go", "--active"]), seed: 8, kills: 4);

    [Fact]
    public Task Restore_KilledAgainAndAgain_EndsAsTheUnkilledOne() => ProveAsync(new(["restore"], Small), seed: 9, kills: 3);

    static async Task ProveAsync(KilledStory story, int seed, int kills, double from = 0)
    {
        using (story) { await story.AssertEndsTheSameAsync(seed, kills, from); }
    }
}
