using System.Buffers.Binary;
using GwbCloud.Journal;

namespace GwbCloud.Lab.Time;

/// <summary>Time that stands still while anybody is at work and otherwise jumps to the next due timer, so that days pass in milliseconds and nothing races.</summary>
/// <remarks>
/// <para>One thread of its own fires the timers one by one: by moment, then in the order in which they were set. A callback runs under a hold
/// of the clock's, and what it leaves at work (holds that it opened) ends before the next timer fires, also one of the same moment.</para>
/// <para>Each new moment is written to a journal before anybody can see it, so that a second start never goes back in time.</para>
/// </remarks>
public sealed class VirtualClock : LabClock
{
    readonly object _gate = new();
    readonly PriorityQueue<Due, (long Ticks, long Order)> _due = new();
    readonly SortedDictionary<long, string> _holds = [];
    readonly TaskCompletionSource _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly JournalFile? _journal;
    readonly Thread _pump;
    readonly byte[] _moment = new byte[sizeof(long)];
    TimeSpan _idlePatience = TimeSpan.FromSeconds(2);
    TimeSpan _holdPatience = TimeSpan.FromMinutes(2);
    long _ticks;
    long _activity;
    long _nextHold;
    long _nextOrder;
    int _busy;
    bool _closed;

    VirtualClock(DateTimeOffset now, JournalFile? journal)
    {
        (_ticks, _journal) = (now.UtcTicks, journal);
        Limit = now + TimeSpan.FromDays(365);
        // Nobody has to look at the task for the process to stay well.
        _ = _stalled.Task.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        _pump = new Thread(Pump) { IsBackground = true, Name = "virtual clock" };
        _pump.Start();
    }

    /// <summary>The first moment of a new clock: a Monday morning.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);

    /// <summary>Time stops here and <see cref="Stalled"/> fails; a year after the clock's start unless set otherwise. Keeps a world that only spins from running for ever.</summary>
    public DateTimeOffset Limit { get; set; }

    /// <summary>How long, in real time, nothing may be at work and no timer set before that counts as a stall.</summary>
    public TimeSpan IdlePatience
    {
        get => _idlePatience;
        set => Set(ref _idlePatience, value);
    }

    /// <summary>
    /// How long, in real time, holds may stay open with nothing opened, closed or set before that counts as a stall: somebody waits for a
    /// timer of this clock, or sleeps with a second hold open.
    /// </summary>
    public TimeSpan HoldPatience
    {
        get => _holdPatience;
        set => Set(ref _holdPatience, value);
    }

    /// <inheritdoc/>
    public override bool IsVirtual => true;

    /// <inheritdoc/>
    public override Task Stalled => _stalled.Task;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override IReadOnlyList<string> OpenHolds
    {
        get
        {
            lock (_gate)
            {
                return [.. _holds.Values];
            }
        }
    }

    /// <summary>A clock that forgets its moment with the process.</summary>
    public static VirtualClock InMemory(DateTimeOffset? start = null) => new(start ?? Start, journal: null);

