using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Whoever waits for a person and shows that to people: a stage of a migration, or an operation.</summary>
interface IWaiter
{
    TaskOrchestrationContext Context { get; }
    DateTimeOffset Now => new(Context.CurrentUtcDateTime, TimeSpan.Zero);

    /// <summary>The tasks as they are shown.</summary>
    IReadOnlyList<OperatorTask> Tasks { get; }

    /// <summary>Ends when an operator chose stop; never where nobody listens for it.</summary>
    Task StopArrives { get; }

    /// <summary>An operator chose stop.</summary>
    bool StopAsked { get; }

    /// <summary>Whether a warning was told already.</summary>
    bool WasTold(string key);

    void Remember(string key);

    /// <summary>Adds a notice to what is shown next.</summary>
    void Tell(Notice notice);

    /// <summary>Shows these tasks from now on, and what was told.</summary>
    Task ShowAsync(IReadOnlyList<OperatorTask> tasks);

    Task AuditAsync(string what, string? evidence = null, string? detail = null);
}
