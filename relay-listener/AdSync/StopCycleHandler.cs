using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>Stops the cycle that runs. One that does not run is not missed.</summary>
sealed class StopCycleHandler(IAdSync adSync) : ICommandHandler<StopCycle, CycleStop>
{
    public async Task<CycleStop> HandleAsync(StopCycle command, JobContext job, CancellationToken cancellationToken)
    {
        bool runs = (await adSync.GetSchedulerAsync(cancellationToken)).SyncCycleInProgress;
        if (!runs) { return new() { WasInProgress = false, InProgress = false }; }
        await adSync.StopCycleAsync(cancellationToken);
        return new() { WasInProgress = true, InProgress = (await adSync.GetSchedulerAsync(cancellationToken)).SyncCycleInProgress };
    }
}
