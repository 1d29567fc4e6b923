namespace GwbCloud.Tests.Functions.Graph;

/// <summary>A clock that moves only when a test says so, and fires what is due then.</summary>
sealed class ManualTime : TimeProvider
{
    readonly List<Timer> _timers = [];
    DateTimeOffset _now = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan time)
    {
        _now += time;
        foreach (var timer in _timers.Where(t => t.Due <= _now).ToList())
        {
            timer.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    sealed class Timer(ManualTime clock, Action fire) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public void Fire()
        {
            Dispose();
            fire();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Dispose();
            if (dueTime >= TimeSpan.Zero)
            {
                Due = clock._now + dueTime;
                clock._timers.Add(this);
            }

            return true;
        }

        public void Dispose() => clock._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
