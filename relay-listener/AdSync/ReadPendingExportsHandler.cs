using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Exports;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>What the server would export, counted by connector, object type and operation, with each one in a document.</summary>
sealed class ReadPendingExportsHandler(IAdSync adSync) : ICommandHandler<ReadPendingExports, PendingExports>
{
    public async Task<PendingExports> HandleAsync(ReadPendingExports command, JobContext job, CancellationToken cancellationToken)
    {
        var host = await adSync.GetHostAsync(cancellationToken);
        var pending = await adSync.PendingAsync(cancellationToken);
        return new()
        {
            Server = host.Server,
            AdConnector = host.AdConnector,
            Counts = ExportJudge.CountsOf(pending),
            Details = await job.WriteListAsync("pendingExports", pending, cancellationToken),
        };
    }
}
