using System.Diagnostics.CodeAnalysis;

namespace GwbCloud.Embedded.Engine;

/// <summary>Runs the code of one orchestration on one thread at a time: continuations and tasks of a turn queue up here, in order.</summary>
/// <param name="foreign">Called, on the foreign thread, when something other than the turn tries to continue the code.</param>
sealed class TurnScheduler(Action foreign) : TaskScheduler
{
    readonly Action _foreign = foreign;
    readonly Queue<Action> _queue = new();
    Context? _context;
    int _thread;

    /// <summary>Whether the caller stands inside the turn.</summary>
    public bool IsInTurn => Volatile.Read(ref _thread) == Environment.CurrentManagedThreadId;

    /// <summary>Runs <paramref name="turn"/> on this thread; <see cref="Drain"/> inside it runs what was queued.</summary>
    public void Run(Action turn)
    {
        var outer = SynchronizationContext.Current;
        Volatile.Write(ref _thread, Environment.CurrentManagedThreadId);
        SynchronizationContext.SetSynchronizationContext(_context ??= new(this));
        try
        {
            var task = new Task(turn);
            task.RunSynchronously(this);
            task.GetAwaiter().GetResult();
        }
        finally
        {
            Volatile.Write(ref _thread, 0);
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    /// <summary>Runs everything that is queued, and what that queues in turn.</summary>
    public void Drain()
    {
        while (_queue.TryDequeue(out var next)) { next(); }
    }

    protected override void QueueTask(Task task) => Enqueue(() => TryExecuteTask(task));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => IsInTurn && !taskWasPreviouslyQueued && TryExecuteTask(task);

    [ExcludeFromCodeCoverage(Justification = "For debuggers.")]
    protected override IEnumerable<Task> GetScheduledTasks() => [];

    void Enqueue(Action action)
    {
        if (IsInTurn) { _queue.Enqueue(action); }
        else { _foreign(); }
    }

    sealed class Context(TurnScheduler scheduler) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => scheduler.Enqueue(() => d(state));

        public override void Send(SendOrPostCallback d, object? state)
        {
            if (scheduler.IsInTurn) { d(state); }
            else { scheduler._foreign(); }
        }

        public override SynchronizationContext CreateCopy() => this;
    }
}
