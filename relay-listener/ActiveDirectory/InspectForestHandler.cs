using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>Facts of the forest.</summary>
sealed class InspectForestHandler(IDirectory directory) : ICommandHandler<InspectForest, ForestFacts>
{
    public Task<ForestFacts> HandleAsync(InspectForest command, JobContext job, CancellationToken cancellationToken) =>
        directory.InspectAsync(cancellationToken);
}
