using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>Looks anchors up on every global catalog: that is where Cloud Sync will look.</summary>
static class AnchorSearch
{
    /// <summary>For each catalog, which objects bear which anchors.</summary>
    /// <param name="directory">The forest.</param>
    /// <param name="anchors">Any number; searched in batches.</param>
    /// <param name="report">Told how many lookups are done, of how many.</param>
    /// <param name="cancellationToken">Ends between two searches.</param>
    /// <exception cref="CommandFailedException">GWB6104 when the forest shows no global catalog.</exception>
    public static async Task<IReadOnlyList<CatalogView>> SearchAsync(
        this IDirectory directory, IReadOnlyList<string> anchors, Action<int, int>? report, CancellationToken cancellationToken)
    {
        var catalogs = (await directory.ServersAsync(cancellationToken)).DemandCatalogs();
        var entries = catalogs.ToDictionary(catalog => catalog, _ => new List<CatalogEntry>());
        int done = 0;
        foreach (var batch in anchors.Chunk(DirectoryReading.CatalogBatch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var view in await directory.LookUpAsync(catalogs, batch, cancellationToken)) { entries[view.GlobalCatalog].AddRange(view.Entries.SelectMany(found => found)); }
            report?.Invoke(done += batch.Length * catalogs.Count, anchors.Count * catalogs.Count);
        }
        return [.. catalogs.Select(catalog => CatalogView.Of(catalog, entries[catalog]))];
    }

    /// <summary>What each of the catalogs shows of one batch of anchors, all catalogs asked at once.</summary>
    /// <param name="directory">The forest.</param>
    /// <param name="catalogs">Names of global catalogs.</param>
    /// <param name="anchors">At most <see cref="DirectoryReading.CatalogBatch"/>.</param>
    /// <param name="cancellationToken">Stops the searches.</param>
    public static async Task<IReadOnlyList<CatalogView>> LookUpAsync(
        this IDirectory directory, IReadOnlyList<string> catalogs, IReadOnlyList<string> anchors, CancellationToken cancellationToken) =>
        await Task.WhenAll(catalogs.Select(async catalog => CatalogView.Of(catalog, await directory.FindInCatalogAsync(catalog, anchors, cancellationToken))));

    /// <summary>The forest's global catalogs in order.</summary>
    /// <exception cref="CommandFailedException">GWB6104 when it shows none.</exception>
    public static IReadOnlyList<string> DemandCatalogs(this ForestServers forest) => forest.GlobalCatalogs.Count > 0
        ? [.. forest.GlobalCatalogs.Order(StringComparer.OrdinalIgnoreCase)]
        : throw DirectoryError.CatalogsMissing.Exception(null, transient: true);

    /// <summary>The catalog that knows best what was written last: the writable domain controller when it is one, else the nearest.</summary>
    /// <exception cref="CommandFailedException">GWB6104 when the forest shows none.</exception>
    public static string DemandNearestCatalog(this ForestServers forest)
    {
        _ = forest.DemandCatalogs();
        return forest.GlobalCatalogs.FirstOrDefault(catalog => string.Equals(catalog, forest.WritableDomainController, StringComparison.OrdinalIgnoreCase))
            ?? forest.GlobalCatalogs[0];
    }

    /// <summary>How many of the groups a catalog does not show with their anchor.</summary>
    public static int MissingIn(this CatalogView view, IReadOnlyList<GroupIdentity> groups) =>
        groups.Count(group => !view.Entries[group.Anchor].Any(entry => entry.ObjectGuid == group.ObjectGuid));

    /// <summary>Anchors that more than one object of the forest bears, as the catalogs together see it.</summary>
    public static IReadOnlyList<string> Duplicates(this IEnumerable<CatalogView> views) =>
    [
        .. views.SelectMany(view => view.Entries.SelectMany(entries => entries))
            .GroupBy(entry => entry.Anchor, StringComparer.OrdinalIgnoreCase)
            .Where(entries => entries.Select(entry => entry.ObjectGuid).Distinct().Skip(1).Any())
            .Select(entries => entries.Key)
            .Order(StringComparer.Ordinal),
    ];
}

/// <summary>What one global catalog shows, by anchor.</summary>
sealed record CatalogView(string GlobalCatalog, ILookup<string, CatalogEntry> Entries)
{
    public static CatalogView Of(string globalCatalog, IEnumerable<CatalogEntry> entries) =>
        new(globalCatalog, entries.ToLookup(entry => entry.Anchor, StringComparer.OrdinalIgnoreCase));
}
