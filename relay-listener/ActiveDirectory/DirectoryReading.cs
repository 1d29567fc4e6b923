using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>How the handlers read the directory.</summary>
static class DirectoryReading
{
    /// <summary>Most anchors in one search of a global catalog.</summary>
    public const int CatalogBatch = 100;

    const int ReportEvery = 500;

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

    /// <summary>Writes a batch; the first refusal or missing answer ends the command, and what it did is read back by the next run.</summary>
    public static async Task WriteOrThrowAsync(this IDirectory directory, IReadOnlyList<AnchorWrite> writes, CancellationToken cancellationToken)
    {
        var outcomes = await directory.WriteAnchorsAsync(writes, cancellationToken);
        if (outcomes.Select(outcome => outcome.Error).FirstOrDefault(error => error is not null) is { } error) { throw new DirectoryException(error); }
    }

    /// <summary>Both anchors hold this value; an empty one is borne by nothing.</summary>
    public static bool Bears(this AdGroup group, string anchor) =>
        anchor.Length > 0 && group.AdminDescription == anchor && group.ExternalDirectoryObjectId == anchor;

    /// <summary>The groups of a document, each with the anchor that its cloud id demands.</summary>
    /// <exception cref="CommandFailedException">GWB6103 when an anchor names another object: such a document would stamp wrong values.</exception>
    public static async Task<IReadOnlyList<GroupIdentity>> ReadGroupsAsync(
        this JobContext job, Contracts.Documents.DocumentReference reference, CancellationToken cancellationToken)
    {
        var groups = await job.ReadListAsync<GroupIdentity>(reference, cancellationToken);
        var malformed = groups.FirstOrDefault(group => group.Anchor != $"Group_{group.CloudId:D}");
        return malformed is null ? groups : throw DirectoryError.IdentityMalformed.Exception(malformed.DistinguishedName, transient: false);
    }
}
