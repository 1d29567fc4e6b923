using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;
using GwbCloud.Lab.World.Deeds;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>A ring stops over what an administrator did on purpose; a person reads the review, and accepts it by name or does not.</summary>
public sealed class ReviewTests
{
    /// <summary>Into the last ring, when Cloud Sync has taken all of them over and writes only what changes.</summary>
    const int InLastRing = 113;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ring_StoppedOverAMovedGroup_GoesOnOnlyWhenTheReviewIsAccepted(bool accepted)
    {
        var story = Rehearsed.Small();

        var run = await Rehearsed.RunAsync(story with
        {
            World = story.World with
            {
                Deeds =
                [
                    new PlannedDeed { When = Moment.BeginOf("start-cloud-sync", InLastRing), Does = new ObjectMoved { Group = "written 5" } },
                    Looked(new RetryAsked { Accept = accepted ? ["moved"] : [] }),
                ],
                Absences = [new Absence { Who = LabRole.Requester, From = new Moment { At = MomentKind.Parked } }],
            },
        });

        run.AssertNoHarm();
        Assert.Contains("GWB2780", run.Result.Codes);
        Assert.Equal(accepted ? ("completed", ExitCode.Completed) : ("needsAttention", ExitCode.ParkedAfter), (run.Result.Account.Outcome, run.Result.ExitCode));
        Assert.Equal(accepted, run.Result.View!.Review is null);
    }

    /// <summary>Right after the switch's last stage, before any ring: Cloud Sync would make the deleted group a second time, and move the other one back.</summary>
    [Fact]
    public async Task Groups_DeletedAndMovedBeforeTheirRing_AreRepairedBeforeCloudSyncEverSeesThem()
    {
        string[] taken = ["written 2", "written 3", "written 4", "written 6"];
        var story = Rehearsed.Small();

        var run = await Rehearsed.RunAsync(story with
        {
            World = story.World with
            {
                Deeds =
                [
                    new PlannedDeed { When = Moment.BeginOf("start-cloud-sync"), Does = new GroupsTakenApart { Groups = taken } },
                    Looked(new GroupsRepaired { Groups = taken }),
                    Looked(new RetryAsked()),
                ],
                Switches = new WorldSwitches { JoinNoFlowWritesMembers = false },
                Absences = [new Absence { Who = LabRole.Requester, From = new Moment { At = MomentKind.Parked } }],
            },
        });

        run.AssertCompleted();
        Assert.Equal(0, run.Planned.EverCreated);
        Assert.Contains("GWB2867", run.Result.Codes);
        Assert.Contains("GWB2864", run.Result.Codes);
    }

    static PlannedDeed Looked(OperatorDeed does) => new() { When = new Moment { At = MomentKind.Parked, Minutes = 30 }, Does = does };

    /// <summary>
    /// Where Connect writes no members of what it only joins, nobody but the operator puts back what a ring lost before it was parked.
    /// </summary>
    [Theory]
    [InlineData(Sabotage.FirstMatchRemovesMembers)]
    [InlineData(Sabotage.RingLosesMembers)]
    [InlineData(Sabotage.Escrow)]
    [InlineData(Sabotage.ConnectStillWrites)]
    [InlineData(Sabotage.GmsaRightsMissing)]
    public async Task Ring_SabotagedWhereConnectWritesNoMembers_ParksAndIsRepaired(Sabotage sabotage)
    {
        var designed = SabotageTable.Rows[sabotage];

        var run = await Rehearsed.RunAsync(WithoutMembersOfConnect(sabotage));

        run.AssertNoHarm();
        Assert.Equal(designed.ExitCode, run.Result.ExitCode);
        Assert.All(designed.Codes, code => Assert.Contains(code, run.Result.Codes));
        Assert.Equal(sabotage is Sabotage.FirstMatchRemovesMembers or Sabotage.RingLosesMembers, run.Result.Codes.Contains("GWB2864"));
    }

    /// <summary>What nobody repairs is harm, and is counted as harm.</summary>
    [Fact]
    public async Task Ring_LostMembersAndTheOperatorIsGone_EndsInHarm()
    {
        var story = WithoutMembersOfConnect(Sabotage.RingLosesMembers);

        var run = await Rehearsed.RunAsync(story with
        {
            World = story.World with { Absences = [new Absence { Who = LabRole.Operator, From = new Moment { At = MomentKind.Parked } }] },
        });

        Assert.Equal(ExitCode.Harm, run.Result.ExitCode);
        Assert.NotEqual(0, run.Result.Account.Harm);
    }

    static Story WithoutMembersOfConnect(Sabotage sabotage)
    {
        var story = Rehearsed.Small(sabotage);
        return story with { World = story.World with { Switches = new WorldSwitches { JoinNoFlowWritesMembers = false } } };
    }
}
