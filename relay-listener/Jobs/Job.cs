using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.Jobs;

/// <summary>One command on its way; guarded by the lock of <see cref="JobLedger"/>.</summary>
sealed class Job(JobAccepted accepted, JobEffect effect, long order)
{
    public JobAccepted Accepted { get; } = accepted;

    public string Id => Accepted.CommandId;

    public JobEffect Effect { get; } = effect;

    /// <summary>Place in the order of acceptance.</summary>
    public long Order { get; } = order;

    /// <summary>Does not wait for the one job that writes.</summary>
    public bool RunsBeside => Effect is JobEffect.Read or JobEffect.Stop;

    public CommandState State { get; set; } = CommandState.Queued;

    public CommandProgress? Progress { get; set; }

    public JobNoted? Note { get; set; }

    /// <summary>That somebody asked for its early end; null when nobody did.</summary>
    public JobCancelled? Cancelled { get; set; }

    /// <summary>How it ended; null until then.</summary>
    public JobEnded? Ended { get; set; }

    /// <summary>Ends the run between two items; there is one while it runs.</summary>
    public CancellationTokenSource? Running { get; set; }

    /// <summary>Keeps a virtual clock still until the job has ended.</summary>
    public IDisposable? Hold { get; set; }

    public CommandStatus ToStatus() => new()
    {
        CommandId = Id,
        State = Ended?.State ?? State,
        Progress = Ended is null ? Progress : null,
        Result = Ended?.Result,
        Error = Ended?.Error,
    };
}
