using GwbCloud.Functions.Orchestration.Guards;

namespace GwbCloud.Tests.Functions.Orchestration.Guards;

public sealed class GuardComparerTests
{
    /// <summary>In which phases a kind is no change, because it is asked for, judged by somebody else, or can't be.</summary>
    static readonly Dictionary<GuardKind, GuardPhase[]> NotWatched = new()
    {
        [GuardKind.StagingLeft] =
            [GuardPhase.BeforeWindow, GuardPhase.Drained, GuardPhase.AfterTheirSwitch, GuardPhase.LeavingStaging, GuardPhase.Rings, GuardPhase.Soak],
        [GuardKind.StagingEntered] =
            [GuardPhase.Drained, GuardPhase.Staging, GuardPhase.RulesInPlace, GuardPhase.AtTheSwitch, GuardPhase.AfterTheirSwitch, GuardPhase.SwitchedOff, GuardPhase.LeavingStaging],
        [GuardKind.SchedulerOn] = [GuardPhase.BeforeWindow, GuardPhase.Rings, GuardPhase.Soak],
        [GuardKind.SchedulerOff] = All(except: [GuardPhase.BeforeWindow, GuardPhase.Rings, GuardPhase.Soak]),
        [GuardKind.WizardOpen] = [GuardPhase.Drained, GuardPhase.AfterTheirSwitch, GuardPhase.LeavingStaging, GuardPhase.Rings, GuardPhase.Soak],
        [GuardKind.CycleStarted] = [GuardPhase.BeforeWindow, GuardPhase.Drained, GuardPhase.AfterTheirSwitch, GuardPhase.LeavingStaging, GuardPhase.Rings, GuardPhase.Soak],
        [GuardKind.RulesChanged] = [GuardPhase.Drained, GuardPhase.Staging, GuardPhase.AfterTheirSwitch],
        [GuardKind.SwitchedOff] = [GuardPhase.AtTheSwitch, GuardPhase.AfterTheirSwitch, GuardPhase.SwitchedOff, GuardPhase.LeavingStaging, GuardPhase.Rings, GuardPhase.Soak],
        [GuardKind.JobStarted] = [GuardPhase.Soak],
        [GuardKind.JobStopped] = All(except: [GuardPhase.Soak]),
        [GuardKind.GroupGone] = Outside,
        [GuardKind.GroupEnabled] = Outside,
        // Only time makes silence a thing to tell.
        [GuardKind.ListenerSilent] = All(except: []),
    };

    static GuardPhase[] Outside => [GuardPhase.BeforeWindow, GuardPhase.AfterTheirSwitch, GuardPhase.SwitchedOff, GuardPhase.LeavingStaging, GuardPhase.Rings, GuardPhase.Soak];

    public static TheoryData<GuardPhase> Phases => [.. Enum.GetValues<GuardPhase>()];

    public static MatrixTheoryData<GuardKind, GuardPhase> Everything => new(Enum.GetValues<GuardKind>(), Enum.GetValues<GuardPhase>());

    [Theory]
    [MemberData(nameof(Phases))]
    public void Compare_AsItMustBe_FindsNothing(GuardPhase phase)
    {
        var world = new GuardedWorld(phase);

        Assert.Empty(GuardComparer.Compare(world.Expected, world.Seen));
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void Compare_SomebodyChangesOneThing_FindsThatThingWhereItIsWatched(GuardKind kind, GuardPhase phase)
    {
        var world = new GuardedWorld(phase);

        world.Suffer(kind);

        GuardKind[] expected = NotWatched.GetValueOrDefault(kind, []).Contains(phase) ? [] : [kind];
        Assert.Equal(expected, GuardComparer.Compare(world.Expected, world.Seen).Select(c => c.Kind));
    }

    /// <summary>What we paused ourselves stands until the retry, and nobody is told of it as of somebody else's deed.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Compare_JobThatStandsInTheSoak_IsAChangeUnlessWePausedIt(bool ours)
    {
        var world = new GuardedWorld(GuardPhase.Soak);
        world.PauseJob();

        var changes = GuardComparer.Compare(InTheSoak(world, ours), world.Seen);

        Assert.Equal(ours ? [] : [GuardKind.JobStopped], changes.Select(c => c.Kind));
    }

    [Fact]
    public void Compare_JobThatWePausedAndSomebodyStarts_IsAChange()
    {
        var world = new GuardedWorld(GuardPhase.Soak);

        Assert.Equal([GuardKind.JobStarted], GuardComparer.Compare(InTheSoak(world, paused: true), world.Seen).Select(c => c.Kind));
    }

    static GuardExpectation InTheSoak(GuardedWorld world, bool paused)
        => GuardExpectation.Of(GuardPhase.Soak, world.Input.Plan, world.Input.Facts with { JobStopped = paused }, working: false);

    [Theory]
    [MemberData(nameof(Phases))]
    public void Compare_NobodyAnswers_FindsNothing(GuardPhase phase)
    {
        var world = new GuardedWorld(phase);
        world.Suffer(GuardKind.SwitchedOff);
        world.Suffer(GuardKind.SchedulerOn);
        world.Suffer(GuardKind.RulesChanged);
        world.Suffer(GuardKind.AnotherActive);

        world.Silent.UnionWith([GuardedWorld.Active, GuardedWorld.Standby]);

        Assert.Empty(GuardComparer.Compare(world.Expected, world.Seen));
    }

    [Fact]
    public void Compare_OneServerAnswers_StillSeesWhatTheTenantShares()
    {
        var world = new GuardedWorld(GuardPhase.RulesInPlace);
        world.Suffer(GuardKind.SwitchedOff);

        world.Silent.Add(GuardedWorld.Active);

        Assert.Equal([GuardKind.SwitchedOff], GuardComparer.Compare(world.Expected, world.Seen).Select(c => c.Kind));
    }

    [Fact]
    public void Compare_FlagCannotBeRead_IsNoSwitch()
    {
        var world = new GuardedWorld(GuardPhase.RulesInPlace);
        var seen = world.Seen with
        {
            Servers = [.. world.Seen.Servers.Select(s => s with { Facts = s.Facts! with { Features = new() { GroupWritebackV2 = null, UnifiedGroupWriteback = null } } })],
        };

        Assert.Empty(GuardComparer.Compare(world.Expected, seen));
    }

    [Fact]
    public void Fresh_ComesBackAfterItWasGone_IsToldAgain()
    {
        var world = new GuardedWorld(GuardPhase.RulesInPlace);
        var before = world.Seen;
        world.Suffer(GuardKind.SchedulerOn);
        var on = GuardComparer.Compare(world.Expected, world.Seen);

        var known = GuardMemory.After([], on, world.Seen);
        Assert.Empty(GuardMemory.Fresh(known, on));
        known = GuardMemory.After(known, [], before);

        Assert.Equal(on, GuardMemory.Fresh(known, on));
    }

    [Fact]
    public void Known_NotReadThisTime_IsNotForgotten()
    {
        var world = new GuardedWorld(GuardPhase.RulesInPlace);
        world.Suffer(GuardKind.GroupGone);
        world.Suffer(GuardKind.BuildChanged);
        var changes = GuardComparer.Compare(world.Expected, world.Seen);

        world.Silent.Add(GuardedWorld.Standby);
        var known = GuardMemory.After(changes, [], world.Seen with { Groups = null });

        Assert.Equal([GuardKind.BuildChanged, GuardKind.GroupGone], known.Select(c => c.Kind).Order());
    }

    static GuardPhase[] All(GuardPhase[] except) => [.. Enum.GetValues<GuardPhase>().Except(except)];
}
