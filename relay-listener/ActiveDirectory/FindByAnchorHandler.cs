using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>The groups, anywhere in the domain, that bear one of the anchors, read with their members.</summary>
sealed class FindByAnchorHandler(IDirectory directory) : ICommandHandler<FindByAnchor, FoundObjects>
{
    public async Task<FoundObjects> HandleAsync(FindByAnchor command, JobContext job, CancellationToken cancellationToken)
    {
        if (command.Anchors.Count > DirectoryReading.CatalogBatch) { throw DirectoryError.TooManyAnchors.Exception(null, transient: false); }
        var views = await directory.SearchAsync(command.Anchors, null, cancellationToken);
        var found = new List<GroupSnapshot>();
        Guid[] objectGuids = [.. views.SelectMany(view => view.Entries.SelectMany(entries => entries)).Select(entry => entry.ObjectGuid).Distinct()];
        // A catalog that lags behind may still show what is gone; the writable domain controller decides.
        await foreach (var group in directory.ReadSnapshotsAsync(objectGuids, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            found.Add(group);
        }
        return new() { Objects = [.. found.OrderBy(group => group.Group.ObjectGuid)] };
    }
}
