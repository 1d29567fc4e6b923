using Microsoft.DurableTask.Client;

namespace GwbCloud.Embedded.Engine;

/// <summary>One orchestration instance. Everything above the line is the fold of the journal; below stands what lives in memory only.</summary>
sealed class Instance
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Version { get; set; }

    /// <summary>Unique over all instances and their executions, so that a late answer to an earlier one is recognised.</summary>
    public required long Execution { get; set; }

    /// <summary>How often the instance has continued as new.</summary>
    public int Generation { get; set; }

    public string? Input { get; set; }

    public DateTimeOffset? StartAt { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    public ParentLink? Parent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Pending, running or one of the ends; suspension stands apart.</summary>
    public OrchestrationRuntimeStatus Phase { get; set; } = OrchestrationRuntimeStatus.Pending;

    public bool Suspended { get; set; }

    public string? CustomStatus { get; set; }

    public string? Output { get; set; }

    public Failure? Failure { get; set; }

    public List<Turn> History { get; } = [];

    /// <summary>Activities, timers and sub-orchestrations that were asked for and have not ended, by id.</summary>
    public Dictionary<int, HistoryAction> Open { get; } = [];

    public List<Message> Inbox { get; } = [];

    public bool Ended => Phase is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;

    public OrchestrationRuntimeStatus Status => Suspended && !Ended ? OrchestrationRuntimeStatus.Suspended : Phase;

    // ---- in memory only ----

    /// <summary>The running code, kept between turns; null until the next turn rebuilds it from history.</summary>
    public OrchestrationSession? Session { get; set; }

    /// <summary>Held while a worker has the instance in hand.</summary>
    public IDisposable? Worker { get; set; }

    /// <summary>Completed when the phase changes to running or to an end.</summary>
    public TaskCompletionSource Changed { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool VersionWarned { get; set; }

    /// <summary>A turn could not be written, and the code has gone past it: nothing runs here until the process is started again.</summary>
    public bool Halted { get; set; }

    public void NotifyChanged()
    {
        var changed = Changed;
        Changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    public void DropSession()
    {
        Session?.Dispose();
        Session = null;
    }
}

/// <summary>Something in an instance's inbox.</summary>
/// <param name="Number">Rising; negative when the journal does not have it, because it can be had again.</param>
/// <param name="Event">What arrived.</param>
readonly record struct Message(long Number, HistoryEvent Event);

/// <summary>Who waits for a sub-orchestration.</summary>
sealed record ParentLink(string Id, string Name, long Execution, int TaskId);
