using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>How the handlers read the directory.</summary>
static class DirectoryReading
{
    /// <summary>Most anchors in one search of a global catalog.</summary>
    public const int CatalogBatch = 100;

    /// <summary>Groups whose members are in memory at the same time.</summary>
    public const int SnapshotBatch = 50;

    const int ReportEvery = 500;

    const int ListedInResults = 100;

    /// <summary>The groups under the writeback OU by objectGUID: one paged search instead of one read for each group.</summary>
    public static async Task<Dictionary<Guid, AdGroup>> InventoryAsync(this IDirectory directory, JobContext job, CancellationToken cancellationToken)
    {
        var groups = new Dictionary<Guid, AdGroup>();
        await foreach (var group in directory.GroupsUnderWritebackOuAsync(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            groups[group.ObjectGuid] = group;
            if (groups.Count % ReportEvery == 0) { job.Report("reading the writeback OU", groups.Count, 0); }
        }
        return groups;
    }

    /// <summary>The named groups that are there, by objectGUID, without their members.</summary>
    public static async Task<Dictionary<Guid, AdGroup>> ReadGroupsByIdAsync(
        this IDirectory directory, IEnumerable<Guid> objectGuids, CancellationToken cancellationToken)
    {
        var groups = new Dictionary<Guid, AdGroup>();
        await foreach (var group in directory.ReadGroupsAsync([.. objectGuids], cancellationToken)) { groups[group.ObjectGuid] = group; }
        return groups;
    }

    /// <summary>Fails when a write was refused or has no answer, with the first such group and how many there were.</summary>
    /// <param name="outcomes">One for each of the groups, in their order.</param>
    /// <param name="groups">The groups that were written.</param>
    /// <exception cref="DirectoryException">The first error.</exception>
    public static void ThrowOnError(this IReadOnlyList<AnchorOutcome> outcomes, IReadOnlyList<GroupIdentity> groups)
    {
        (CommandError? Error, GroupIdentity Group)[] failed =
            [.. outcomes.Zip(groups, (outcome, group) => (outcome.Error, group)).Where(pair => pair.Error is not null)];
        if (failed is [({ } error, var first), ..])
        {
            throw new DirectoryException(error with { Message = $"{error.Message} ({first.DistinguishedName}; {failed.Length} of {outcomes.Count} writes)" });
        }
    }

    /// <summary>Both anchors hold this value; an empty one is borne by nothing.</summary>
    public static bool Bears(this AdGroup group, string anchor) =>
        anchor.Length > 0 && group.AdminDescription == anchor && group.ExternalDirectoryObjectId == anchor;

    /// <summary>Adds to a list that travels in a result, as long as it is short enough for people.</summary>
    public static void AddCapped(this List<string> list, IEnumerable<string> more) => list.AddRange(more.Take(ListedInResults - list.Count));

    /// <summary>Reads a document of groups through before anything is done with it: each has the anchor that its cloud id demands, none is named twice.</summary>
    /// <returns>How many there are.</returns>
    /// <exception cref="CommandFailedException">GWB6103, GWB6115: such a document would stamp wrong values.</exception>
    public static async Task<int> DemandSoundAsync(this JobContext job, DocumentReference groups, CancellationToken cancellationToken)
    {
        var objectGuids = new HashSet<Guid>();
        var cloudIds = new HashSet<Guid>();
        await foreach (var group in job.ReadEntriesAsync<GroupIdentity>(groups, cancellationToken))
        {
            if (group.Anchor != $"Group_{group.CloudId:D}") { throw DirectoryError.IdentityMalformed.Exception(group.DistinguishedName, transient: false); }
            if (!objectGuids.Add(group.ObjectGuid) || !cloudIds.Add(group.CloudId))
            {
                throw DirectoryError.IdentityTwice.Exception(group.DistinguishedName, transient: false);
            }
        }
        return objectGuids.Count;
    }
}
