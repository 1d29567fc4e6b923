using GwbCloud.Functions.Orchestration.Guards;

namespace GwbCloud.Tests.Functions.Orchestration.Guards;

public sealed class GuardOrchestratorTests
{
    readonly ScriptedClock _clock = new();

    public static TheoryData<GuardKind, GuardPhase> Watched
    {
        get
        {
            var data = new TheoryData<GuardKind, GuardPhase>();
            foreach (var kind in Enum.GetValues<GuardKind>().Except([GuardKind.ListenerSilent]))
            {
                foreach (var phase in Enum.GetValues<GuardPhase>())
                {
                    var world = new GuardedWorld(phase);
                    world.Suffer(kind);
                    if (GuardComparer.Compare(world.Expected, world.Seen).Count > 0) { data.Add(kind, phase); }
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Watched))]
    public async Task Run_SomethingChanges_IsReportedWithinItsInterval(GuardKind kind, GuardPhase phase)
    {
        var world = new GuardedWorld(phase);
        var pace = GuardPace.Of(phase);
        var at = TimeSpan.FromMinutes(61);
        _clock.At(at, () => world.Suffer(kind));
        var guard = world.Context(world.Watch, _clock);

        var report = await _clock.RunAsync(guard.LookAsync, TimeSpan.FromHours(3));

        Assert.Equal([kind], report.Changes.Select(c => c.Kind));
        var bound = kind is GuardKind.GroupGone or GuardKind.GroupEnabled ? pace.Every * pace.GroupsEvery : pace.Every;
        Assert.InRange(_clock.Passed - at, TimeSpan.Zero, bound);
    }

    [Fact]
    public async Task Run_AsItOpens_LooksAtOnce()
    {
        var world = new GuardedWorld(GuardPhase.BeforeWindow);
        world.Suffer(GuardKind.SwitchedOff);
        var guard = world.Context(world.Watch, _clock);

        await _clock.RunAsync(guard.LookAsync, TimeSpan.FromHours(1));

        Assert.Equal(TimeSpan.Zero, _clock.Passed);
    }

    [Fact]
    public async Task Run_WaitsForDays_BeginsItsHistoryAnewAndStopsWhenTold()
    {
        var world = new GuardedWorld(GuardPhase.BeforeWindow);
        var guard = world.Context(world.Watch, _clock);
        _clock.At(TimeSpan.FromDays(3) + TimeSpan.FromMinutes(7), () => guard.Raise(GuardOrchestrator.StopEvent, new GuardStop { By = "test" }));

        var report = await _clock.RunAsync(guard.LookAsync, TimeSpan.FromDays(4));

        Assert.Empty(report.Changes);
        Assert.Equal(TimeSpan.FromDays(3) + TimeSpan.FromMinutes(7), _clock.Passed);
        var looks = 3 * 24 * 2;
        Assert.InRange(guard.Histories, looks / GuardPace.LooksPerHistory, looks / GuardPace.LooksPerHistory + 2);
    }

    /// <summary>Two changes are needed there: the first is seen within half of Connect's cycle, and from then on it looks as often as ever.</summary>
    [Theory]
    [InlineData(GuardPhase.SwitchedOff)]
    [InlineData(GuardPhase.LeavingStaging)]
    public async Task Run_ParkedAtRest_LooksLessOftenUntilOneThingChanges(GuardPhase phase)
    {
        var world = new GuardedWorld(phase);
        var guard = world.Context(world.Watch with { Parked = true }, _clock);
        _clock.At(TimeSpan.FromHours(10) + TimeSpan.FromMinutes(1), () => world.TurnScheduler(on: true));

        var report = await _clock.RunAsync(guard.LookAsync, TimeSpan.FromHours(11));

        Assert.Equal([GuardKind.SchedulerOn], report.Changes.Select(c => c.Kind));
        Assert.InRange(_clock.Passed, TimeSpan.FromHours(10), TimeSpan.FromHours(10.25));
        Assert.Equal(41 + 1, report.Watch.Looks);
        Assert.Equal(GuardPace.Of(phase).Every, GuardPace.Pause(report.Watch));
    }

    /// <summary>What is one change from harm is never at rest.</summary>
    [Theory]
    [InlineData(GuardPhase.SwitchedOff, GuardKind.StagingLeft)]
    [InlineData(GuardPhase.SwitchedOff, GuardKind.AnotherActive)]
    [InlineData(GuardPhase.SwitchedOff, GuardKind.SchedulerOn)]
    [InlineData(GuardPhase.SwitchedOff, GuardKind.WizardOpen)]
    [InlineData(GuardPhase.SwitchedOff, GuardKind.CycleStarted)]
    [InlineData(GuardPhase.SwitchedOff, GuardKind.JobStarted)]
    [InlineData(GuardPhase.SwitchedOff, GuardKind.ListenerSilent)]
    [InlineData(GuardPhase.LeavingStaging, GuardKind.StagingLeft)]
    public void Rests_OneThingIsOtherwise_IsNotAtRest(GuardPhase phase, GuardKind kind)
    {
        var world = new GuardedWorld(phase);
        var before = GuardPace.Rests(world.Watch, world.Seen);

        world.Suffer(kind);

        Assert.Equal((true, false), (before, GuardPace.Rests(world.Watch, world.Seen)));
    }

    [Theory]
    [InlineData(GuardPhase.RulesInPlace)]
    [InlineData(GuardPhase.SwitchedOff)]
    public void Pause_NotParked_IsThatOfThePhase(GuardPhase phase)
        => Assert.Equal(TimeSpan.FromMinutes(5), GuardPace.Pause(new GuardedWorld(phase).Watch with { IsAtRest = true }));

    /// <summary>Two weeks with a change that stays, one that comes and goes, and a listener that is silent at times: each history stays short, and so does what is carried.</summary>
    [Fact]
    public async Task Run_WaitsForTwoWeeks_CarriesNoMoreThanWhatStillIs()
    {
        var world = new GuardedWorld(GuardPhase.SwitchedOff);
        var watch = world.Watch with { Parked = true };
        var largest = 0;
        world.Suffer(GuardKind.BuildChanged);
        for (var hour = 1; hour < 14 * 24; hour++)
        {
            var now = hour;
            _clock.At(TimeSpan.FromHours(hour), () =>
            {
                world.TurnScheduler(on: now % 2 == 0);
                if (now % 3 == 0) { world.Silent.Add(GuardedWorld.Standby); } else { world.Silent.Clear(); }
            });
        }

        while (_clock.Passed < TimeSpan.FromDays(13))
        {
            var guard = world.Context(watch, _clock);
            var report = await _clock.RunAsync(guard.LookAsync, TimeSpan.FromDays(14));
            largest = Math.Max(largest, guard.LongestHistory);
            Assert.InRange(report.Watch.Known.Count + report.Watch.Silent.Count, 0, 4);
            watch = report.Watch with { AtOnce = false };
        }

        Assert.InRange(largest, 1, GuardPace.LooksPerHistory * 20);
    }

    [Fact]
    public async Task Run_StoppedWhileItLooks_EndsAfterThatLook()
    {
        var world = new GuardedWorld(GuardPhase.RulesInPlace);
        world.Silent.Add(GuardedWorld.Standby);
        var guard = world.Context(world.Watch, _clock);
        _clock.At(TimeSpan.FromSeconds(20), () => guard.Raise(GuardOrchestrator.StopEvent, new GuardStop { By = "test" }));

        await _clock.RunAsync(guard.LookAsync, TimeSpan.FromHours(1));

        Assert.InRange(_clock.Passed, TimeSpan.FromSeconds(20), GuardPace.Patience * 2);
    }

    [Fact]
    public async Task Run_ListenerSilent_IsToldOnceAfterAWhileAndIsNoChangeBefore()
    {
        var world = new GuardedWorld(GuardPhase.RulesInPlace);
        world.Suffer(GuardKind.ListenerSilent);
        var guard = world.Context(world.Watch, _clock);

        var report = await _clock.RunAsync(guard.LookAsync, TimeSpan.FromHours(2));

        Assert.Equal([(GuardKind.ListenerSilent, GuardedWorld.Standby)], report.Changes.Select(c => (c.Kind, c.Subject!)));
        Assert.InRange(_clock.Passed, GuardPace.Silence, GuardPace.Silence + GuardPace.Of(GuardPhase.RulesInPlace).Every + (GuardPace.Patience * 2));

        var next = world.Context(report.Watch with { AtOnce = false }, _clock);
        _clock.At(TimeSpan.FromHours(20), () => next.Raise(GuardOrchestrator.StopEvent, new GuardStop { By = "test" }));
        Assert.Empty((await _clock.RunAsync(next.LookAsync, TimeSpan.FromHours(24))).Changes);
    }

    [Fact]
    public async Task Run_UntilClear_ReportsWhenNothingHoldsAGateUpAnyLonger()
    {
        var world = new GuardedWorld(GuardPhase.BeforeWindow);
        world.Suffer(GuardKind.JobStarted);
        var guard = world.Context(world.Watch with { UntilClear = true, Known = GuardComparer.Compare(world.Expected, world.Seen) }, _clock);
        _clock.At(TimeSpan.FromHours(2), world.PauseJob);

        var report = await _clock.RunAsync(guard.LookAsync, TimeSpan.FromHours(4));

        Assert.True(report.Clear);
        Assert.InRange(_clock.Passed, TimeSpan.FromHours(2), TimeSpan.FromHours(2.5));
    }

    [Fact]
    public async Task Run_UntilClearWhileSilent_DoesNotTakeSilenceForClear()
    {
        var world = new GuardedWorld(GuardPhase.BeforeWindow);
        world.Suffer(GuardKind.AnotherActive);
        var known = GuardComparer.Compare(world.Expected, world.Seen);
        world.Silent.Add(GuardedWorld.Standby);
        var guard = world.Context(world.Watch with { UntilClear = true, Known = known }, _clock);

        var report = await _clock.RunAsync(guard.LookAsync, TimeSpan.FromHours(4));

        Assert.False(report.Clear);
        Assert.Equal([GuardKind.ListenerSilent], report.Changes.Select(c => c.Kind));
    }
}
