using GwbCloud.Lab.Connect;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;
using GwbCloud.Lab.World.Deeds;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>What guards make of deeds that no sabotage is named after; those that one is are in the table of the docs.</summary>
public sealed class GuardTests
{
    /// <summary>Where rules hold groups also when they come after the switch, somebody else's is gone forward from to the end.</summary>
    [Fact]
    public async Task Switch_BySomebodyElse_IsTakenUpAndGoneForwardFrom()
    {
        var story = Rehearsed.Small(Sabotage.OutOfBandDisable);

        var run = await Rehearsed.RunAsync(story with { World = story.World with { Switches = new WorldSwitches { RulesTakeAfterSwitch = true } } });

        run.AssertNoHarm();
        Assert.Equal(("completed", ExitCode.Completed), (run.Result.Account.Outcome, run.Result.ExitCode));
        Assert.Contains("GWB2813", run.Result.Codes);
        Assert.Equal(0, run.Result.Account.Switch.Calls);
    }

    [Fact]
    public async Task Standby_PromotedBeforeTheWindowAndPutBack_HoldsTheGateMeanwhile()
    {
        var run = await RunAsync(
            new PlannedDeed { When = Moment.ApprovalOf("plan", 10), Does = new StagingSet { Server = ConnectServers.NameOf(1), On = false } },
            new PlannedDeed { When = Moment.ApprovalOf("plan", 100), Does = new StagingSet { Server = ConnectServers.NameOf(1), On = true } });

        run.AssertCompleted();
        Assert.Contains("GWB2806", run.Result.Codes);
        Assert.Contains("GWB2819", run.Result.Codes);
    }

    [Fact]
    public async Task Scheduler_ToggledBeforeTheWindow_IsToldAndVoidsNothing()
    {
        var run = await RunAsync(
            new PlannedDeed { When = Moment.ApprovalOf("plan", 10), Does = new SchedulerSet { On = false } },
            new PlannedDeed { When = Moment.ApprovalOf("plan", 75), Does = new SchedulerSet { On = true } });

        run.AssertCompleted();
        Assert.Contains("GWB2807", run.Result.Codes);
        Assert.DoesNotContain("GWB2819", run.Result.Codes);
    }

    static Task<Rehearsed> RunAsync(params PlannedDeed[] deeds)
    {
        var story = Rehearsed.Small();
        return Rehearsed.RunAsync(story with { World = story.World with { Deeds = deeds } });
    }
}
