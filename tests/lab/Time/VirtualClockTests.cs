using GwbCloud.Lab.Time;

namespace GwbCloud.Tests.Lab.Time;

public sealed class VirtualClockTests : IDisposable
{
    readonly VirtualClock _clock = VirtualClock.InMemory();
    readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    public void Dispose() => _clock.Dispose();

    [Fact]
    public async Task Sleep_OfDays_TakesNoTimeAndEndsAtTheMoment()
    {
        using var busy = _clock.Busy("test");

        await _clock.SleepAsync(TimeSpan.FromDays(5), _stop);

        Assert.Equal(VirtualClock.Start + TimeSpan.FromDays(5), _clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromDays(5), _clock.GetElapsedTime(VirtualClock.Start.UtcTicks, _clock.GetTimestamp()));
    }

    [Fact]
    public async Task Clock_WhileHeld_StandsStillAlthoughATimerIsDue()
    {
        var fired = new TaskCompletionSource<DateTimeOffset>(TaskCreationOptions.RunContinuationsAsynchronously);
        ITimer timer;
        using (_clock.Busy("a"))
        {
            using (_clock.Busy("b")) { timer = _clock.CreateTimer(_ => fired.TrySetResult(_clock.GetUtcNow()), null, TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan); }

            Assert.False(fired.Task.IsCompleted);
            Assert.Equal(["a"], _clock.OpenHolds);
            Assert.Equal(VirtualClock.Start, _clock.GetUtcNow());
        }

        Assert.Equal(VirtualClock.Start + TimeSpan.FromMinutes(1), await fired.Task.WaitAsync(_stop));
        await timer.DisposeAsync();
    }

    [Fact]
    public async Task Timers_OfTheSameMoment_FireInTheOrderOfTheirMaking()
    {
        var order = new List<int>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var timers = new List<ITimer>();
        using (_clock.Busy("test"))
        {
            for (int i = 0; i < 100; i++)
            {
                int n = i;
                timers.Add(_clock.CreateTimer(_ =>
                {
                    order.Add(n);
                    if (n == 99) { all.SetResult(); }
                }, null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan));
            }
        }

        await all.Task.WaitAsync(_stop);

        Assert.Equal(Enumerable.Range(0, 100), order);
    }

    [Fact]
    public async Task Callback_ThatOpensAHold_StopsTheNextTimerUntilTheHoldEnds()
    {
        var log = new List<string>();
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var started = _clock.Busy("test");
        using var first = _clock.CreateTimer(async _ =>
        {
            using var busy = _clock.Busy("first");
            await Task.Yield();
            await Task.Run(() => log.Add($"first {_clock.GetUtcNow():mm:ss}"), _stop);
        }, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        using var second = _clock.CreateTimer(_ =>
        {
            log.Add($"second {_clock.GetUtcNow():mm:ss}");
            last.SetResult();
        }, null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);

        started.Dispose();
        await last.Task.WaitAsync(_stop);

        Assert.Equal(["first 00:01", "second 00:02"], log);
    }

    [Fact]
    public async Task Sleepers_InParallel_WakeInOrderEachAtItsMoment()
    {
        var woken = new List<(int Sleeper, TimeSpan At)>();

        await Task.WhenAll(Enumerable.Range(1, 50).Select(async n =>
        {
            using var busy = _clock.Busy($"sleeper {n}");
            // Everybody is at work before the first sleeps.
            await Task.Yield();
            await _clock.SleepUntilAsync(VirtualClock.Start + TimeSpan.FromMinutes(n), _stop);
            lock (woken) { woken.Add((n, _clock.GetUtcNow() - VirtualClock.Start)); }
        }));

        Assert.All(woken, w => Assert.Equal(TimeSpan.FromMinutes(w.Sleeper), w.At));
        Assert.Equal(50, woken.Count);
    }

    [Fact]
    public async Task Sleep_Cancelled_GivesTheHoldBack()
    {
        using var busy = _clock.Busy("test");
        using var other = _clock.Busy("other");
        using var stop = new CancellationTokenSource();

        var sleep = _clock.SleepAsync(TimeSpan.FromHours(1), stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sleep);
        other.Dispose();
        Assert.Equal(VirtualClock.Start, _clock.GetUtcNow());
        await _clock.SleepAsync(TimeSpan.FromMinutes(1), _stop);
        Assert.Equal(VirtualClock.Start + TimeSpan.FromMinutes(1), _clock.GetUtcNow());
    }

    [Fact]
    public async Task Sleep_WithoutAHold_IsRefused() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => _clock.SleepAsync(TimeSpan.FromSeconds(1), _stop));

