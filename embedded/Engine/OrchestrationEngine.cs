using GwbCloud.Journal;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace GwbCloud.Embedded.Engine;

/// <summary>Runs orchestrations event-sourced, on one journal: a process that is killed goes on where its last record ends.</summary>
/// <remarks>
/// State changes only by records: a record is applied and appended under one lock, and what follows from it (an activity, an answer) happens
/// after it is flushed. Activities run at least once: a result counts when the turn that took it is in the journal.
/// </remarks>
public sealed partial class OrchestrationEngine : IAsyncDisposable
{
    readonly object _gate = new();
    readonly EngineState _state = new();
    readonly EngineOptions _options;
    readonly IFunctionRunner _functions;
    readonly JournalFile _journal;
    readonly DurableTimers _timers;
    readonly SemaphoreSlim _activitySlots;
    readonly CancellationTokenSource _stop = new();
    readonly ILogger _logger;
    readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Task _lastAppend = Task.CompletedTask;
    long _lastVolatile;
    int _atWork;
    bool _stopped;

    OrchestrationEngine(EngineOptions options, IFunctionRunner functions)
    {
        _options = options;
        _functions = functions;
        _logger = options.LoggerFactory.CreateLogger<OrchestrationEngine>();
        _activitySlots = new(options.MaxConcurrentActivities);
        _timers = new(options.TimeProvider);
        Client = new EngineClient(this);
        // Read and fold first; nothing runs before the whole journal is known.
        _journal = JournalFile.Open(options.JournalPath, line => _state.Apply(JournalRecord.Read(line)), options.Durability);
    }

    /// <summary>The client of this engine.</summary>
    public DurableTaskClient Client { get; }

    internal TimeProvider Time => _options.TimeProvider;

    internal string DefaultVersion => _options.DefaultVersion;

    /// <summary>Opens the journal and goes on with everything that is not ended.</summary>
    /// <exception cref="JournalException">The journal is in use or damaged.</exception>
    public static OrchestrationEngine Start(EngineOptions options, IFunctionRunner functions)
    {
        ArgumentNullException.ThrowIfNull(options);
        var engine = new OrchestrationEngine(options, functions);
        if (engine._journal.CutBytes > 0) { LogTornTail(engine._logger, engine._journal.CutBytes); }
        engine.GoOn();
        return engine;
    }

    /// <summary>Lets running turns and activities end, for as long as the token allows, then closes the journal.</summary>
    /// <remarks>An activity that does not end in time is cancelled and runs again at the next start.</remarks>
    public async Task StopAsync(CancellationToken patience = default)
    {
        lock (_gate)
        {
            if (_stopped) { return; }
            _stopped = true;
            if (_atWork == 0) { _idle.TrySetResult(); }
        }
        _timers.Dispose();
        try { await _idle.Task.WaitAsync(patience).ConfigureAwait(false); }
        catch (OperationCanceledException) { await _stop.CancelAsync().ConfigureAwait(false); }
        await _journal.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Stops as a killed process does: nothing more is written, the journal is free when this returns.</summary>
    public void Kill()
    {
        lock (_gate)
        {
            if (_stopped) { return; }
            _stopped = true;
        }
        _journal.Abandon();
        _timers.Dispose();
        _stop.Cancel();
    }

    /// <summary>Stops gracefully, without waiting for activities.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);

    internal IDisposable Hold(string what) => _options.Busy(what);

    /// <summary>Reads the state, after everything in it is durable.</summary>
    internal async Task<T> ReadAsync<T>(Func<EngineState, T> read)
    {
        T value;
        Task durable;
        lock (_gate)
        {
            value = read(_state);
            durable = _lastAppend;
        }
        await durable.ConfigureAwait(false);
        return value;
    }

    /// <summary>Decides on a record and writes it, as one step; null writes nothing. Completes when it is durable.</summary>
    internal async Task WriteAsync(Func<EngineState, DateTimeOffset, JournalRecord?> decide)
    {
        using var hold = Hold("client");
        IReadOnlyList<Instance> touched;
        Task durable;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            if (decide(_state, Time.GetUtcNow()) is not { } record) { return; }
            (touched, durable) = Commit(record);
        }
        await durable.ConfigureAwait(false);
        lock (_gate) { FollowUp(touched); }
    }

    void GoOn()
    {
        using var hold = Hold("start");
        lock (_gate)
        {
            foreach (var instance in _state.Instances.Where(i => !i.Ended))
            {
                foreach (var action in instance.Open.Values.Where(a => !IsAnswered(instance, a.Id))) { Begin(instance, action); }
                Schedule(instance);
            }
        }
    }

    static bool IsAnswered(Instance instance, int id)
        => instance.Inbox.Any(m => id == m.Event switch { TaskCompleted done => done.Id, TaskFailed failed => failed.Id, TimerFired fired => fired.Id, _ => null });

