using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>Whether every global catalog shows every planned group with its anchor, and no other object with it.</summary>
sealed class VerifyAnchorsHandler(IDirectory directory) : ICommandHandler<VerifyAnchors, AnchorVerification>
{
    public async Task<AnchorVerification> HandleAsync(VerifyAnchors command, JobContext job, CancellationToken cancellationToken)
    {
        int expected = await job.DemandSoundAsync(command.Groups, cancellationToken);
        var catalogs = (await directory.ServersAsync(cancellationToken)).DemandCatalogs();

        var missing = catalogs.ToDictionary(catalog => catalog, _ => 0);
        var duplicates = new List<string>();
        int done = 0;
        await foreach (var batch in job.ReadEntriesAsync<GroupIdentity>(command.Groups, cancellationToken).Chunk(DirectoryReading.CatalogBatch))
        {
            // A batch is looked up everywhere before the next one, so that it alone can tell its duplicates.
            var views = await directory.LookUpAsync(catalogs, [.. batch.Select(group => group.Anchor)], cancellationToken);
            foreach (var view in views) { missing[view.GlobalCatalog] += view.MissingIn(batch); }
            duplicates.AddCapped(views.Duplicates());
            job.Report("asking the global catalogs", done += batch.Length, expected);
        }

        return new()
        {
            Expected = expected,
            Catalogs = [.. catalogs.Select(catalog => new CatalogState { GlobalCatalog = catalog, Missing = missing[catalog] })],
            Duplicates = [.. duplicates.Order(StringComparer.Ordinal)],
        };
    }
}
