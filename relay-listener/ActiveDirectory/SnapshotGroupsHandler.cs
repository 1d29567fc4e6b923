using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>All of each group that the migration promises to keep. Nothing is written in the directory before this exists.</summary>
sealed class SnapshotGroupsHandler(IDirectory directory) : ICommandHandler<SnapshotGroups, SnapshotResult>
{
    public async Task<SnapshotResult> HandleAsync(SnapshotGroups command, JobContext job, CancellationToken cancellationToken)
    {
        var identities = await job.ReadListAsync<GroupIdentity>(command.Groups, cancellationToken);
        var snapshots = new List<GroupSnapshot>(identities.Count);
        int seen = 0;
        await foreach (var group in directory.ReadSnapshotsAsync([.. identities.Select(identity => identity.ObjectGuid)], cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            snapshots.Add(group);
            job.Report("taking the snapshot", ++seen, identities.Count);
        }
        return new()
        {
            Snapshot = await job.WriteListAsync("snapshot", snapshots.OrderBy(group => group.Group.ObjectGuid), cancellationToken),
            Missing = identities.Count - snapshots.Count,
        };
    }
}