    /// <summary>Opens the clock of a folder: at the last moment that anybody saw, or at <see cref="Start"/>.</summary>
    /// <exception cref="JournalException">The file <c>clock.journal</c> in the folder is damaged or in use.</exception>
    public static VirtualClock Open(string directory)
    {
        long ticks = Start.UtcTicks;
        var journal = JournalFile.Open(Path.Combine(directory, "clock.journal"), r => ticks = BinaryPrimitives.ReadInt64LittleEndian(r), JournalDurability.Process);
        return new VirtualClock(new DateTimeOffset(ticks, TimeSpan.Zero), journal);
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    /// <inheritdoc/>
    public override IDisposable Busy(string what)
    {
        lock (_gate)
        {
            _busy++;
            _activity++;
            _holds.Add(++_nextHold, what);
            return new Hold(this, _nextHold);
        }
    }

    /// <inheritdoc/>
    public override Task SleepAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) { return Task.FromCanceled(cancellationToken); }
        if (duration <= TimeSpan.Zero) { return Task.CompletedTask; }
        return new Sleeper(this).SleepAsync(duration, cancellationToken);
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
        if (Thread.CurrentThread != _pump) { _pump.Join(); }
        _journal?.Dispose();
        base.Dispose(disposing);
    }

    void Pump()
    {
        while (TakeNext() is { } due)
        {
            try
            {
                due.Fire();
            }
            catch (Exception e)
            {
                // A callback has no caller who could be told.
                _stalled.TrySetException(e);
            }
            lock (_gate) { GiveUp(); }
        }
    }

    /// <summary>The next timer, with the clock at its moment and a hold open for its callback; null when the clock is closed.</summary>
    Due? TakeNext()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_closed) { return null; }
                while (_due.TryPeek(out var next, out _) && next.IsCancelled) { _due.Dequeue(); }
                if (_busy > 0)
                {
                    long seen = _activity;
                    if (!Monitor.Wait(_gate, _holdPatience) && seen == _activity && !_closed)
                    {
                        _stalled.TrySetException(new ClockStalledException(
                            $"At {GetUtcNow():u} time has stood still for {_holdPatience.TotalSeconds:0} s. Open holds, those of sleepers among them: {string.Join(", ", _holds.Values.GroupBy(w => w).Select(w => $"{w.Count()} x {w.Key}"))}."));
                    }
                }
                else if (_due.TryPeek(out _, out var at))
                {
                    if (at.Ticks > Limit.UtcTicks)
                    {
                        _stalled.TrySetException(new ClockStalledException($"The virtual clock reached its limit {Limit:u}: timers still fire, but whatever was awaited never came."));
                        Monitor.Wait(_gate);
                        continue;
                    }
                    AdvanceTo(at.Ticks);
                    _busy++;
                    return _due.Dequeue();
                }
                else if (!Monitor.Wait(_gate, _idlePatience) && _busy == 0 && _due.Count == 0 && !_closed)
                {
                    _stalled.TrySetException(new ClockStalledException($"At {GetUtcNow():u} nothing is at work and no timer is set: whoever waits now waits for ever."));
                }
            }
        }
    }

    void AdvanceTo(long ticks)
    {
        if (ticks <= _ticks) { return; }
        if (_journal is not null)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_moment, ticks);
            // Durability is that of the process: the write is done when the call returns.
            _journal.AppendAsync(_moment).AsTask().GetAwaiter().GetResult();
        }
        Interlocked.Exchange(ref _ticks, ticks);
    }

    /// <summary>Sets a timer; the caller has the gate.</summary>
    Due Set(TimeSpan after, Action<Due> fire)
    {
        _activity++;
        long at = _ticks + Math.Max(0, after.Ticks);
        var due = new Due(fire);
        _due.Enqueue(due, (at, _nextOrder++));
        // While anybody is at work the pump has nothing to do with a new timer; it looks when the last hold is given up.
        if (_busy == 0) { Monitor.PulseAll(_gate); }
        return due;
    }

    /// <summary>One hold less; the caller has the gate.</summary>
    void GiveUp()
    {
        _activity++;
        if (--_busy == 0) { Monitor.PulseAll(_gate); }
    }

    void Set(ref TimeSpan patience, TimeSpan value)
    {
        lock (_gate)
        {
            patience = value;
            Monitor.PulseAll(_gate);
        }
    }

    void Release(long hold)
    {
        lock (_gate)
        {
            if (_holds.Remove(hold)) { GiveUp(); }
        }
    }

    sealed class Due(Action<Due> fire)
    {
        public bool IsCancelled { get; set; }

        public void Fire() => fire(this);
    }

    sealed class Hold(VirtualClock clock, long id) : IDisposable
    {
        public void Dispose() => clock.Release(id);
    }

    sealed class Sleeper(VirtualClock clock)
    {
        readonly TaskCompletionSource _awake = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool _woken;

        public async Task SleepAsync(TimeSpan duration, CancellationToken cancellationToken)
        {
            Due due;
            lock (clock._gate)
            {
                if (clock._busy == 0) { throw new InvalidOperationException("Only who holds the clock may sleep on it."); }
                due = clock.Set(duration, _ => Wake(default));
                clock.GiveUp();
            }
            await using var registration = cancellationToken.Register(() =>
            {
                lock (clock._gate) { due.IsCancelled = true; }
                Wake(cancellationToken);
            });
            await _awake.Task;
        }

        void Wake(CancellationToken cancelled)
        {
            lock (clock._gate)
            {
                if (_woken) { return; }
                _woken = true;
                // The sleeper's hold is back before anybody learns that the sleep is over.
                clock._busy++;
            }
            if (cancelled.IsCancellationRequested) { _awake.TrySetCanceled(cancelled); }
            else { _awake.TrySetResult(); }
        }
    }

    sealed class Timer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
    {
        readonly ExecutionContext? _context = ExecutionContext.Capture();
        Due? _next;
        TimeSpan _period = Timeout.InfiniteTimeSpan;
        bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, Timeout.InfiniteTimeSpan);
            ArgumentOutOfRangeException.ThrowIfLessThan(period, Timeout.InfiniteTimeSpan);
            lock (clock._gate)
            {
                if (_disposed) { return false; }
                Cancel();
                _period = period > TimeSpan.Zero ? period : Timeout.InfiniteTimeSpan;
                if (dueTime != Timeout.InfiniteTimeSpan) { _next = clock.Set(dueTime, Fire); }
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                _disposed = true;
                Cancel();
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        void Cancel()
        {
            if (_next is not null) { _next.IsCancelled = true; }
            _next = null;
        }

        void Fire(Due due)
        {
            lock (clock._gate)
            {
                // Disposed of or changed after the pump took it.
                if (_disposed || _next != due) { return; }
                _next = _period == Timeout.InfiniteTimeSpan ? null : clock.Set(_period, Fire);
            }
            if (_context is null) { callback(state); }
            else { ExecutionContext.Run(_context, static timer => ((Timer)timer!).Invoke(), this); }
        }

        void Invoke() => callback(state);
    }
}
