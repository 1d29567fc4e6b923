using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;

namespace GwbCloud.Functions.CloudSync;

/// <summary>The journal of one migration, read once and written at every change.</summary>
public sealed class CloudSyncJournalFile(IDocumentStore store, string migrationId, Canaries canaries, CancellationToken cancellationToken)
{
    readonly string _name = CloudSyncJournal.Name(migrationId);

    public CloudSyncJournal Now { get; private set; } = new() { Canaries = canaries.All };

    /// <returns>False when the migration has none: it made nothing.</returns>
    public async Task<bool> OpenExistingAsync()
    {
        var there = await store.ReadOneAsync<CloudSyncJournal>(_name, cancellationToken);
        Now = there ?? Now;
        return there is not null;
    }

    public async Task OpenAsync()
    {
        if (!await OpenExistingAsync())
        {
            await WriteAsync(journal => journal);
        }
    }

    public async Task WriteAsync(Func<CloudSyncJournal, CloudSyncJournal> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Now = change(Now);
        await store.WriteOneAsync(_name, Now, cancellationToken);
    }
}
