namespace GwbCloud.Tests.Embedded.Engine;

/// <summary>A clock that stands still while anything is at work, and then jumps to the next timer when the test says so.</summary>
sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    readonly Lock _gate = new();
    readonly List<ManualTimer> _timers = [];
    DateTimeOffset _now = start;
    int _holds;
    TaskCompletionSource _idle = Completed();

    public ManualClock()
        : this(new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero))
    {
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) { return _now; }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>The hook for hosts and engines: as long as one hold is out, <see cref="IdleAsync"/> waits.</summary>
    public IDisposable Busy(string what)
    {
        lock (_gate)
        {
            if (_holds++ == 0) { _idle = new(TaskCreationOptions.RunContinuationsAsynchronously); }
        }
        return new Hold(this);
    }

    /// <summary>Completes when nothing is at work.</summary>
    public Task IdleAsync()
    {
        // A hang shall be a failed test, not a hanging one: this is wall time, and nothing is measured by it.
        lock (_gate) { return _idle.Task.WaitAsync(TimeSpan.FromSeconds(60)); }
    }

    /// <summary>When the next timer is due; null when none waits.</summary>
    public DateTimeOffset? NextTimer
    {
        get
        {
            lock (_gate) { return _timers.Min(t => t.DueAt); }
        }
    }

    /// <summary>Jumps to the next timer and fires it; false when there is none.</summary>
    public bool JumpToNextTimer()
    {
        if (NextTimer is not { } due) { return false; }
        AdvanceTo(due);
        return true;
    }

    public void AdvanceTo(DateTimeOffset time)
    {
        using var hold = Busy("clock");
        while (true)
        {
            ManualTimer? timer;
            lock (_gate)
            {
                timer = _timers.Where(t => t.DueAt <= time).MinBy(t => t.DueAt);
                if (timer is null)
                {
                    if (time > _now) { _now = time; }
                    return;
                }
                if (timer.DueAt > _now) { _now = timer.DueAt.Value; }
                timer.DueAt = null;
                _timers.Remove(timer);
            }
            timer.Fire();
        }
    }

    /// <summary>Lets work end and jumps from timer to timer until the condition holds.</summary>
    public async Task RunUntilAsync(Func<Task<bool>> condition)
    {
        await IdleAsync();
        while (!await condition())
        {
            if (!JumpToNextTimer()) { throw new InvalidOperationException("Nothing is at work, no timer waits, and the condition does not hold."); }
            await IdleAsync();
        }
    }

    static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    void Release()
    {
        lock (_gate)
        {
            if (--_holds == 0) { _idle.TrySetResult(); }
        }
    }

    sealed class Hold(ManualClock clock) : IDisposable
    {
        int _released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0) { clock.Release(); }
        }
    }

    sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset? DueAt { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : clock._now + dueTime;
                if (DueAt is not null) { clock._timers.Add(this); }
            }
            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
