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
        var catalogs = (await directory.InspectAsync(cancellationToken)).GlobalCatalogs;
        if (catalogs.Count == 0) { throw DirectoryError.CatalogsMissing.Exception(null, transient: true); }
        var views = new List<CatalogView>();
        int done = 0;
        foreach (string catalog in catalogs.Order(StringComparer.OrdinalIgnoreCase))
        {
            var entries = new List<CatalogEntry>();
            foreach (var batch in anchors.Chunk(DirectoryReading.CatalogBatch))
            {
                cancellationToken.ThrowIfCancellationRequested();
                entries.AddRange(await directory.FindInCatalogAsync(catalog, batch, cancellationToken));
                report?.Invoke(done += batch.Length, anchors.Count * catalogs.Count);
            }
            views.Add(new(catalog, entries.ToLookup(entry => entry.Anchor, StringComparer.OrdinalIgnoreCase)));
        }
        return views;
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
sealed record CatalogView(string GlobalCatalog, ILookup<string, CatalogEntry> Entries);
