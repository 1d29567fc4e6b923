namespace GwbCloud.Tests.Functions.Orchestration;

/// <summary>Virtual time of scripted orchestrations: when nothing is left to do, it jumps to the next timer.</summary>
sealed class ScriptedClock
{
    public static readonly DateTime Begin = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    const int MostWithoutTime = 1_000;

    readonly List<Timer> _timers = [];
    readonly List<(DateTime At, Action Deed)> _deeds = [];

    public DateTime Now { get; private set; } = Begin;
    public TimeSpan Passed => Now - Begin;

    /// <summary>Timers that nobody cancelled and that are not due: each keeps its instance running.</summary>
    public int TimersLeft => _timers.Count(t => !t.Cancelled.IsCancellationRequested);

    public Task TimerAsync(DateTime at, CancellationToken cancelled)
    {
        var timer = new Timer(at, new(), cancelled);
        _timers.Add(timer);
        return timer.Due.Task;
    }

    /// <summary>Something that somebody does at a moment.</summary>
    public void At(TimeSpan after, Action deed) => _deeds.Add((Begin + after, deed));

    /// <summary>Runs an orchestration to its end.</summary>
    /// <returns>What it returned.</returns>
    /// <exception cref="Xunit.Sdk.XunitException">It waits for something that has no bound, takes longer than it may, or leaves a timer behind.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> orchestration, TimeSpan atMost)
    {
        // Without a context continuations run at once, so that after each step everything has come to rest.
        SynchronizationContext.SetSynchronizationContext(null);
        var work = orchestration();
        var still = 0;
        while (!work.IsCompleted)
        {
            _timers.RemoveAll(t => t.Cancelled.IsCancellationRequested);
            var deed = _deeds.Count == 0 ? default : _deeds.MinBy(d => d.At);
            var next = _timers.MinBy(t => t.At);
            if (deed.Deed is not null && (next is null || deed.At <= next.At))
            {
                _deeds.Remove(deed);
                Now = deed.At > Now ? deed.At : Now;
                deed.Deed();
                continue;
            }
            Assert.True(next is not null, $"After {Passed} it waits for something that has no bound.");
            Assert.True(next.At - Begin <= atMost, $"It waits until {next.At - Begin} after its begin; its bound is {atMost}.");
            // A deadline that is over and not looked at would be waited for again and again, and the test with it.
            still = next.At > Now ? 0 : still + 1;
            Assert.True(still < MostWithoutTime, $"After {Passed} it goes on for ever without letting time pass.");
            _timers.Remove(next);
            Now = next.At > Now ? next.At : Now;
            next.Due.SetResult();
        }
        var result = await work;
        Assert.Equal(0, TimersLeft);
        return result;
    }

    sealed record Timer(DateTime At, TaskCompletionSource Due, CancellationToken Cancelled);
}
