using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Documents;

namespace GwbCloud.Functions.Assessment;

/// <summary>Keeps the list of groups with names or places of their own.</summary>
static class KeptGroups
{
    /// <returns>Document of <see cref="KeptDn"/>, null when every group follows the one mapping.</returns>
    public static async Task<DocumentReference?> SaveKeptAsync(this IDocumentStore store, Classification classified, CancellationToken cancellationToken)
        => classified.Kept.Count == 0 ? null : await store.SaveListAsync("kept", classified.Kept, cancellationToken);
}
