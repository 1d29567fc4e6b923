using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>Facts of this Connect server, and of no other: a listener that runs on another machine than it is configured for says nothing.</summary>
sealed class InspectServerHandler(IAdSync adSync, string configured) : ICommandHandler<InspectServer, ServerFacts>
{
    public async Task<ServerFacts> HandleAsync(InspectServer command, JobContext job, CancellationToken cancellationToken)
    {
        var facts = await adSync.InspectAsync(cancellationToken);
        return string.Equals(facts.Server, configured, StringComparison.OrdinalIgnoreCase)
            ? facts
            : throw AdSyncError.OtherMachine.Exception($"configured {configured}, here is {facts.Server}", transient: false);
    }
}
