using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>Every group under the writeback OU, in the order of their objectGUIDs so that the same OU gives the same document.</summary>
sealed class InventoryWritebackOuHandler(IDirectory directory) : ICommandHandler<InventoryWritebackOu, InventoryResult>
{
    public async Task<InventoryResult> HandleAsync(InventoryWritebackOu command, JobContext job, CancellationToken cancellationToken)
    {
        var groups = await directory.InventoryAsync(job, cancellationToken);
        return new()
        {
            Groups = await job.WriteListAsync("inventory", groups.Values.OrderBy(group => group.ObjectGuid), cancellationToken),
            Elsewhere = await job.WriteListAsync("anchors-elsewhere", await ElsewhereAsync(groups, job, cancellationToken), cancellationToken),
        };
    }

    // A forest without a global catalog is a finding of its own; the groups are worth reading all the same.
    async Task<IEnumerable<AnchorHolder>> ElsewhereAsync(Dictionary<Guid, AdGroup> groups, JobContext job, CancellationToken cancellationToken)
    {
        if ((await directory.ServersAsync(cancellationToken)).GlobalCatalogs.Count == 0) { return []; }

        string[] anchors = [.. groups.Values.Select(group => group.AdminDescription).OfType<string>().Where(IsAnchor)
            .Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)];
        var views = await directory.SearchAsync(anchors, (done, total) => job.Report("asking the global catalogs", done, total), cancellationToken);
        return views.SelectMany(view => view.Entries.SelectMany(entries => entries))
            .Where(entry => !groups.ContainsKey(entry.ObjectGuid))
            .Select(entry => new AnchorHolder { ObjectGuid = entry.ObjectGuid, DistinguishedName = entry.DistinguishedName, Anchor = entry.Anchor })
            .DistinctBy(holder => (holder.ObjectGuid, holder.Anchor))
            .OrderBy(holder => holder.Anchor, StringComparer.Ordinal).ThenBy(holder => holder.ObjectGuid);
    }

    static bool IsAnchor(string adminDescription) => adminDescription.StartsWith("Group_", StringComparison.Ordinal);
}
