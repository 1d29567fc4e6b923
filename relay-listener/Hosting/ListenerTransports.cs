using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Jobs;
using GwbCloud.RelayListener.Relay;
using Microsoft.Extensions.Logging;

namespace GwbCloud.RelayListener.Hosting;

/// <summary>Opens the way in that the options ask for: loopback, or a relay where this build has one.</summary>
static partial class ListenerTransports
{
    /// <summary>Refuses options that this build cannot follow, before anything starts.</summary>
    /// <exception cref="CommandFailedException">GWB6401: the options name a relay and this build has none.</exception>
    public static void Check(ListenerOptions options)
    {
        if (options.Relay is { } relay) { LinksOf(relay, options.Tenant); }
    }

    /// <summary>Opens it. A relay is opened in the background: whether it is online, its state tells.</summary>
    /// <exception cref="CommandFailedException">GWB6401: the options name a relay and this build has none.</exception>
    public static async Task<IListenerTransport> OpenAsync(ListenerOptions options, ListenerHandler handle, BusyHolds busy, CancellationToken cancellationToken) =>
        options.Relay is { } relay
            ? RelayTransport.Start(relay, LinksOf(relay, options.Tenant), handle, options.Time, options.Logging.CreateLogger("GwbCloud.RelayListener"))
            : await LoopbackTransport.StartAsync(options, handle, busy, cancellationToken);

    /// <summary>Connects to a relay once and hangs up.</summary>
    /// <remarks>A service that runs on the same hybrid connection is not disturbed: what reaches this one in that moment is asked again.</remarks>
    /// <param name="relay">Valid options.</param>
    /// <param name="tenant">Directory (tenant) id.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>GWB64xx; null when the relay lets this listener in.</returns>
    public static async Task<CommandError?> ProbeAsync(RelayOptions relay, string tenant, CancellationToken cancellationToken)
    {
        try
        {
            return await RelayTransport.ProbeAsync(relay, LinksOf(relay, tenant), cancellationToken);
        }
        catch (CommandFailedException e)
        {
            return e.Error;
        }
    }

    static RelayLinkFactory LinksOf(RelayOptions relay, string tenant)
    {
        RelayLinkFactory? links = null;
        FindRelay(relay, tenant, ref links);
        return links ?? throw RelayError.NotInThisBuild.Exception(null, transient: false);
    }

    // Vanishes where the relay is no part of the build.
    static partial void FindRelay(RelayOptions relay, string tenant, ref RelayLinkFactory? links);
}
