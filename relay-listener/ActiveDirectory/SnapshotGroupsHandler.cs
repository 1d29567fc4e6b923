using System.Runtime.CompilerServices;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>All of each group that the migration promises to keep. Nothing is written in the directory before this exists.</summary>
/// <remarks>Batch by batch in the order of their objectGUIDs: members of one batch are in memory, never those of the OU.</remarks>
sealed class SnapshotGroupsHandler(IDirectory directory) : ICommandHandler<SnapshotGroups, SnapshotResult>
{
    public async Task<SnapshotResult> HandleAsync(SnapshotGroups command, JobContext job, CancellationToken cancellationToken)
    {
        Guid[] planned = await job.ReadEntriesAsync<GroupIdentity>(command.Groups, cancellationToken)
            .Select(group => group.ObjectGuid).Order().ToArrayAsync(cancellationToken);
        var snapshot = await job.WriteListAsync("snapshot", ReadAsync(planned, job, cancellationToken), cancellationToken);
        return new() { Snapshot = snapshot, Missing = planned.Length - snapshot.Count };
    }

    async IAsyncEnumerable<GroupSnapshot> ReadAsync(Guid[] planned, JobContext job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int seen = 0;
        foreach (var batch in planned.Chunk(DirectoryReading.SnapshotBatch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var groups = await directory.ReadSnapshotsAsync(batch, cancellationToken).ToListAsync(cancellationToken);
            foreach (var group in groups.OrderBy(group => group.Group.ObjectGuid)) { yield return group; }
            job.Report("taking the snapshot", seen += batch.Length, planned.Length);
        }
    }
}
