using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>Restores what stood there before this migration stamped, where it is still as stamped, and only while GroupWritebackV2 reads true.</summary>
/// <remarks>What a group that was moved or renamed since bears is still ours and is cleared where it stands now.</remarks>
sealed class UnstampAnchorsHandler(IDirectory directory, IAdSync adSync, StampJournal journal) : ICommandHandler<UnstampAnchors, UnstampResult>
{
    const int BatchSize = 500;

    public async Task<UnstampResult> HandleAsync(UnstampAnchors command, JobContext job, CancellationToken cancellationToken)
    {
        int total = await job.DemandSoundAsync(command.Groups, cancellationToken);
        await adSync.DemandWritebackOnAsync(cancellationToken);

        string[] migrations = [job.Origin.MigrationId, .. command.Earlier];
        int done = 0, cleared = 0;
        await foreach (var batch in job.ReadEntriesAsync<GroupIdentity>(command.Groups, cancellationToken).Chunk(BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            cleared += await RestoreAsync([.. batch.Where(group => migrations.Any(m => IsOurs(m, group)))], migrations, cancellationToken);
            job.Report("clearing anchors", done += batch.Length, total);
        }
        return new() { Cleared = cleared, LeftAlone = total - cleared };
    }

    bool IsOurs(string migration, GroupIdentity group) => journal.Find(migration, group.ObjectGuid) is { } stamp && stamp.CloudId == group.CloudId;

    /// <summary>How many of these stamps of ours read as they were before.</summary>
    async Task<int> RestoreAsync(IReadOnlyList<GroupIdentity> ours, IReadOnlyList<string> migrations, CancellationToken cancellationToken)
    {
        if (ours.Count == 0) { return 0; }
        // The directory compares and clears in one step, so nothing else than our value can be lost.
        var outcomes = await directory.WriteAnchorsAsync(
            [.. ours.Select(group => new AnchorWrite { ObjectGuid = group.ObjectGuid, Value = group.Anchor, Clear = true })], cancellationToken);
        var after = await directory.ReadGroupsByIdAsync(ours.Select(group => group.ObjectGuid), cancellationToken);
        Guid[] restored = [.. ours.Where(group => after.TryGetValue(group.ObjectGuid, out var now) && string.IsNullOrEmpty(now.ExternalDirectoryObjectId))
            .Select(group => group.ObjectGuid)];
        foreach (string migration in migrations)
        {
            if (restored.Where(group => journal.Find(migration, group) is not null).ToArray() is { Length: > 0 } of) { await journal.RestoreAsync(migration, of); }
        }
        outcomes.ThrowOnError(ours);
        return restored.Length;
    }
}
