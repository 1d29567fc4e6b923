using GwbCloud.RelayListener.Relay;

namespace GwbCloud.RelayListener.Hosting;

static partial class ListenerTransports
{
    static partial void FindRelay(RelayOptions relay, string tenant, ref RelayLinkFactory? links)
    {
        var credentials = new RelayCredentials(relay.Credential, tenant);
        links = (report, request) => new HybridConnectionLink(relay, credentials.CreateTokenProvider(), report, request);
    }
}
