using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>Sets the automatic upgrade and reads it back. What it was before is kept first.</summary>
sealed class SetAutoUpgradeHandler(IAdSync adSync) : ICommandHandler<SetAutoUpgrade, AutoUpgradeChange>
{
    public async Task<AutoUpgradeChange> HandleAsync(SetAutoUpgrade command, JobContext job, CancellationToken cancellationToken)
    {
        var before = await SetSchedulerHandler.KeptAsync(job, () => adSync.GetAutoUpgradeAsync(cancellationToken));
        if (await adSync.GetAutoUpgradeAsync(cancellationToken) != command.State) { await adSync.SetAutoUpgradeAsync(command.State, cancellationToken); }
        return new() { Before = before, After = await adSync.GetAutoUpgradeAsync(cancellationToken) };
    }
}
