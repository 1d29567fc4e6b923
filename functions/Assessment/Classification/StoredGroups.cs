using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Documents;

namespace GwbCloud.Functions.Assessment;

/// <summary>Brings the kept lists of both sides together, and puts every group into its class.</summary>
public sealed class StoredGroups(IDocumentStore store)
{
    /// <param name="tenantGroups">Document of <see cref="CloudGroupFacts"/>.</param>
    /// <param name="inventory">Document of <see cref="AdGroup"/>.</param>
    /// <param name="elsewhere">Document of <see cref="AnchorHolder"/>, null where none was read.</param>
    /// <param name="ours">Canaries of this and of earlier migrations.</param>
    /// <param name="writebackOu">Distinguished name of the OU.</param>
    /// <param name="m365Limit">Members up to which Connect writes a Microsoft 365 group.</param>
    /// <param name="cancellationToken">Stops between two documents.</param>
    /// <exception cref="DocumentException">A document is missing or damaged.</exception>
    public async Task<(Classification Classified, IReadOnlyDictionary<Guid, CloudGroupFacts> Cloud, IReadOnlyList<AdGroup> Inventory)> ClassifyAsync(
        DocumentReference tenantGroups, DocumentReference inventory, DocumentReference? elsewhere, IReadOnlyCollection<Guid> ours, string writebackOu,
        int m365Limit, CancellationToken cancellationToken)
    {
        var cloud = await store.LoadListAsync<CloudGroupFacts>(tenantGroups, cancellationToken);
        var groups = await store.LoadListAsync<AdGroup>(inventory, cancellationToken);
        var holders = elsewhere is null ? [] : await store.LoadListAsync<AnchorHolder>(elsewhere, cancellationToken);
        var classifier = new GroupClassifier(cloud, groups, ours, writebackOu, holders.Select(h => h.Anchor), m365Limit);
        return (classifier.Classify(), classifier.Cloud, groups);
    }
}
