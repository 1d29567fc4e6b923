using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>Two forests, three servers, names and places of all sorts, nested five deep, every awkward kind: <c>lab/scenarios/mixed.json</c>, smaller.</summary>
public sealed class MixedWorldTests
{
    [Fact]
    public async Task MixedWorld_Migrates_AndLosesOnlyWhatWasAnnounced()
    {
        var run = await Rehearsed.RunAsync(Mixed());

        run.AssertCompleted();
        Assert.InRange(run.Result.Account.Groups.Planned, 390, 402);
        // Whoever also writes members heals what the other one takes.
        Assert.Equal(0, run.Result.Account.Members.LostAnnounced);
    }

    [Fact]
    public async Task MixedWorld_WhereConnectLeavesMembersAlone_LosesSomeByName()
    {
        var story = Mixed();

        var run = await Rehearsed.RunAsync(story with { World = story.World with { Groups = 60, Switches = story.World.Switches with { JoinNoFlowWritesMembers = false } } });

        run.AssertCompleted();
        Assert.True(run.Result.Account.Members.LostAnnounced > 0);
        Assert.Equal(0, run.Result.Account.Members.LostUnannounced);
    }

    [Fact]
    public async Task MixedWorld_OfPassiveOperators_EndsBeforeTheSwitch()
    {
        var story = Mixed();

        var run = await Rehearsed.RunAsync(story with { Operators = OperatorMode.Passive, World = story.World with { Groups = 60 } });

        run.AssertNoHarm();
        Assert.Equal(ExitCode.EndedBefore, run.Result.ExitCode);
        Assert.Equal(0, run.Result.Account.Switch.Transitions);
        Assert.NotEmpty(run.Result.Codes);
    }

    static Story Mixed()
    {
        var story = ScenarioFile.Read(Path.Combine(AppContext.BaseDirectory, "scenarios", "mixed.json")).Over(new Story(), name => name);
        return story with { World = story.World with { Groups = 360, Awkward = 40, M365 = 60, DeviatingNames = 40, DeviatingPlaces = 15, Orphans = 2, DisabledRetained = 4, SoftDeletedRetained = 3, MailBearing = 2 } };
    }
}
