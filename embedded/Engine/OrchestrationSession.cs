namespace GwbCloud.Embedded.Engine;

/// <summary>The running code of one execution: built by replaying history, then fed one turn after the other.</summary>
sealed class OrchestrationSession : IDisposable
{
    readonly Instance _instance;
    readonly OrchestrationContext _context;
    readonly TurnScheduler _scheduler;
    readonly IFunctionRunner _functions;
    readonly Action<OrchestrationSession> _onIllegal;
    Task<object?>? _code;
    volatile string? _illegal;
    bool _disposed;

    /// <param name="instance">Whose code it is.</param>
    /// <param name="options">The engine's.</param>
    /// <param name="functions">Where the code is found.</param>
    /// <param name="onIllegal">Called, on any thread, when something foreign continued the code.</param>
    public OrchestrationSession(Instance instance, EngineOptions options, IFunctionRunner functions, Action<OrchestrationSession> onIllegal)
    {
        _instance = instance;
        _functions = functions;
        _onIllegal = onIllegal;
        _scheduler = new(() => Illegal("something else continued it"));
        _context = new(instance, options, _scheduler, Illegal);
    }

    /// <summary>What the code did that it must not; null while it is well-behaved.</summary>
    public string? IllegalReason => _illegal;

    /// <summary>Runs the code through what it has already seen.</summary>
    /// <exception cref="NonDeterministicOrchestrationException">It asks for something else than it did.</exception>
    public void Replay(IReadOnlyList<Turn> history)
    {
        for (int t = 0; t < history.Count; t++)
        {
            var was = history[t];
            var now = Run(was.At, was.Events, replaying: true);
            for (int step = 0; step < Math.Max(was.Actions.Count, now.Actions.Count); step++)
            {
                string before = step < was.Actions.Count ? was.Actions[step].Describe() : "nothing more";
                string after = step < now.Actions.Count ? now.Actions[step].Describe() : "nothing more";
                if (step >= was.Actions.Count || step >= now.Actions.Count || !was.Actions[step].Equals(now.Actions[step]))
                {
                    throw new NonDeterministicOrchestrationException(
                        $"The orchestration '{_instance.Name}' ({_instance.Id}) does not repeat its history. Turn {t + 1}, step {step + 1}: history has {before}, the code now asks for {after}. "
                        + "An orchestrator must take time, ids and data from its context and its activities only.");
                }
            }
            if (now.End is not null)
            {
                throw new NonDeterministicOrchestrationException(
                    $"The orchestration '{_instance.Name}' ({_instance.Id}) does not repeat its history. Turn {t + 1}: history goes on, the code now ends ({now.End.Kind}{(now.End.Failure is { } f ? $", {f.Type}: {f.Message}" : "")}).");
            }
        }
    }

    /// <summary>Runs one turn: tells the code what happened and collects what it asks for.</summary>
    public Turn Run(DateTime at, IReadOnlyList<HistoryEvent> events, bool replaying)
    {
        _context.BeginTurn(at, replaying);
        TurnEnd? end = null;
        _scheduler.Run(() =>
        {
            if (_code is null)
            {
                _code = Start();
                _scheduler.Drain();
            }
            foreach (var happened in events)
            {
                _context.Handle(happened);
                _scheduler.Drain();
            }
            end = Judge();
        });
        return new() { At = at, Events = events, Actions = _context.EndTurn(), CustomStatus = _context.NewCustomStatus, End = end };
    }

    public void Dispose() => _disposed = true;

    /// <summary>The end of an execution that did what it must not.</summary>
    public static TurnEnd FailedBy(Exception exception) => new() { Kind = TurnEndKind.Failed, Failure = Failure.From(exception) };

    async Task<object?> Start()
    {
        // Awaited here, so that code that ends on a foreign thread comes back through the scheduler, and is noticed.
        return await (_functions.RunOrchestrator(_instance.Name, _context)
            ?? throw new InvalidOperationException($"There is no orchestrator named '{_instance.Name}'."));
    }

    TurnEnd? Judge()
    {
        if (_illegal is { } reason) { return FailedBy(IllegalAwait(reason)); }
        if (_context.HasOpenSteps) { return null; }
        if (!_code!.IsCompleted)
        {
            return _context.WaitsForEvent ? null : FailedBy(IllegalAwait("the turn is over, the code has not ended, and nothing is open that could continue it"));
        }
        try
        {
            object? result = _code.GetAwaiter().GetResult();
            return _context.Next is { } next
                ? new()
                {
                    Kind = TurnEndKind.ContinuedAsNew,
                    Value = WorkerDataConverter.Instance.Serialize(next.NewInput),
                    NewVersion = next.NewVersion,
                    Carried = next.PreserveUnprocessedEvents ? [.. _context.Untaken] : [],
                }
                : new() { Kind = TurnEndKind.Completed, Value = WorkerDataConverter.Instance.Serialize(result) };
        }
#pragma warning disable CA1031 // Whatever the code throws is the outcome of the orchestration.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return FailedBy(e) with { Value = e.Message };
        }
    }

    public IllegalAwaitException IllegalAwait(string reason)
        => new($"The orchestration '{_instance.Name}' ({_instance.Id}) did something illegal: {reason}. "
            + "An orchestrator may await only tasks of its context: no Task.Delay, no Task.Run, no I/O, no ConfigureAwait(false).");

    void Illegal(string reason)
    {
        if (_disposed) { return; }
        _illegal ??= reason;
        _onIllegal(this);
    }
}
