using GwbCloud.Benchmarks.Listening;
using GwbCloud.Contracts.Commands;
using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Tests.Directory.Stamping;

/// <summary>A listener that dies in the middle of stamping, again and again, and a domain controller that goes away.</summary>
public sealed class KilledStampingTests(SambaDc dc) : IClassFixture<SambaDc>
{
    [DirectoryFact]
    public async Task Stamping_KilledAtRandomMoments_WritesEachGroupOnceAndOwnsEveryStamp()
    {
        const int Groups = 5_000, Kills = 4;
        await using var scene = await StampScene.StartAsync(dc);
        var plan = await scene.PlanAsync(await scene.Tools.AddGroupsAsync(scene.Ou, Groups));
        var random = new Random(20_261_102);
        string command = await scene.Halves.SubmitAsync(new StampAnchors { Groups = plan }, StampScene.Stop);

        var stampedAtKills = new List<int>();
        while (stampedAtKills.Count < Kills)
        {
            // Somewhere within a batch, wherever the process happens to be.
            await scene.ReachedAsync(command, 500 * stampedAtKills.Count);
            await Task.Delay(random.Next(500), StampScene.Stop);
            await scene.Halves.KillAsync();
            stampedAtKills.Add(await scene.StampedAsync());
            await scene.Halves.StartAsync(StampScene.Stop);
        }
        var result = CloudHalf.ResultOf<StampResult>(await scene.Halves.EndAsync(command, StampScene.Stop));
        var stamped = await scene.TruthAsync();
        var undone = await scene.UnstampAsync(plan);

        TestContext.Current.TestOutputHelper?.WriteLine($"stamped at the kills: {string.Join(", ", stampedAtKills)}");
        Assert.Contains(stampedAtKills, count => count is > 0 and < Groups);
        Assert.Equal((Groups, 0, 0), (result.Written, result.AlreadyEqual, result.LeftAlone));
        Assert.All(stamped.Values, truth => Assert.Equal((true, 1u), (truth.Stamp is not null, truth.Writes)));
        Assert.Equal((Groups, 0), (undone.Cleared, undone.LeftAlone));
        Assert.Equal(0, await scene.StampedAsync());
    }

    [DirectoryFact]
    public async Task Controller_ThatStopsInTheMiddle_IsATransientErrorAndTheNextRunFinishes()
    {
        const int Groups = 3_000;
        await using var scene = await StampScene.StartAsync(dc);
        var plan = await scene.PlanAsync(await scene.Tools.AddGroupsAsync(scene.Ou, Groups, "Interrupted"));
        string command = await scene.Halves.SubmitAsync(new StampAnchors { Groups = plan }, StampScene.Stop);
        Assert.True(await scene.ReachedAsync(command, 500));

        await dc.KillAsync();
        var failed = await scene.Halves.EndAsync(command, StampScene.Stop);
        await dc.ResumeAsync();
        int stampedThen = await scene.StampedAsync();
        // The listener holds several connections; each may notice only now that the controller was away.
        var result = await scene.StampAfterFaultAsync(plan);

        Assert.Equal((CommandState.Failed, true), (failed.State, failed.Error!.Transient));
        Assert.InRange(stampedThen, 500, Groups - 1);
        Assert.Equal((Groups - stampedThen, stampedThen, 0), (result.Written, result.AlreadyEqual, result.LeftAlone));
        Assert.All((await scene.TruthAsync()).Values, truth => Assert.Equal((true, 1u), (truth.Stamp is not null, truth.Writes)));
        Assert.Equal(Groups, (await scene.UnstampAsync(plan)).Cleared);
    }
}
