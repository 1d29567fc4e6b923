using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Runs;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>Whether the ticket's cycle still runs, and the results of its runs so far.</summary>
sealed class ReadCycleHandler(IAdSync adSync) : ICommandHandler<ReadCycle, CycleReport>
{
    public async Task<CycleReport> HandleAsync(ReadCycle command, JobContext job, CancellationToken cancellationToken)
    {
        var host = await adSync.GetHostAsync(cancellationToken);
        if (!string.Equals(host.Server, command.Ticket.Server, StringComparison.OrdinalIgnoreCase))
        {
            throw AdSyncError.OtherServerAsked.Exception(command.Ticket.Server, transient: false);
        }
        // In this order: a cycle that ends in between shows as still running, never as ended with runs missing.
        bool inProgress = (await adSync.GetSchedulerAsync(cancellationToken)).SyncCycleInProgress;
        var runs = await adSync.GetRunsAsync(command.Ticket.RunsBefore, cancellationToken);
        return new() { InProgress = inProgress, Runs = command.NewestOnly ? RunJudge.Newest(runs) : runs };
    }
}
