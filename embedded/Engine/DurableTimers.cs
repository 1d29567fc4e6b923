namespace GwbCloud.Embedded.Engine;

/// <summary>All waiting timers on one timer of the provider, armed for the earliest; as long as need be.</summary>
sealed class DurableTimers : IDisposable
{
    /// <summary>Below the longest that timers of .NET can wait (about 49 days).</summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromDays(30);

    readonly Lock _gate = new();
    readonly PriorityQueue<Action, (DateTimeOffset DueAt, long Order)> _waiting = new();
    readonly TimeProvider _time;
    readonly ITimer _timer;
    long _order;
    DateTimeOffset _armedFor = DateTimeOffset.MaxValue;
    bool _stopped;

    public DurableTimers(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static timers => ((DurableTimers)timers!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Calls <paramref name="due"/> once the time has come, on the provider's thread, and never earlier.</summary>
    public void Add(DateTimeOffset dueAt, Action due)
    {
        lock (_gate)
        {
            if (_stopped) { return; }
            _waiting.Enqueue(due, (dueAt, ++_order));
            if (dueAt < _armedFor) { Arm(); }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            _waiting.Clear();
        }
        _timer.Dispose();
    }

    void Fire()
    {
        var due = new List<Action>();
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            while (!_stopped && _waiting.TryPeek(out var action, out var when) && when.DueAt <= now)
            {
                _waiting.Dequeue();
                due.Add(action);
            }
        }
        foreach (var action in due) { action(); }
        lock (_gate)
        {
            if (!_stopped) { Arm(); }
        }
    }

    void Arm()
    {
        if (!_waiting.TryPeek(out _, out var first))
        {
            _armedFor = DateTimeOffset.MaxValue;
            return;
        }
        _armedFor = first.DueAt;
        var wait = first.DueAt - _time.GetUtcNow();
        // Whole milliseconds, upwards: the provider counts no finer, and a timer must not fire early.
        long milliseconds = wait <= TimeSpan.Zero ? 0 : (long)Math.Ceiling(Math.Min(wait.TotalMilliseconds, LongestWait.TotalMilliseconds));
        _timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
    }
}
