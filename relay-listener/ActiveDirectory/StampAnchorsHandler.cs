using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>Copies each planned group's anchor, only where none is. Source: migrate how-to, step 1.</summary>
/// <remarks>
/// Batch by batch: compare, journal, write, read back. What the result counts as written was read after the write. A run that was stopped
/// goes through all batches again and leaves alone what bears its anchor; what an earlier run of the same command wrote counts as written.
/// </remarks>
sealed class StampAnchorsHandler(IDirectory directory, StampJournal journal) : ICommandHandler<StampAnchors, StampResult>
{
    /// <summary>Groups that share a comparison, a flush of the journal and a read-back.</summary>
    const int BatchSize = 500;

    public async Task<StampResult> HandleAsync(StampAnchors command, JobContext job, CancellationToken cancellationToken)
    {
        int total = await job.DemandSoundAsync(command.Groups, cancellationToken);
        string catalog = (await directory.ServersAsync(cancellationToken)).DemandNearestCatalog();
        var run = new StampRun(directory, journal, job.Origin, catalog);

        await using var batches = job.ReadEntriesAsync<GroupIdentity>(command.Groups, cancellationToken)
            .Chunk(BatchSize).GetAsyncEnumerator(cancellationToken);
        int done = 0;
        var next = PrepareNextAsync();
        try
        {
            while (await next is { } batch)
            {
                // The domain controller reads the next batch while this one is written, so that it never waits for us.
                next = PrepareNextAsync();
                await run.WriteAsync(batch, cancellationToken);
                job.Report("stamping anchors", done += batch.Planned, total);
            }
        }
        finally
        {
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return run.Tally.ToResult();

        async Task<StampBatch?> PrepareNextAsync()
        {
            cancellationToken.ThrowIfCancellationRequested();
            return await batches.MoveNextAsync() ? await run.PrepareAsync(batches.Current, cancellationToken) : null;
        }
    }
}
