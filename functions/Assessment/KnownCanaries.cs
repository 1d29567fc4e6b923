using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Documents;

namespace GwbCloud.Functions.Assessment;

/// <summary>Canaries of every migration so far: a postponed one leaves their objects in the OU, and they are still ours.</summary>
public sealed class KnownCanaries(IDocumentStore store)
{
    public async Task<IReadOnlySet<Guid>> ReadAsync(CancellationToken cancellationToken)
    {
        var known = new HashSet<Guid>();
        await foreach (var journal in CloudSyncJournal.AllAsync(store, cancellationToken))
        {
            known.UnionWith(journal.Canaries);
        }

        return known;
    }
}
