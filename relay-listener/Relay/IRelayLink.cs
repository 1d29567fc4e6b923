using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Hosting;

namespace GwbCloud.RelayListener.Relay;

/// <summary>What a link says about itself.</summary>
sealed record LinkReport
{
    /// <summary><see cref="TransportPhase.Offline"/> is its last word: it makes no further attempt.</summary>
    public required TransportPhase Phase { get; init; }

    /// <summary>Why it is not online; null when it did not say.</summary>
    public CommandError? Error { get; init; }
}

/// <summary>One registration with a relay. It reconnects by itself after most faults, and is of no more use once it has reported that it is offline.</summary>
/// <remarks>Disposing it is bounded in time, whatever the network does, and never throws.</remarks>
interface IRelayLink : IAsyncDisposable
{
    /// <summary>Registers it, once.</summary>
    /// <exception cref="Errors.CommandFailedException">GWB64xx.</exception>
    Task OpenAsync(CancellationToken cancellationToken);
}
