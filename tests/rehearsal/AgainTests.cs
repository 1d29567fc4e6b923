using System.Globalization;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;
using GwbCloud.Lab.World.Deeds;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>A migration that people put off, and the next one a week later.</summary>
public sealed class AgainTests
{
    const int Day = 24 * 60;

    [Theory]
    [InlineData(RehearsedDecision.Postpone, RehearsedGate.Plan)]
    [InlineData(RehearsedDecision.Expire, RehearsedGate.Switch)]
    public async Task PutOffAndAgainAWeekLater_WithAHundredChangedGroups_CompletesAndStampsNothingTwice(RehearsedDecision decision, RehearsedGate at)
    {
        var run = await Rehearsed.RunAsync(new Story
        {
            World = new WorldOptions { Groups = 120, M365 = 12, Deeds = [.. Week()] },
            Decision = decision,
            At = at,
            AgainAfterDays = 7,
        });

        run.AssertCompleted();
        Assert.Equal(0, run.Planned.StampedTwice);
        // Every group of both plans that was there at the beginning, and no other.
        Assert.InRange(run.Planned.EverStamped, run.Result.Account.Groups.Planned, 140);
    }

    /// <summary>Deny the second time takes away what the first one left.</summary>
    [Fact]
    public async Task PutOffAndDeniedTheNextTime_LeavesNothingOfEither()
    {
        var story = Rehearsed.Small();
        var run = await Rehearsed.RunAsync(story with { Decision = RehearsedDecision.Postpone, At = RehearsedGate.Plan, AgainAfterDays = 2, AgainDecision = RehearsedDecision.Deny });

        run.AssertNoHarm();
        Assert.Equal("denied", run.Result.Account.Outcome);
        Assert.Empty(run.Differences);
        Assert.Equal(0, run.Planned.StampedTwice);
    }

    /// <summary>A hundred groups: other members and descriptions, new ones, some gone, some of another name.</summary>
    static IEnumerable<PlannedDeed> Week()
    {
        yield return On(1, new GroupsTouched { Count = 85 });
        for (int i = 0; i < 5; i++)
        {
            yield return On(2, new GroupCreated { Name = string.Create(CultureInfo.InvariantCulture, $"Came in between {i}") });
            yield return On(3, new GroupHardDeleted { Group = string.Create(CultureInfo.InvariantCulture, $"written {90 + i}") });
            yield return On(4, new GroupRenamed { Group = string.Create(CultureInfo.InvariantCulture, $"written {100 + i}"), Name = string.Create(CultureInfo.InvariantCulture, $"Has another name {i}") });
        }

        static PlannedDeed On(int day, Deed deed) => new() { When = new Moment { At = MomentKind.UndoBegins, Minutes = day * Day }, Does = deed };
    }
}