    [Fact]
    public async Task TimerOfAPeriod_FiresEachTimeUntilChanged()
    {
        var times = new List<TimeSpan>();
        var third = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ITimer? timer = null;
        using (_clock.Busy("test"))
        {
            timer = _clock.CreateTimer(_ =>
            {
                times.Add(_clock.GetUtcNow() - VirtualClock.Start);
                if (times.Count == 3)
                {
                    timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    third.SetResult();
                }
            }, null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(30));
        }

        await third.Task.WaitAsync(_stop);
        using var busy = _clock.Busy("test");
        await _clock.SleepAsync(TimeSpan.FromDays(1), _stop);

        Assert.Equal([TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(31), TimeSpan.FromMinutes(61)], times);
        await timer.DisposeAsync();
    }

    [Fact]
    public async Task DelayOfTheFramework_RunsOnTheClock()
    {
        using (_clock.Busy("test")) { _ = Task.Delay(TimeSpan.FromDays(2), _clock, _stop); }
        using var stop = new CancellationTokenSource(TimeSpan.FromDays(3), _clock);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = stop.Token.Register(() => cancelled.SetResult());

        await cancelled.Task.WaitAsync(_stop);

        Assert.True(_clock.GetUtcNow() >= VirtualClock.Start + TimeSpan.FromDays(3));
    }

    [Fact]
    public async Task Clock_WithNothingAtWorkAndNothingDue_SaysThatItStalled()
    {
        _clock.IdlePatience = TimeSpan.FromMilliseconds(20);

        var e = await Assert.ThrowsAsync<ClockStalledException>(() => _clock.Stalled.WaitAsync(_stop));

        Assert.Contains("no timer", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clock_HeldByWhoSleepsWithASecondHold_NamesTheHolds()
    {
        using var first = _clock.Busy("the operator");
        using var second = _clock.Busy("the listener");
        _ = _clock.SleepAsync(TimeSpan.FromHours(1), _stop);
        _clock.HoldPatience = TimeSpan.FromMilliseconds(20);

        var e = await Assert.ThrowsAsync<ClockStalledException>(() => _clock.Stalled.WaitAsync(_stop));

        Assert.Contains("1 x the operator, 1 x the listener", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WallClock_HoldsNothingAndKnowsNoStall()
    {
        using var clock = new WallClock();
        using var busy = clock.Busy("test");

        await clock.SleepAsync(TimeSpan.FromMilliseconds(1), _stop);
        await clock.SleepAsync(TimeSpan.FromDays(-1), _stop);

        Assert.False(clock.IsVirtual || clock.Stalled.IsCompleted);
        Assert.Empty(clock.OpenHolds);
    }

    [Fact]
    public async Task Clock_ThatOnlySpins_StopsAtItsLimitAndSaysSo()
    {
        _clock.Limit = VirtualClock.Start + TimeSpan.FromDays(10);
        using var timer = _clock.CreateTimer(_ => { }, null, TimeSpan.FromHours(1), TimeSpan.FromHours(1));

        await Assert.ThrowsAsync<ClockStalledException>(() => _clock.Stalled.WaitAsync(_stop));

        Assert.Equal(_clock.Limit, _clock.GetUtcNow());
    }

    [Fact]
    public async Task Callback_ThatThrows_FailsTheStalledTask()
    {
        using var timer = _clock.CreateTimer(_ => throw new FormatException("boom"), null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);

        var e = await Assert.ThrowsAsync<FormatException>(() => _clock.Stalled.WaitAsync(_stop));

        Assert.Equal("boom", e.Message);
    }

    [Fact]
    public async Task Clock_OpenedAgain_IsNotEarlierThanAnybodySaw()
    {
        using var folder = new TempFolder();
        using (var clock = VirtualClock.Open(folder.Path))
        {
            using var busy = clock.Busy("test");
            await clock.SleepAsync(TimeSpan.FromHours(7), _stop);
            await clock.SleepAsync(TimeSpan.FromMinutes(1), _stop);
        }

        using var again = VirtualClock.Open(folder.Path);

        Assert.Equal(VirtualClock.Start + new TimeSpan(7, 1, 0), again.GetUtcNow());
    }
}
