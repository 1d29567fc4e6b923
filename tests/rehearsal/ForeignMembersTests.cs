using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Rehearsal;

public sealed class ForeignMembersTests
{
    /// <summary>A group of every awkward kind, one of them domain-local with a member of another forest: that one freezes, is told of, and keeps the member.</summary>
    [Fact]
    public async Task Group_WithAMemberOfAnotherForest_IsToldAndKeepsIt()
    {
        var story = Rehearsed.Small();
        List<AdObject> holders = [];

        var run = await Rehearsed.RunAsync(
            story with { World = story.World with { Groups = 12, M365 = 6, Awkward = 21 } },
            inspect: host => holders = host.World.Store.Read(() => host.World.Forest.GroupsUnder(host.World.ForestFacts.WritebackOu).Where(o => host.World.Forest.ForeignMembersOf(o).Any()).ToList()));

        run.AssertCompleted();
        Assert.Equal(32, run.Result.Account.Groups.Planned);
        var told = Assert.Single(run.Files["assessment-findings.csv"].Split("\r\n"), line => line.Contains("GWB2124", StringComparison.Ordinal));
        Assert.Contains("domain-local with a member of another forest", told, StringComparison.Ordinal);
        var holder = Assert.Single(holders);
        // It never came into Cloud Sync's scope.
        Assert.Null(holder.ExternalDirectoryObjectId);
    }
}
