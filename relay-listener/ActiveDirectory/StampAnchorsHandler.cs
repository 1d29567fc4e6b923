using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>Copies each planned group's anchor, only where none is. Source: migrate how-to, step 1.</summary>
/// <remarks>Compare, journal, write, read back: what the result counts as written was read after the write.</remarks>
sealed class StampAnchorsHandler(IDirectory directory, StampJournal journal) : ICommandHandler<StampAnchors, StampResult>
{
    const int Batch = 100;

    public async Task<StampResult> HandleAsync(StampAnchors command, JobContext job, CancellationToken cancellationToken)
    {
        var groups = await job.ReadGroupsAsync(command.Groups, cancellationToken);
        var before = await directory.InventoryAsync(job, cancellationToken);

        var missing = new List<string>();
        var conflicts = new List<string>();
        var empty = new List<GroupIdentity>();
        int equal = 0;
        foreach (var group in groups)
        {
            // Only what lies in the writeback OU and still names its cloud object may be written; the listener never goes beyond.
            if (!before.TryGetValue(group.ObjectGuid, out var found) || found.AdminDescription != group.Anchor) { missing.Add(group.DistinguishedName); }
            else if (string.IsNullOrEmpty(found.ExternalDirectoryObjectId)) { empty.Add(group); }
            else if (found.ExternalDirectoryObjectId == group.Anchor) { equal++; }
            else { conflicts.Add(found.DistinguishedName); }
        }

        int done = 0;
        foreach (var batch in empty.Chunk(Batch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.WhenAll(batch.Select(group => journal.StampingAsync(job.Origin.MigrationId, group.ObjectGuid, group.Anchor)));
            await directory.WriteOrThrowAsync([.. batch.Select(group => new AnchorWrite { ObjectGuid = group.ObjectGuid, Value = group.Anchor })], cancellationToken);
            job.Report("stamping anchors", done += batch.Length, empty.Count);
        }

        var after = empty.Count == 0 ? before : await directory.InventoryAsync(job, cancellationToken);
        return new()
        {
            Written = empty.Count(group => after.TryGetValue(group.ObjectGuid, out var found) && found.ExternalDirectoryObjectId == group.Anchor),
            AlreadyEqual = equal,
            Conflicts = [.. conflicts.Take(100)],
            Missing = [.. missing.Take(100)],
        };
    }
}