    /// <summary>Applies and appends; the caller holds the lock.</summary>
    (IReadOnlyList<Instance> Touched, Task Durable) Commit(JournalRecord record)
    {
        byte[] line = record.Write();
        var durable = _journal.AppendAsync(line).AsTask();
        _lastAppend = durable;
        return (_state.Apply(record), durable);
    }

    void FollowUp(IReadOnlyList<Instance> touched)
    {
        foreach (var instance in touched)
        {
            instance.NotifyChanged();
            Schedule(instance);
        }
    }

    /// <summary>Hands the instance to a worker when it has something to do and none has it yet; the caller holds the lock.</summary>
    void Schedule(Instance instance)
    {
        if (_stopped || instance.Worker is not null || instance.Halted || !HasWork(instance)) { return; }
        instance.Worker = Hold($"orchestration {instance.Id}");
        _atWork++;
        ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Engine.WorkAsync(work.Instance), (Engine: this, Instance: instance), preferLocal: false);
    }

    bool HasWork(Instance instance)
    {
        if (instance.Ended || instance.Suspended || _state.Find(instance.Id) != instance) { return false; }
        if (instance.Session?.IllegalReason is not null) { return true; }
        if (instance.History.Count > 0 && instance.Inbox.Count == 0) { return false; }
        if (instance is { Phase: OrchestrationRuntimeStatus.Pending, StartAt: { } startAt } && startAt > Time.GetUtcNow())
        {
            _timers.Add(startAt, () => Wake(instance));
            return false;
        }
        if (!OrchestrationVersion.Matches(instance.Version, _options) && _options.VersionFailure == VersionFailureStrategy.Reject)
        {
            if (!instance.VersionWarned) { LogVersionRejected(_logger, instance.Id, instance.Version, _options.DefaultVersion); }
            instance.VersionWarned = true;
            return false;
        }
        return true;
    }

    async Task WorkAsync(Instance instance)
    {
        try
        {
            while (true)
            {
                Message[] taken;
                lock (_gate)
                {
                    if (_stopped || !HasWork(instance)) { break; }
                    taken = [.. instance.Inbox];
                }
                var turn = TakeTurn(instance, taken);
                IReadOnlyList<Instance> touched;
                Task durable;
                long execution = instance.Execution;
                lock (_gate)
                {
                    // Terminated or replaced in the meantime: the turn never happened.
                    if (_stopped || instance.Ended || _state.Find(instance.Id) != instance) { break; }
                    var record = new TurnTaken { At = turn.At, Id = instance.Id, Took = [.. taken.Select(m => m.Number)], Turn = turn };
                    (touched, durable) = Commit(record);
                    if (_options.ReplayEveryTurn) { instance.DropSession(); }
                }
                await durable.ConfigureAwait(false);
                lock (_gate)
                {
                    if (_stopped) { break; }
                    if (instance.Execution == execution)
                    {
                        foreach (var action in turn.Actions.Where(a => instance.Open.ContainsKey(a.Id))) { Begin(instance, action); }
                    }
                    FollowUp(touched);
                }
            }
        }
#pragma warning disable CA1031 // Whatever keeps a turn from being written: a second try would take it with code that has already gone on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            lock (_gate) { instance.Halted = true; }
            if (!_stopped) { LogJournalFailed(_logger, e, instance.Id); }
        }
        finally
        {
            IDisposable? hold;
            lock (_gate)
            {
                hold = instance.Worker;
                instance.Worker = null;
                // Whatever came between the last look and now finds a worker again, before this hold ends.
                Schedule(instance);
                LeaveWork();
            }
            // Outside the lock: the end of the last hold may run the clock, and with it our timers.
            hold?.Dispose();
        }
    }

    /// <summary>Runs the code; outside the lock, as it is the product's.</summary>
    Turn TakeTurn(Instance instance, Message[] taken)
    {
        var at = Time.GetUtcNow().UtcDateTime;
        // The orchestration's clock never runs backwards, and a timer that fired is due on it.
        if (instance.History is [.., { } last] && last.At > at) { at = last.At; }
        IReadOnlyList<HistoryEvent> events = [.. taken.Select(m => m.Event)];
        Turn Failed(Exception e) => new() { At = at, Events = events, Actions = [], End = OrchestrationSession.FailedBy(e) };
        if (!OrchestrationVersion.Matches(instance.Version, _options))
        {
            return Failed(new InvalidOperationException($"The version '{instance.Version}' of the orchestration '{instance.Id}' does not match this host's '{_options.DefaultVersion}'."));
        }
        var session = instance.Session;
        if (session is null)
        {
            session = new(instance, _options, _functions, illegal => Illegal(instance, illegal));
            instance.Session = session;
            try
            {
                session.Replay(instance.History);
            }
            catch (NonDeterministicOrchestrationException e)
            {
                LogNonDeterminism(_logger, e.Message);
                return Failed(e);
            }
        }
        if (session.IllegalReason is { } reason) { return Failed(session.IllegalAwait(reason)); }
        try
        {
            return session.Run(at, events, replaying: false);
        }
#pragma warning disable CA1031 // An async void method of the code throws into the turn.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Failed(e);
        }
    }

    void Illegal(Instance instance, OrchestrationSession session)
    {
        lock (_gate)
        {
            if (instance.Session == session) { Schedule(instance); }
        }
    }

    /// <summary>Starts what the code asked for and what is now on record; the caller holds the lock.</summary>
    void Begin(Instance instance, HistoryAction action)
    {
        switch (action)
        {
            case CallActivity call:
                _atWork++;
                var work = new ActivityWork(instance, instance.Execution, call, Hold($"activity {call.Name}"));
                ThreadPool.UnsafeQueueUserWorkItem(static state => _ = state.Engine.RunAsync(state.Work), (Engine: this, Work: work), preferLocal: false);
                break;
            case StartTimer timer:
                long execution = instance.Execution;
                _timers.Add(new(timer.FireAt, TimeSpan.Zero), () => Fire(instance, execution, timer.Id));
                break;
        }
    }

    void Fire(Instance instance, long execution, int id)
    {
        lock (_gate)
        {
            if (_stopped || !IsOpen(instance, execution, id)) { return; }
            if (!instance.Suspended) { Arrive(instance, new TimerFired(id)); }
            else
            {
                // Kept in its place among the events that come later, also over a restart.
                Commit(new MessageReceived { At = Time.GetUtcNow(), Id = instance.Id, Event = new TimerFired(id) });
            }
        }
    }

    void Wake(Instance instance)
    {
        lock (_gate) { Schedule(instance); }
    }

    async Task RunAsync(ActivityWork work)
    {
        using var hold = work.Hold;
        HistoryEvent? answer = null;
        try
        {
            await _activitySlots.WaitAsync(_stop.Token).ConfigureAwait(false);
            try
            {
                if (_stopped) { return; }
                object? result = await _functions.RunActivityAsync(work.Call.Name, work.Call.Input, work.Instance.Id, _stop.Token).ConfigureAwait(false);
                answer = new TaskCompleted(work.Call.Id, WorkerDataConverter.Instance.Serialize(result));
            }
            finally
            {
                _activitySlots.Release();
            }
        }
#pragma warning disable CA1031 // Whatever the activity throws is its answer, unless the host is going down.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (!_stop.IsCancellationRequested) { answer = new TaskFailed(work.Call.Id, Failure.From(e)); }
        }
        finally
        {
            await AnswerAsync(work, answer).ConfigureAwait(false);
        }
    }

    async Task AnswerAsync(ActivityWork work, HistoryEvent? answer)
    {
        try
        {
            var durable = Task.CompletedTask;
            lock (_gate)
            {
                if (answer is null || _stop.IsCancellationRequested || !IsOpen(work.Instance, work.Execution, work.Call.Id)) { return; }
                if (work.Instance.Suspended || _stopped)
                {
                    // No turn will take it soon: keep it, rather than do the work again after a restart.
                    durable = Commit(new MessageReceived { At = Time.GetUtcNow(), Id = work.Instance.Id, Event = answer }).Durable;
                }
                else
                {
                    Arrive(work.Instance, answer);
                }
            }
            await durable.ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            if (!_stop.IsCancellationRequested) { LogJournalFailed(_logger, e, work.Instance.Id); }
        }
        finally
        {
            lock (_gate) { LeaveWork(); }
        }
    }

    bool IsOpen(Instance instance, long execution, int id)
        => !instance.Ended && instance.Execution == execution && instance.Open.ContainsKey(id) && _state.Find(instance.Id) == instance;

    void Arrive(Instance instance, HistoryEvent arrived)
    {
        instance.Inbox.Add(new(--_lastVolatile, arrived));
        Schedule(instance);
    }

    void LeaveWork()
    {
        if (--_atWork == 0 && _stopped) { _idle.TrySetResult(); }
    }

    sealed record ActivityWork(Instance Instance, long Execution, CallActivity Call, IDisposable Hold);

    [LoggerMessage(8001, LogLevel.Warning, "The engine's journal ended in a torn record; {Bytes} bytes that were never acknowledged were cut off.")]
    static partial void LogTornTail(ILogger logger, long bytes);

    [LoggerMessage(8002, LogLevel.Warning, "Orchestration {InstanceId} has version '{Version}', newer than or other than this host's '{HostVersion}': it waits for a host that takes it.")]
    static partial void LogVersionRejected(ILogger logger, string instanceId, string version, string hostVersion);

    [LoggerMessage(8003, LogLevel.Critical, "The engine's journal can't be written; orchestration {InstanceId} stands still until the process is started again.")]
    static partial void LogJournalFailed(ILogger logger, Exception exception, string instanceId);

    [LoggerMessage(8004, LogLevel.Error, "{Message}")]
    static partial void LogNonDeterminism(ILogger logger, string message);
}
