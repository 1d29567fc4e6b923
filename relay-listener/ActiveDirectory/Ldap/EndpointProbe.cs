using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>Which ports of domain controllers answer, as seen from this server. Opens and closes; nothing is sent.</summary>
static class EndpointProbe
{
    const int AtOnce = 16;
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>Those that did not answer, as <c>host:port</c>, in order.</summary>
    /// <param name="controllers">The forest's domain controllers.</param>
    /// <param name="options">Addresses, and whether encrypted ports are used at all: elsewhere a controller without a certificate is no fault.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public static async Task<IReadOnlyList<string>> UnreachableAsync(
        IEnumerable<DomainController> controllers, LdapOptions options, CancellationToken cancellationToken)
    {
        bool tls = options.Transport == LdapTransport.Ldaps;
        var endpoints = controllers.SelectMany(controller => (IEnumerable<(string Host, int Port)>)
        [
            (controller.HostName, 389),
            .. tls ? [(controller.HostName, 636)] : Array.Empty<(string, int)>(),
            .. controller.IsGlobalCatalog ? [(controller.HostName, 3268)] : Array.Empty<(string, int)>(),
            .. controller.IsGlobalCatalog && tls ? [(controller.HostName, 3269)] : Array.Empty<(string, int)>(),
        ]);
        var silent = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(endpoints, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (endpoint, stop) =>
        {
            string address = options.Addresses.TryGetValue(endpoint.Host, out string? other) ? other : endpoint.Host;
            if (!await AnswersAsync(address, endpoint.Port, stop)) { silent.Add(string.Create(CultureInfo.InvariantCulture, $"{endpoint.Host}:{endpoint.Port}")); }
        });
        return [.. silent.Order(StringComparer.OrdinalIgnoreCase)];
    }

    static async Task<bool> AnswersAsync(string address, int port, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address, port, limit.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
