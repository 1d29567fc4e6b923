using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>The rule lineage of each group of a document on this server.</summary>
sealed class ReadLineageHandler(IAdSync adSync) : ICommandHandler<ReadLineage, LineageReport>
{
    public async Task<LineageReport> HandleAsync(ReadLineage command, JobContext job, CancellationToken cancellationToken) =>
        await adSync.ReadLineageAsync(await job.ReadListAsync<GroupIdentity>(command.Groups, cancellationToken), cancellationToken);
}
