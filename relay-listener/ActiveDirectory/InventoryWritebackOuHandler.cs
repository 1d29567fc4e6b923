using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>Every group under the writeback OU, in the order of their objectGUIDs so that the same OU gives the same document.</summary>
sealed class InventoryWritebackOuHandler(IDirectory directory) : ICommandHandler<InventoryWritebackOu, InventoryResult>
{
    public async Task<InventoryResult> HandleAsync(InventoryWritebackOu command, JobContext job, CancellationToken cancellationToken)
    {
        var groups = await directory.InventoryAsync(job, cancellationToken);
        return new() { Groups = await job.WriteListAsync("inventory", groups.Values.OrderBy(group => group.ObjectGuid), cancellationToken) };
    }
}
