using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;
using GwbCloud.Lab.World.Deeds;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>Groups were taken apart after the switch, and the migration is parked over them: an operator has them brought back at the API.</summary>
public sealed class RepairButtonTests
{
    static readonly string[] Taken = ["written 2", "written 3", "written 4", "written 6"];

    /// <summary>One of each, when the second full synchronisation is proved: the comparison after the supervised Delta is the first that can see it.</summary>
    static readonly PlannedDeed TakenApart = new() { When = Moment.BeginOf("leave-staging-mode", 1), Does = new GroupsTakenApart { Groups = Taken } };

    [Fact]
    public async Task Groups_TakenApartAndRepaired_AreAsTheyWereAndTheMigrationCompletes()
    {
        var (run, first, last) = await ApartAsync(Parked(new GroupsRepaired { Groups = Taken }), Parked(new RetryAsked()));

        run.AssertCompleted();
        Assert.Contains(OrchestrationError.Repaired.Code, run.Result.Codes);
        Assert.Equal(first, last);
    }

    [Fact]
    public async Task Groups_TakenApartAndNotRepaired_ParkTheMigrationAgainAndStayApart()
    {
        var (run, first, last) = await ApartAsync(Parked(new RetryAsked()));

        Assert.Equal(("needsAttention", ExitCode.Harm), (run.Result.Account.Outcome, run.Result.ExitCode));
        Assert.Equal(Taken.Length, first.Zip(last).Count(pair => pair.First != pair.Second));
    }

    /// <summary>Right behind the switch Connect lets the deleted one go, and takes it up no more when it is back: a person releases it by name.</summary>
    [Fact]
    public async Task Group_DeletedBeforeTheSecondFullSyncAndRepaired_IsReleasedByNameAndTakenOver()
    {
        var apart = TakenApart with { When = Moment.BeginOf("second-full-sync", 1) };

        var (run, first, last) = await RunAsync([apart, Parked(new GroupsRepaired { Groups = Taken }), Parked(new RetryAsked { Accept = ["letGo"] })]);

        run.AssertCompleted();
        Assert.Contains(OrchestrationError.LineageWrong.Code, run.Result.Codes);
        Assert.Equal(first, last);
    }

    static Task<(Rehearsed Run, IReadOnlyList<string> First, IReadOnlyList<string> Last)> ApartAsync(params IEnumerable<PlannedDeed> then) => RunAsync([TakenApart, .. then]);

    static async Task<(Rehearsed Run, IReadOnlyList<string> First, IReadOnlyList<string> Last)> RunAsync(IReadOnlyList<PlannedDeed> deeds)
    {
        var story = Rehearsed.Small();
        IReadOnlyList<string> first = [], last = [];
        var run = await Rehearsed.RunAsync(
            story with
            {
                World = story.World with
                {
                    Deeds = deeds,
                    // Or Connect itself gives the members back.
                    Switches = new WorldSwitches { JoinNoFlowWritesMembers = false },
                    Absences = [new Absence { Who = LabRole.Requester, From = new Moment { At = MomentKind.Parked } }],
                },
            },
            inspect: host => last = Describe(host.World),
            started: host => first = Describe(host.World));
        return (run, first, last);
    }

    /// <summary>What stays with a group whatever goes on in Entra, and whether it has members.</summary>
    static List<string> Describe(SimulatedWorld world) => world.Store.Read(() => Taken
        .Select(name => world.Forest.FindByAdminDescription($"Group_{world.SeededGroup(name):D}") is [var o, ..] ? $"{o.ObjectGuid} {o.Sid} {o.DistinguishedName} {o.Members.Count > 0}" : $"{name} is gone")
        .ToList());

    static PlannedDeed Parked(Deed does) => new() { When = new Moment { At = MomentKind.Parked, Minutes = 30 }, Does = does };
}
