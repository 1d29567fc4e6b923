using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;
using GwbCloud.Lab.World.Deeds;

namespace GwbCloud.Tests.Rehearsal;

public sealed class DeedTests
{
    [Fact]
    public async Task PassiveOperators_EndTheMigrationBeforeTheSwitch()
    {
        var run = await Rehearsed.RunAsync(Rehearsed.Small() with { Operators = OperatorMode.Passive });

        run.AssertNoHarm();
        Assert.Equal(ExitCode.EndedBefore, run.Result.ExitCode);
        Assert.NotEmpty(run.Result.Codes);
    }

    /// <summary>Deeds that change nothing of the plan fall on the moments that the product shows, and the migration goes on.</summary>
    [Fact]
    public async Task Deeds_AtMomentsOfTheMigration_AreDoneThere()
    {
        var seen = new List<DeedRecord>();
        var story = Rehearsed.Small();
        story = story with
        {
            World = story.World with
            {
                Deeds =
                [
                    new PlannedDeed { When = Moment.EndOf("assess"), Does = new GroupSoftDeleted { Group = "m365 1" } },
                    new PlannedDeed { When = Moment.OpeningOf("plan", 30), Does = new GroupMembersChanged { Group = "written 2", Added = 1 } },
                    new PlannedDeed { When = Moment.ApprovalOf("plan"), Does = new GroupMembersChanged { Group = "m365 2", Removed = 1 } },
                    new PlannedDeed { When = Moment.EndOf("verify-migration"), Does = new GroupMembersChanged { Group = "written 2", Removed = 1 } },
                ],
            },
        };

        var run = await Rehearsed.RunAsync(story, inspect: host => seen.AddRange(host.World.Deeds.Done));

        run.AssertCompleted();
        var stages = run.Result.View!.Stages.ToDictionary(s => s.Name);
        Assert.Equal(3, seen.Count(d => d.Deed is GroupMembersChanged));
        Assert.Equal(stages[Functions.Orchestration.StageName.VerifyMigration].EndedAt, seen[^1].DoneAt);
        Assert.Equal(seen.Count, run.Result.Account.Outside.Deeds);
    }

    [Fact]
    public async Task AbsentApprover_LetsTheSecondGateExpire()
    {
        var story = Rehearsed.Small();

        var run = await Rehearsed.RunAsync(story with
        {
            World = story.World with { Absences = [new Absence { Who = LabRole.SecondApprover, From = Moment.OpeningOf("switch") }] },
        });

        run.AssertNoHarm();
        Assert.Equal("expired", run.Result.Account.Outcome);
    }
}
