namespace Microsoft.DurableTask.Client;

/// <summary>What an orchestration is doing.</summary>
public enum OrchestrationRuntimeStatus
{
    /// <summary>Started; perhaps waiting.</summary>
    Running = 0,

    /// <summary>Ended with a result.</summary>
    Completed = 1,

    /// <summary>Not used.</summary>
    [Obsolete("Exists for compatibility only.")]
    ContinuedAsNew = 2,

    /// <summary>Ended with an exception.</summary>
    Failed = 3,

    /// <summary>Not used.</summary>
    [Obsolete("Exists for compatibility only.")]
    Canceled = 4,

    /// <summary>Ended from outside.</summary>
    Terminated = 5,

    /// <summary>Accepted, not yet begun.</summary>
    Pending = 6,

    /// <summary>Takes no step until it is resumed.</summary>
    Suspended = 7,
}
