using System.Runtime.CompilerServices;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>Every group of the snapshot as it is now, and what else appeared under the OU.</summary>
/// <remarks>Batch by batch in the order of the snapshot: members of one batch are in memory, never those of the OU.</remarks>
sealed class CompareWithSnapshotHandler(IDirectory directory, TimeProvider clock) : ICommandHandler<CompareWithSnapshot, DirectoryComparison>
{
    public async Task<DirectoryComparison> HandleAsync(CompareWithSnapshot command, JobContext job, CancellationToken cancellationToken)
    {
        var tally = new ComparisonTally { ReadAt = clock.GetUtcNow() };
        var differences = await job.WriteListAsync("differences", DifferencesAsync(command, tally, job, cancellationToken), cancellationToken);
        return tally.ToComparison(differences);
    }

    async IAsyncEnumerable<GroupDifference> DifferencesAsync(
        CompareWithSnapshot command, ComparisonTally tally, JobContext job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var known = new HashSet<Guid>();
        await foreach (var batch in job.ReadEntriesAsync<GroupSnapshot>(command.Snapshot, cancellationToken).Chunk(DirectoryReading.SnapshotBatch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var difference in await CompareAsync(batch, cancellationToken)) { yield return tally.Count(difference); }
            known.UnionWith(batch.Select(was => was.Group.ObjectGuid));
            tally.Compared += batch.Length;
            job.Report("comparing with the snapshot", tally.Compared, command.Snapshot.Count);
        }

        foreach (var created in await CreatedAsync(known, command, job, cancellationToken)) { yield return tally.Count(created); }
    }

    async Task<IReadOnlyList<GroupDifference>> CompareAsync(IReadOnlyList<GroupSnapshot> batch, CancellationToken cancellationToken)
    {
        var gone = batch.ToDictionary(was => was.Group.ObjectGuid);
        var differences = new Dictionary<Guid, GroupDifference>();
        await foreach (var now in directory.ReadSnapshotsAsync([.. gone.Keys], cancellationToken))
        {
            if (gone.Remove(now.Group.ObjectGuid, out var was) && SnapshotComparison.Compare(was, now) is { } difference)
            {
                differences.Add(difference.ObjectGuid, difference);
            }
        }
        foreach (var was in gone.Values) { differences.Add(was.Group.ObjectGuid, SnapshotComparison.Compare(was, null)!); }
        return [.. batch.Where(was => differences.ContainsKey(was.Group.ObjectGuid)).Select(was => differences[was.Group.ObjectGuid])];
    }

    /// <summary>Groups under the OU that neither the snapshot nor the announcement names; few, so they may be sorted.</summary>
    async Task<IEnumerable<GroupDifference>> CreatedAsync(HashSet<Guid> known, CompareWithSnapshot command, JobContext job, CancellationToken cancellationToken)
    {
        var announced = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (command.AllowedAnchors is { } allowed)
        {
            await foreach (string anchor in job.ReadEntriesAsync<string>(allowed, cancellationToken)) { announced.Add(anchor); }
        }
        var created = new List<GroupDifference>();
        await foreach (var group in directory.NamesUnderWritebackOuAsync(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!known.Contains(group.ObjectGuid) && !announced.Contains(group.AdminDescription ?? "") && !announced.Contains(group.ExternalDirectoryObjectId ?? ""))
            {
                created.Add(SnapshotComparison.Created(group));
            }
        }
        return created.OrderBy(difference => difference.ObjectGuid);
    }
}
