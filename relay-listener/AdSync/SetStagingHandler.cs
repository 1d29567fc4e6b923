using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>Turns staging mode on or off where the server's own configuration allows it, and reads it back.</summary>
/// <remarks>Written only when neither a cycle nor the wizard could see it change underneath them.</remarks>
sealed class SetStagingHandler(IAdSync adSync, IDirectory directory, bool allowed) : ICommandHandler<SetStaging, StagingChange>
{
    public async Task<StagingChange> HandleAsync(SetStaging command, JobContext job, CancellationToken cancellationToken)
    {
        if (!allowed) { throw AdSyncError.StagingNotAllowed.Exception(null, transient: false); }
        // An active server exports: the same demand as for the scheduler.
        if (!command.On) { await SetSchedulerHandler.DemandSafeAsync(adSync, directory, cancellationToken); }
        var now = await adSync.GetSchedulerAsync(cancellationToken);
        bool before = await SetSchedulerHandler.KeptAsync(job, () => Task.FromResult(now.StagingModeEnabled));
        if (now.StagingModeEnabled == command.On) { return new() { Before = before, After = command.On }; }

        if (now.SchedulerSuspended) { throw AdSyncError.Suspended.Exception(null, transient: true); }
        if (now.SyncCycleInProgress) { throw AdSyncError.Busy.Exception(null, transient: true); }
        await adSync.SetStagingAsync(command.On, cancellationToken);
        return new() { Before = before, After = (await adSync.GetSchedulerAsync(cancellationToken)).StagingModeEnabled };
    }
}
