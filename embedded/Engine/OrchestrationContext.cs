using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace GwbCloud.Embedded.Engine;

/// <summary>What an orchestrator's code sees. Every call is a step that replay must repeat; none may come from outside the turn.</summary>
sealed class OrchestrationContext(Instance instance, EngineOptions options, TurnScheduler scheduler, Action<string> illegal) : TaskOrchestrationContext
{
    /// <summary>As on Azure: 16 KB of UTF-16.</summary>
    const int MaxCustomStatusCharacters = 16 * 1024 / sizeof(char);

    static readonly Guid NewGuidNamespace = new("6f1f2c1e-52d1-4b7e-9b6f-0c5a3f3d1f2a");

    readonly EngineOptions _options = options;
    readonly string? _input = instance.Input;
    readonly Dictionary<int, IOpenStep> _open = [];
    // The newest wait for a name takes the event, as in the real client: a stack.
    readonly Dictionary<string, Stack<IEventWait>> _waits = new(StringComparer.OrdinalIgnoreCase);
    readonly List<EventRaised> _buffered = [];
    List<HistoryAction> _actions = [];
    DateTime _now;
    int _nextId;
    int _guids;

    /// <summary>What the code asked for when it continued as new.</summary>
    public ContinueAsNewOptions? Next { get; private set; }

    /// <summary>Set during the turn when the code set one; "null" clears it.</summary>
    public string? NewCustomStatus { get; private set; }

    public bool HasOpenSteps => _open.Count > 0;

    public bool WaitsForEvent => _waits.Values.Any(q => q.Any(w => !w.IsOver));

    public IReadOnlyList<EventRaised> Untaken => _buffered;

    public override TaskName Name { get; } = new(instance.Name);

    public override string InstanceId { get; } = instance.Id;

    public override string Version { get; } = instance.Version;

    public override ParentOrchestrationInstance? Parent { get; } = instance.Parent is { } parent ? new(new TaskName(parent.Name), parent.Id) : null;

    public override DateTime CurrentUtcDateTime => _now;

    public override bool IsReplaying => Replaying;

    public bool Replaying { get; private set; }

    protected override ILoggerFactory LoggerFactory => _options.LoggerFactory;

    public void BeginTurn(DateTime now, bool replaying)
    {
        _now = now;
        Replaying = replaying;
        _actions = [];
        NewCustomStatus = null;
    }

    public IReadOnlyList<HistoryAction> EndTurn() => _actions;

    /// <summary>Tells the code what happened; its continuations run before this returns or queue up in the scheduler.</summary>
    public void Handle(HistoryEvent happened)
    {
        switch (happened)
        {
            case TaskCompleted done when _open.Remove(done.Id, out var step):
                step.Complete(done.Result);
                break;
            case TaskFailed failed when _open.Remove(failed.Id, out var step):
                step.Fail(failed.Failure);
                break;
            case TimerFired fired when _open.Remove(fired.Id, out var step):
                step.Complete(null);
                break;
            case EventRaised raised:
                if (_waits.GetValueOrDefault(raised.Name) is { } waits)
                {
                    while (waits.TryPop(out var wait))
                    {
                        if (wait.IsOver) { continue; }
                        wait.Complete(raised.Payload);
                        return;
                    }
                }
                _buffered.Add(raised);
                break;
        }
    }

