using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.Hosting;

/// <summary>Opens the way in that the options ask for: loopback, or a relay where this build has one.</summary>
static partial class ListenerTransports
{
    /// <summary>Refuses options that this build cannot follow, before anything starts.</summary>
    /// <exception cref="CommandFailedException">GWB6401: the options name a relay and this build has none.</exception>
    public static void Check(ListenerOptions options)
    {
        bool here = false;
        FindRelay(ref here);
        if (options.Relay is not null && !here) { throw RelayError.NotInThisBuild.Exception(null, transient: false); }
    }

    /// <summary>Opens it. A relay is opened in the background: whether it is online, its state tells.</summary>
    public static async Task<IListenerTransport> OpenAsync(ListenerOptions options, ListenerHandler handle, BusyHolds busy, CancellationToken cancellationToken)
    {
        if (options.Relay is null) { return await LoopbackTransport.StartAsync(options, handle, busy, cancellationToken); }
        IListenerTransport? relay = null;
        OpenRelay(options, handle, ref relay);
        return relay ?? throw new InvalidOperationException("The options were not checked.");
    }

    // Both vanish where the relay is no part of the build.
    static partial void FindRelay(ref bool here);

    static partial void OpenRelay(ListenerOptions options, ListenerHandler handle, ref IListenerTransport? transport);
}
