using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Connect;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;
using GwbCloud.Lab.World.Deeds;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>An operator chooses "Stop now" while something moves, and everything stands until he has looked.</summary>
public sealed class StopNowTests
{
    const int LookingMinutes = 180;

    /// <summary>Into the third ring, ten groups, when Cloud Sync begins to write them.</summary>
    const int InThirdRing = 78;

    static readonly string Active = $"cycle {ConnectServers.NameOf(0)}";
    static readonly PlannedDeed Retry = new() { When = new Moment { At = MomentKind.Parked, Minutes = LookingMinutes }, Does = new RetryAsked() };

    /// <summary>Where each stage moves something: minutes after its begin in the small world, and what.</summary>
    public static TheoryData<string, int, string[]> BeforeTheSwitch { get; } = new()
    {
        // The canaries' job runs.
        { "prepare-cloud-sync", 60, ["job", "scheduler"] },
        // The window opens a day and a half after the gate.
        { "freeze-and-drain", (36 * 60) + 1, [Active, "scheduler"] },
        { "first-full-sync", 15, [Active, $"cycle {ConnectServers.NameOf(1)}"] },
    };

    /// <inheritdoc cref="BeforeTheSwitch"/>
    public static TheoryData<string, int, string[]> AfterTheSwitch { get; } = new()
    {
        { "second-full-sync", 8, [Active, $"cycle {ConnectServers.NameOf(1)}"] },
        { "leave-staging-mode", 8, [Active] },
        { "verify-migration", 120, ["job", "scheduler"] },
    };

    [Theory]
    [MemberData(nameof(BeforeTheSwitch))]
    public async Task Stop_BeforeTheSwitch_EndsWhatMovesAndGoesBack(string stage, int minutes, string[] moving)
    {
        var movement = new Movement();

        var run = await RunAsync(movement, Stop(stage, minutes));

        movement.AssertBrokenOff(moving.Where(what => what != "scheduler"));
        Assert.Contains(OrchestrationError.Stopped.Code, run.Result.Codes);
        run.AssertNoHarm();
        Assert.Empty(run.Differences);
        Assert.Equal(("denied", ExitCode.EndedBefore, 0), (run.Result.Account.Outcome, run.Result.ExitCode, run.Result.Account.Switch.Calls));
        run.AssertNonePlannedEverInScope();
    }

    [Theory]
    [MemberData(nameof(AfterTheSwitch))]
    public async Task Stop_AfterTheSwitch_EverythingRestsUntilTheRetryThatCompletes(string stage, int minutes, string[] moving)
    {
        var movement = new Movement();

        var run = await RunAsync(movement, Stop(stage, minutes), Retry);

        movement.AssertAtRestAfterStop(movement.At<RetryAsked>(), moving);
        Assert.Contains(OrchestrationError.Stopped.Code, run.Result.Codes);
        run.AssertCompleted();
        Assert.Contains("scheduler", movement.Of(run.Result.View!.EndedAt!.Value));
    }

    /// <summary>The same hours with and without the stop in force: only it keeps the rest of the groups as they are.</summary>
    [Fact]
    public async Task Stop_InTheThirdRing_KeepsTheOtherGroupsFromBeingTakenOver()
    {
        var movement = new Movement();

        var run = await RunAsync(movement, Stop("start-cloud-sync", InThirdRing), Retry);

        var retried = movement.At<RetryAsked>();
        movement.AssertAtRestAfterStop(retried, "job");
        run.AssertCompleted();
        Assert.InRange(movement.TakenOverBy(retried), 1, run.Result.Account.Groups.Planned / 2);
        Assert.InRange(movement.TakenOverBy(retried.AddMinutes(LookingMinutes)), run.Result.Account.Groups.Planned, int.MaxValue);
    }

    /// <summary>The cycle that it waits for has no end to wait for: it ends there, and is taken up again.</summary>
    [Fact]
    public async Task Stop_OnTheWayBack_EndsItUntilItIsTakenUp()
    {
        var movement = new Movement();
        var story = Rehearsed.Small();
        var stop = new PlannedDeed { When = new Moment { At = MomentKind.UndoBegins, Minutes = 15 }, Does = new StopPressed() };

        var run = await Rehearsed.RunAsync(
            story with { Decision = RehearsedDecision.Deny, TakeUpAfterHours = 1, World = story.World with { Deeds = [stop] } }, started: movement.Started);

        movement.AssertBrokenOff(Active);
        Assert.Contains(OrchestrationError.CycleBrokenOff.Code, string.Join(' ', run.Result.View!.Notices.Select(n => n.Message)), StringComparison.Ordinal);
        run.AssertNoHarm();
        Assert.Empty(run.Differences);
        Assert.Equal(("denied", ExitCode.EndedBefore), (run.Result.Account.Outcome, run.Result.ExitCode));
        Assert.Contains("scheduler", movement.Of(run.Result.View!.EndedAt!.Value));
    }

    static PlannedDeed Stop(string stage, int minutes) => new() { When = Moment.BeginOf(stage, minutes), Does = new StopPressed() };

    static Task<Rehearsed> RunAsync(Movement movement, params PlannedDeed[] deeds)
    {
        var story = Rehearsed.Small();
        return Rehearsed.RunAsync(
            story with
            {
                // Nobody else asks it to go on.
                World = story.World with { Deeds = deeds, Absences = [new Absence { Who = LabRole.Requester, From = new Moment { At = MomentKind.Parked } }] },
            },
            started: movement.Started);
    }
}
