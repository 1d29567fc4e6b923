using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>Facts of this Connect server.</summary>
sealed class InspectServerHandler(IAdSync adSync) : ICommandHandler<InspectServer, ServerFacts>
{
    public Task<ServerFacts> HandleAsync(InspectServer command, JobContext job, CancellationToken cancellationToken) =>
        adSync.InspectAsync(cancellationToken);
}
