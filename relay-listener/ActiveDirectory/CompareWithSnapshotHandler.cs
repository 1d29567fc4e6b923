using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>Every group of the snapshot as it is now, and what else appeared under the OU.</summary>
sealed class CompareWithSnapshotHandler(IDirectory directory) : ICommandHandler<CompareWithSnapshot, DirectoryComparison>
{
    public async Task<DirectoryComparison> HandleAsync(CompareWithSnapshot command, JobContext job, CancellationToken cancellationToken)
    {
        var snapshot = await job.ReadListAsync<GroupSnapshot>(command.Snapshot, cancellationToken);
        var allowed = command.AllowedAnchors is null ? [] : await job.ReadListAsync<string>(command.AllowedAnchors, cancellationToken);

        var differences = new List<GroupDifference>();
        int seen = 0;
        var unseen = snapshot.ToDictionary(group => group.Group.ObjectGuid);
        await foreach (var now in directory.ReadSnapshotsAsync(unseen.Keys.ToList(), cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!unseen.Remove(now.Group.ObjectGuid, out var was)) { continue; }
            if (SnapshotComparison.Compare(was, now) is { } difference) { differences.Add(difference); }
            job.Report("comparing with the snapshot", ++seen, snapshot.Count);
        }
        differences.AddRange(unseen.Values.Select(was => SnapshotComparison.Compare(was, null)).OfType<GroupDifference>());
        differences.Sort((one, other) => one.ObjectGuid.CompareTo(other.ObjectGuid));

        var known = snapshot.Select(group => group.Group.ObjectGuid).ToHashSet();
        var announced = allowed.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var inventory = await directory.InventoryAsync(job, cancellationToken);
        differences.AddRange(inventory.Values
            .Where(group => !known.Contains(group.ObjectGuid)
                && !announced.Contains(group.AdminDescription ?? "") && !announced.Contains(group.ExternalDirectoryObjectId ?? ""))
            .OrderBy(group => group.ObjectGuid)
            .Select(SnapshotComparison.Created));

        return new()
        {
            Compared = snapshot.Count,
            Deleted = differences.Count(difference => difference.Deleted),
            Renamed = differences.Count(difference => difference.Renamed),
            Moved = differences.Count(difference => difference.Moved),
            SidChanged = differences.Count(difference => difference.SidChanged),
            TypeChanged = differences.Count(difference => difference.TypeChanged),
            Created = differences.Count(difference => difference.Created),
            AnchorsChanged = differences.Count(difference => difference.AnchorChanged),
            MembersLost = differences.Sum(difference => difference.MembersLost.Count),
            MembersGained = differences.Sum(difference => difference.MembersGained.Count),
            AccountNamesChanged = differences.Count(difference => difference.AccountNameChanged),
            TextsChanged = differences.Count(difference => difference.TextChanged),
            OwnersChanged = differences.Count(difference => difference.OwnerChanged),
            AccessListsChanged = differences.Count(difference => difference.AccessListChanged),
            MemberOfLost = differences.Sum(difference => difference.MemberOfLost.Count),
            MemberOfGained = differences.Sum(difference => difference.MemberOfGained.Count),
            Examples = [.. differences.Take(100).Select(Describe)],
            Differences = await job.WriteListAsync("differences", differences, cancellationToken),
        };
    }

    static string Describe(GroupDifference difference)
    {
        var what = new List<string>();
        if (difference.Deleted) { what.Add("is gone"); }
        if (difference.Created) { what.Add("is new"); }
        if (difference.Renamed) { what.Add("was renamed"); }
        if (difference.Moved) { what.Add("was moved"); }
        if (difference.SidChanged) { what.Add("has another SID"); }
        if (difference.TypeChanged) { what.Add("has another type"); }
        if (difference.AnchorChanged) { what.Add("has another anchor"); }
        if (difference.MembersLost.Count > 0) { what.Add($"lost {difference.MembersLost.Count} members"); }
        if (difference.MembersGained.Count > 0) { what.Add($"gained {difference.MembersGained.Count} members"); }
        if (difference.AccountNameChanged) { what.Add("has another sAMAccountName"); }
        if (difference.TextChanged) { what.Add("has another display name or description"); }
        if (difference.OwnerChanged) { what.Add("has another owner"); }
        if (difference.AccessListChanged) { what.Add("has other access control entries"); }
        if (difference.MemberOfLost.Count > 0) { what.Add($"left {difference.MemberOfLost.Count} groups"); }
        if (difference.MemberOfGained.Count > 0) { what.Add($"joined {difference.MemberOfGained.Count} groups"); }
        return $"{difference.DistinguishedName} {string.Join(", ", what)}";
    }
}
