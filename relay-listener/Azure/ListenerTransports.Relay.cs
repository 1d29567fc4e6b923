using GwbCloud.RelayListener.Relay;
using Microsoft.Extensions.Logging;

namespace GwbCloud.RelayListener.Hosting;

static partial class ListenerTransports
{
    static partial void FindRelay(ref bool here) => here = true;

    static partial void OpenRelay(ListenerOptions options, ListenerHandler handle, ref IListenerTransport? transport)
    {
        var credentials = new RelayCredentials(options.Relay!.Credential, options.Tenant);
        transport = RelayTransport.Start(
            options.Relay,
            (report, request) => new HybridConnectionLink(options.Relay, credentials.CreateTokenProvider(), report, request),
            handle, options.Time, options.Logging.CreateLogger("GwbCloud.RelayListener"));
    }
}
