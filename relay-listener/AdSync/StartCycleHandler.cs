using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>Starts a cycle and returns a ticket at once; the cycle is watched by <see cref="ReadCycleHandler"/>.</summary>
sealed class StartCycleHandler(IAdSync adSync, IDirectory directory, RunHistory history) : ICommandHandler<StartCycle, CycleTicket>
{
    public async Task<CycleTicket> HandleAsync(StartCycle command, JobContext job, CancellationToken cancellationToken)
    {
        bool repeated = job.Note is not null;
        var host = await adSync.GetHostAsync(cancellationToken);
        var scheduler = await adSync.GetSchedulerAsync(cancellationToken);
        if (!repeated)
        {
            if (scheduler.SchedulerSuspended) { throw AdSyncError.Suspended.Exception(null, transient: true); }
            if (scheduler.SyncCycleInProgress) { throw AdSyncError.Busy.Exception(null, transient: true); }
            // A cycle of an active server exports, whether the scheduler or we start it.
            if (!scheduler.StagingModeEnabled) { await SetSchedulerHandler.DemandSafeAsync(adSync, directory, cancellationToken); }
        }
        var ticket = await SetSchedulerHandler.KeptAsync(job, async () => new CycleTicket
        {
            Server = host.Server,
            Policy = command.Policy,
            RunsBefore = await history.HighestAsync(cancellationToken),
        });
        // After a restart: if anything ran since the ticket was written, it was this cycle.
        bool started = repeated && (scheduler.SyncCycleInProgress || await history.HighestAsync(cancellationToken) > ticket.RunsBefore);
        if (!started) { await adSync.StartCycleAsync(command.Policy, cancellationToken); }
        return ticket;
    }
}
