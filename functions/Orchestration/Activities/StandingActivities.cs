using GwbCloud.Functions.Documents;
using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Keeps and reads where a migration stands.</summary>
public sealed class StandingActivities(IDocumentStore documents)
{
    /// <summary>Replaces what is kept, unless something newer is: an activity that runs a second time must not turn the clock back.</summary>
    [Function(nameof(KeepStanding))]
    public Task KeepStanding([ActivityTrigger] MigrationStanding standing, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(standing);
        return documents.ChangeOneAsync<MigrationStanding>(
            StoreNames.MigrationStanding(standing.MigrationId),
            kept => Task.FromResult(kept?.Facts.Revision > standing.Facts.Revision ? null : standing),
            cancellationToken);
    }

    [Function(nameof(ReadStanding))]
    public async Task<StandingFound> ReadStanding([ActivityTrigger] StandingQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new()
        {
            Standing = await documents.ReadOneAsync<MigrationStanding>(StoreNames.MigrationStanding(query.MigrationId), cancellationToken),
            View = await documents.ReadOneAsync<MigrationView>(StoreNames.MigrationView(query.MigrationId), cancellationToken),
        };
    }
}