    public override T GetInput<T>()
    {
        CheckPayload(typeof(T), "input of the orchestration");
        return WorkerDataConverter.Instance.Deserialize<T>(_input)!;
    }

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        CheckTurn();
        return WithRetries(options?.Retry, () =>
        {
            var call = new CallActivity(_nextId++, name.ToString(), WorkerDataConverter.Instance.Serialize(input));
            return Ask(call, new OpenStep<TResult>(call.Id, call.Name));
        });
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        CheckTurn();
        return WithRetries(options?.Retry, () =>
        {
            int id = _nextId++;
            var sub = options as SubOrchestrationOptions;
            string instanceId = sub?.InstanceId ?? $"{InstanceId}:{instance.Generation:x}:{id:x4}";
            string version = sub?.Version?.Version ?? _options.DefaultVersion;
            var call = new CallSubOrchestration(id, orchestratorName.ToString(), version, instanceId, WorkerDataConverter.Instance.Serialize(input));
            return Ask(call, new OpenStep<TResult>(id, call.Name));
        });
    }

    public override async Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        CheckTurn();
        cancellationToken.ThrowIfCancellationRequested();
        int id = _nextId++;
        var step = new OpenStep<object>(id, "timer");
        var fired = Ask(new StartTimer(id, fireAt.Kind == DateTimeKind.Local ? fireAt.ToUniversalTime() : DateTime.SpecifyKind(fireAt, DateTimeKind.Utc)), step);
        using var registration = cancellationToken.Register(() =>
        {
            if (!InTurn("a timer was cancelled") || !_open.Remove(id)) { return; }
            _actions.Add(new CancelTimer(id));
            step.Cancel(cancellationToken);
        });
        await fired;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        CheckTurn();
        int early = _buffered.FindIndex(e => string.Equals(e.Name, eventName, StringComparison.OrdinalIgnoreCase));
        var wait = new EventWait<T>();
        if (early >= 0)
        {
            string? payload = _buffered[early].Payload;
            _buffered.RemoveAt(early);
            // Here a payload that does not fit is thrown to the code, which may catch it.
            try { wait.Complete(payload); }
            catch (Exception e) when (e is System.Text.Json.JsonException or NotSupportedException) { return Task.FromException<T>(e); }
            return wait.Task;
        }
        if (!_waits.TryGetValue(eventName, out var waits)) { _waits.Add(eventName, waits = new()); }
        waits.Push(wait);
        if (cancellationToken.CanBeCanceled)
        {
            cancellationToken.Register(() =>
            {
                if (InTurn($"the wait for event '{eventName}' was cancelled")) { wait.Cancel(cancellationToken); }
            });
        }
        return wait.Task;
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        CheckTurn();
        _actions.Add(new SendEvent(_nextId++, instanceId, eventName, WorkerDataConverter.Instance.Serialize(payload)));
    }

    public override void SetCustomStatus(object? customStatus)
    {
        CheckTurn();
        string status = WorkerDataConverter.Instance.Serialize(customStatus) ?? "null";
        if (status.Length > MaxCustomStatusCharacters)
        {
            throw new ArgumentException($"The custom status has {status.Length * sizeof(char)} bytes as UTF-16 JSON; at most {MaxCustomStatusCharacters * sizeof(char)} are allowed.", nameof(customStatus));
        }
        NewCustomStatus = status;
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
        => ContinueAsNew(new ContinueAsNewOptions { NewInput = newInput, PreserveUnprocessedEvents = preserveUnprocessedEvents });

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        CheckTurn();
        ArgumentNullException.ThrowIfNull(options);
        Next = options;
    }

    public override Guid NewGuid()
    {
        CheckTurn();
        // A name-based id (RFC 9562, version 5): the same at every replay, unlike any other.
        byte[] name = [.. NewGuidNamespace.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes($"{InstanceId}/{instance.Generation}/{_now:O}/{++_guids}")];
#pragma warning disable CA5350 // Asked for by the format; nothing secret hangs on it.
        Span<byte> hash = SHA1.HashData(name);
#pragma warning restore CA5350
        ushort version = BinaryPrimitives.ReadUInt16BigEndian(hash[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(hash[6..], (ushort)((version & 0x0FFF) | 0x5000));
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new(hash[..16], bigEndian: true);
    }

    Task<T> Ask<T>(HistoryAction action, OpenStep<T> step)
    {
        _actions.Add(action);
        _open.Add(action.Id, step);
        return step.Task;
    }

    Task<T> WithRetries<T>(TaskRetryOptions? retry, Func<Task<T>> call) => retry switch
    {
        { Policy: { } policy } => WithPolicy(policy, call),
        { Handler: { } handler } => WithHandler(handler, call),
        _ => call(),
    };

    async Task<T> WithPolicy<T>(RetryPolicy policy, Func<Task<T>> call)
    {
        var start = _now;
        for (int attempt = 1; ; attempt++)
        {
            try { return await call(); }
            catch (TaskFailedException) when (attempt < policy.MaxNumberOfAttempts && !TimedOut()) { }
            double wait = policy.FirstRetryInterval.Ticks * Math.Pow(policy.BackoffCoefficient, attempt - 1);
            await CreateTimer(_now + TimeSpan.FromTicks((long)Math.Min(wait, policy.MaxRetryInterval.Ticks)), CancellationToken.None);
        }

        bool TimedOut() => policy.RetryTimeout != Timeout.InfiniteTimeSpan && policy.RetryTimeout < TimeSpan.MaxValue && _now >= start + policy.RetryTimeout;
    }

    async Task<T> WithHandler<T>(AsyncRetryHandler handler, Func<Task<T>> call)
    {
        var start = _now;
        for (int attempt = 1; ; attempt++)
        {
            TaskFailedException failure;
            try { return await call(); }
            catch (TaskFailedException e) { failure = e; }
            if (!await handler(new(this, attempt, failure.FailureDetails, _now - start, CancellationToken.None)))
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            }
        }
    }

    void CheckTurn()
    {
        if (!InTurn("the orchestration was used")) { throw new IllegalAwaitException("An orchestrator may be continued only by its own activities, timers, events and sub-orchestrations."); }
    }

    bool InTurn(string what)
    {
        if (scheduler.IsInTurn) { return true; }
        illegal($"{what} from a foreign thread");
        return false;
    }

    static void CheckPayload(Type type, string what)
    {
        if (PayloadTypes.WhyNotAsInput(type) is { } reason) { throw new InvalidOperationException($"The {what} can't be read as {type}: it {reason}. Use a concrete record."); }
    }

    interface IOpenStep
    {
        void Complete(string? result);

        void Fail(Failure failure);
    }

    interface IEventWait
    {
        bool IsOver { get; }

        void Complete(string? payload);
    }

    /// <summary>A step that the code may await. Its continuations run at once, in the turn.</summary>
    sealed class OpenStep<T>(int id, string name) : IOpenStep
    {
        readonly TaskCompletionSource<T> _source = new();

        public Task<T> Task => _source.Task;

        public void Complete(string? result)
        {
            T value;
            try { value = WorkerDataConverter.Instance.Deserialize<T>(result)!; }
            catch (Exception e) when (e is System.Text.Json.JsonException or NotSupportedException)
            {
                _source.TrySetException(e);
                return;
            }
            _source.TrySetResult(value);
        }

        public void Fail(Failure failure) => _source.TrySetException(new TaskFailedException(name, id, failure.ToDetails()));

        public void Cancel(CancellationToken token) => _source.TrySetCanceled(token);
    }

    sealed class EventWait<T> : IEventWait
    {
        readonly TaskCompletionSource<T> _source = new();

        public Task<T> Task => _source.Task;

        public bool IsOver => _source.Task.IsCompleted;

        /// <remarks>A payload that does not fit fails the whole instance, past the code that waits, as on the real engine.</remarks>
        public void Complete(string? payload) => _source.TrySetResult(WorkerDataConverter.Instance.Deserialize<T>(payload)!);

        public void Cancel(CancellationToken token) => _source.TrySetCanceled(token);
    }
}
