using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>Deleted groups of writeback, in the order of their objectGUIDs so that the same Recycle Bin gives the same document.</summary>
sealed class FindDeletedGroupsHandler(IDirectory directory) : ICommandHandler<FindDeletedGroups, DeletedGroups>
{
    public async Task<DeletedGroups> HandleAsync(FindDeletedGroups command, JobContext job, CancellationToken cancellationToken)
    {
        var terms = await directory.Repair.DeletionTermsAsync(cancellationToken);
        var found = new List<DeletedWritebackGroup>();
        await foreach (var group in directory.Repair.DeletedGroupsAsync(cancellationToken))
        {
            found.Add(group);
            job.Report("looking at deleted groups", found.Count, 0);
        }

        return new()
        {
            WritebackOu = directory.WritebackOu,
            RecycleBinEnabled = terms.RecycleBinEnabled,
            KeptDays = terms.KeptDays,
            Groups = await job.WriteListAsync("deleted-groups", found.OrderBy(group => group.Was.Group.ObjectGuid), cancellationToken),
        };
    }
}
