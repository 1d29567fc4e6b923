using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>Clears what this migration stamped, where it is still as stamped, and only while GroupWritebackV2 reads true.</summary>
sealed class UnstampAnchorsHandler(IDirectory directory, IAdSync adSync, StampJournal journal) : ICommandHandler<UnstampAnchors, UnstampResult>
{
    public async Task<UnstampResult> HandleAsync(UnstampAnchors command, JobContext job, CancellationToken cancellationToken)
    {
        var groups = await job.ReadGroupsAsync(command.Groups, cancellationToken);
        await adSync.DemandWritebackOnAsync(cancellationToken);

        string migration = job.Origin.MigrationId;
        var before = await directory.InventoryAsync(job, cancellationToken);
        var ours = groups.Where(group => journal.IsOurs(migration, group.ObjectGuid, group.Anchor)
            && before.TryGetValue(group.ObjectGuid, out var found) && found.ExternalDirectoryObjectId == group.Anchor).ToList();

        int done = 0;
        foreach (var batch in ours.Chunk(DirectoryReading.CatalogBatch))
        {
            await directory.WriteOrThrowAsync(
                [.. batch.Select(group => new AnchorWrite { ObjectGuid = group.ObjectGuid, Value = group.Anchor, Clear = true })], cancellationToken);
            job.Report("clearing anchors", done += batch.Length, ours.Count);
        }

        var after = ours.Count == 0 ? before : await directory.InventoryAsync(job, cancellationToken);
        int cleared = 0;
        foreach (var group in ours)
        {
            if (after.TryGetValue(group.ObjectGuid, out var found) && !string.IsNullOrEmpty(found.ExternalDirectoryObjectId)) { continue; }
            await journal.ClearedAsync(migration, group.ObjectGuid, group.Anchor);
            cleared++;
        }
        return new() { Cleared = cleared, LeftAlone = groups.Count - cleared };
    }
}
