using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.Jobs;

/// <summary>One command on its way; guarded by the lock of <see cref="JobQueue"/>.</summary>
sealed class Job(JobAccepted accepted, JobEffect effect)
{
    public JobAccepted Accepted { get; } = accepted;

    public string Id => Accepted.CommandId;

    public JobEffect Effect { get; } = effect;

    /// <summary>Does not wait for the one job that writes.</summary>
    public bool RunsBeside => Effect is JobEffect.Read or JobEffect.Stop;

    public CommandState State { get; set; } = CommandState.Queued;

    public CommandProgress? Progress { get; set; }

    public string? Note { get; set; }

    public string? Result { get; set; }

    public CommandError? Error { get; set; }

    /// <summary>Keeps a virtual clock still until the job has ended.</summary>
    public IDisposable? Hold { get; set; }

    public bool HasEnded => State is CommandState.Done or CommandState.Failed or CommandState.Unknown;

    public CommandStatus ToStatus() => new()
    {
        CommandId = Id,
        State = State,
        Progress = HasEnded ? null : Progress,
        Result = Result,
        Error = Error,
    };
}
