using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.AdSync;

namespace GwbCloud.Tests.Listener.Switch;

public sealed class SchedulerGuardTests
{
    [Fact]
    public async Task Flag_ThatGoesOffBeforeTheRulesAreInPlace_TurnsTheSchedulerOff()
    {
        await using var scene = await Scene.SetAsync();

        scene.AdSync.Features = scene.AdSync.Features with { GroupWritebackV2 = false };
        await scene.TickAsync();

        Assert.Equal(["scheduler False"], scene.AdSync.Calls);
    }

    [Fact]
    public async Task Flag_ThatGoesOffWithTheRulesInPlace_LeavesTheSchedulerAlone()
    {
        await using var scene = await Scene.SetAsync();
        scene.AdSync.Rules.AddRange([CoexistenceRuleSpec.Inbound(1), CoexistenceRuleSpec.Outbound(FakeAdSync.AdConnectorId, 2)]);

        scene.AdSync.Features = scene.AdSync.Features with { GroupWritebackV2 = false };
        await scene.TickAsync();
        await scene.TickAsync();

        Assert.Empty(scene.AdSync.Calls);
    }

    [Fact]
    public async Task Flag_ThatIsUnknown_ChangesNothing()
    {
        await using var scene = await Scene.SetAsync();

        scene.AdSync.Features = scene.AdSync.Features with { GroupWritebackV2 = null };
        await scene.TickAsync();

        Assert.Empty(scene.AdSync.Calls);
    }

    [Fact]
    public async Task Flag_ThatWentOffWhileTheListenerWasDown_IsSeenAtItsStart()
    {
        await using var scene = await Scene.SetAsync();
        scene.Listener.Kill();
        scene.AdSync.Features = scene.AdSync.Features with { GroupWritebackV2 = false };

        await scene.Listener.OpenAsync();

        Assert.Equal(["scheduler False"], scene.AdSync.Calls);
    }

    [Fact]
    public async Task Server_WhoseFlagWasNeverSeenAsTrue_IsLeftAlone()
    {
        await using var scene = await Scene.SetAsync(writeback: false);

        await scene.TickAsync();

        Assert.Empty(scene.AdSync.Calls);
    }

    [Fact]
    public async Task Scheduler_TurnedOnAgainBySomebody_IsTurnedOffAgain()
    {
        await using var scene = await Scene.SetAsync();
        scene.AdSync.Features = scene.AdSync.Features with { GroupWritebackV2 = false };
        await scene.TickAsync();

        scene.AdSync.Scheduler = scene.AdSync.Scheduler with { SyncCycleEnabled = true };
        await scene.TickAsync();

        Assert.Equal(["scheduler False", "scheduler False"], scene.AdSync.Calls);
    }

    [Fact]
    public async Task Guard_OutsideMigrations_LooksSeldomAndStillSeesASwitchFromOutside()
    {
        await using var scene = await Scene.SetAsync();
        Assert.Equal(TimeSpan.FromMinutes(10), scene.NextLook);

        await scene.Listener.RunAsync(new SetScheduler { Enabled = true });
        await scene.TickAsync();
        Assert.Equal(TimeSpan.FromMinutes(1), scene.NextLook);

        // Also for the next process, and until a week has passed.
        await scene.Listener.KillAndOpenAsync();
        Assert.Equal(TimeSpan.FromMinutes(1), scene.NextLook);
        scene.Pass(TimeSpan.FromDays(7));
        await scene.TickAsync();
        Assert.Equal(TimeSpan.FromMinutes(10), scene.NextLook);

        scene.AdSync.Calls.Clear();
        scene.AdSync.Features = scene.AdSync.Features with { GroupWritebackV2 = false };
        await scene.TickAsync();
        Assert.Equal(["scheduler False"], scene.AdSync.Calls);
    }

    [Fact]
    public async Task Guard_InAWindowThatNobodyEnded_NeverLooksSeldom()
    {
        await using var scene = await Scene.SetAsync();
        scene.AdSync.Scheduler = scene.AdSync.Scheduler with { SyncCycleEnabled = false };
        await scene.Listener.RunAsync(new InspectServer());

        scene.Pass(TimeSpan.FromDays(30));
        await scene.TickAsync();

        Assert.Equal(TimeSpan.FromMinutes(1), scene.NextLook);
    }

    sealed class Scene : IAsyncDisposable
    {
        readonly TimerClock _clock = new();

        public TestListener Listener { get; } = new();

        /// <summary>The time until the guard's next look.</summary>
        public TimeSpan NextLook => _clock.Due;

        public FakeAdSync AdSync => Listener.AdSync;

        public static async Task<Scene> SetAsync(bool writeback = true)
        {
            var scene = new Scene();
            scene.AdSync.Features = scene.AdSync.Features with { GroupWritebackV2 = writeback };
            scene.Listener.Configure = options => options with { Time = scene._clock, Busy = scene._clock.Hold, GuardSeconds = 60 };
            await scene.Listener.OpenAsync();
            return scene;
        }

        /// <summary>Fires the guard's timer and waits until nothing is at work.</summary>
        public async Task TickAsync()
        {
            _clock.Fire();
            while (_clock.Holds > 0) { await Task.Yield(); }
        }

        /// <summary>Time passes in which the guard does not look.</summary>
        public void Pass(TimeSpan time) => _clock.Now += time;

        public ValueTask DisposeAsync() => Listener.DisposeAsync();
    }

    /// <summary>A clock whose one timer a test fires.</summary>
    sealed class TimerClock : TimeProvider
    {
        Action? _armed;
        int _holds;

        public int Holds => Volatile.Read(ref _holds);

        public DateTimeOffset Now { get; set; } = new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);

        public TimeSpan Due { get; private set; }

        public override DateTimeOffset GetUtcNow() => Now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Timer(this, () => callback(state));

        public void Fire()
        {
            var armed = Interlocked.Exchange(ref _armed, null);
            Assert.NotNull(armed);
            armed();
        }

        public IDisposable Hold(string what)
        {
            Interlocked.Increment(ref _holds);
            return new Held(this);
        }

        sealed class Held(TimerClock clock) : IDisposable
        {
            public void Dispose() => Interlocked.Decrement(ref clock._holds);
        }

        sealed class Timer(TimerClock clock, Action fire) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                if (dueTime != Timeout.InfiniteTimeSpan) { (clock._armed, clock.Due) = (fire, dueTime); }
                return true;
            }

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
