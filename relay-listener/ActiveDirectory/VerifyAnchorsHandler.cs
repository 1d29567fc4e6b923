using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>Whether every global catalog shows every planned group with its anchor, and no other object with it.</summary>
sealed class VerifyAnchorsHandler(IDirectory directory) : ICommandHandler<VerifyAnchors, AnchorVerification>
{
    public async Task<AnchorVerification> HandleAsync(VerifyAnchors command, JobContext job, CancellationToken cancellationToken)
    {
        var groups = await job.ReadGroupsAsync(command.Groups, cancellationToken);
        var views = await directory.SearchAsync(
            [.. groups.Select(group => group.Anchor)], (done, total) => job.Report("asking the global catalogs", done, total), cancellationToken);
        return new()
        {
            Expected = groups.Count,
            Catalogs = [.. views.Select(view => new CatalogState { GlobalCatalog = view.GlobalCatalog, Missing = view.MissingIn(groups) })],
            Duplicates = [.. views.Duplicates().Take(100)],
        };
    }
}
