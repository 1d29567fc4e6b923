using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.AdSync;

static class PendingReading
{
    /// <summary>Every pending export of every connector, in an order that does not depend on how the server listed them.</summary>
    public static async Task<IReadOnlyList<PendingExport>> PendingAsync(this IAdSync adSync, CancellationToken cancellationToken)
    {
        var pending = new List<PendingExport>();
        await foreach (var export in adSync.GetPendingExportsAsync(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            pending.Add(export);
        }
        return
        [
            .. pending.OrderBy(export => export.Connector, StringComparer.Ordinal)
                .ThenBy(export => export.DistinguishedName, StringComparer.Ordinal)
                .ThenBy(export => export.Operation),
        ];
    }
}
