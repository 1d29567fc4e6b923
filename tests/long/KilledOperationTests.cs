using GwbCloud.Tests.Rehearsal;

namespace GwbCloud.Tests.Long;

/// <summary>Every operation with its undo, killed at twenty drawn points: each in a run of its own, and then all of them in one run.</summary>
public sealed class KilledOperationTests
{
    const int Points = 20;

    static readonly string[] Small = ["--groups", "10", "--m365", "6"];
    static readonly string[] AndBack = ["--groups", "10", "--m365", "12", "--undo"];

    /// <summary>From fifty groups on it is approved.</summary>
    static readonly string[] Many = ["--groups", "10", "--m365", "90", "--undo"];

    static readonly Dictionary<string, (string[] Verb, string[] Story)> s_stories = new(StringComparer.Ordinal)
    {
        ["newGroups off"] = (["defaults", "new-groups"], AndBack),
        ["existingGroups off"] = (["defaults", "existing-groups"], Many),
        ["existingGroups on"] = (["defaults", "existing-groups", "--on"], Many),
        ["memberLimit off"] = (["defaults", "member-limit"], AndBack),
        ["deleteRule on"] = (["defaults", "delete-rule", "--on"], AndBack),
        ["deleteRule off"] = (["defaults", "delete-rule"], Small),
        ["enable"] = (["enable"], AndBack),
        ["enable with permissions"] = (["enable", "--permissions", "all-domains"], AndBack),
        ["discover"] = (["discover"], ["--groups", "20", "--m365", "30"]),
        ["undo left"] = (["undo", "left"], Small),
        ["undo postponed"] = (["undo", "postponed", "--gate", "switch"], Small),
        ["undo lost"] = (["undo", "lost", "--in", "first-full-sync"], Small),
        ["cleanUp gives back"] = (["cleanup"], Small),
        ["cleanUp takes away"] = (["cleanup", "--lets-go", "--active", "--undo"], Small),
        ["restore"] = (["restore"], Small),
        ["restore by hand"] = (["restore", "--by-hand"], Small),
    };

    public static TheoryData<string> Stories { get; } = [.. LongRun.Named(s_stories.Keys)];

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task Operation_KilledAtTwentyPoints_EndsAsTheUnkilledOne(string name)
    {
        var (verb, options) = s_stories[name];
        using var story = new KilledStory(verb, options);

        await Assert.MultipleAsync(
        [
            .. LongRun.Seeds(Points).Select(row => (Func<Task>)(() => story.AssertEndsTheSameAsync(row.Data, kills: 1))),
            () => story.AssertEndsTheSameAsync(seed: 0, kills: Points),
        ]);
    }
}
