using System.Net;
using System.Net.Sockets;

namespace GwbCloud.Tests.Browser.Support;

/// <summary>The way from a browser to the product, which can be cut: every connection is reset then, and every new one as soon as it comes.</summary>
/// <remarks>It listens all the time. A port that is given back while the wire is cut may be somebody else's when it is mended.</remarks>
public sealed class Wire : IAsyncDisposable
{
    readonly Uri _target;
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly Lock _gate = new();
    readonly HashSet<TcpClient> _open = [];
    readonly Task _taking;
    bool _cut;

    Wire(Uri target)
    {
        _target = target;
        _listener.Start();
        Address = new UriBuilder(target) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        _taking = TakeAsync();
    }

    /// <summary>Where a browser goes instead of the product's own address.</summary>
    public Uri Address { get; }

    /// <param name="target">Where the product answers.</param>
    public static Wire To(Uri target) => new(target);

    public void Cut()
    {
        lock (_gate)
        {
            _cut = true;
            foreach (var client in _open) { Reset(client); }
            _open.Clear();
        }
    }

    public void Mend()
    {
        lock (_gate) { _cut = false; }
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        _listener.Dispose();
        await _taking;
    }

    async Task TakeAsync()
    {
        try
        {
            while (true) { _ = CarryAsync(await _listener.AcceptTcpClientAsync()); }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    async Task CarryAsync(TcpClient near)
    {
        using var far = new TcpClient();
        try
        {
            if (!Keep(near)) { return; }
            await far.ConnectAsync(IPAddress.Loopback, _target.Port);
            if (!Keep(far)) { return; }
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It was cut.
        }
        finally
        {
            near.Dispose();
            lock (_gate)
            {
                _open.Remove(near);
                _open.Remove(far);
            }
        }
    }

    /// <summary>False, and the connection is gone, while the wire is cut: none that comes at that very moment survives.</summary>
    bool Keep(TcpClient client)
    {
        lock (_gate)
        {
            if (_cut) { Reset(client); } else { _open.Add(client); }
            return !_cut;
        }
    }

    static void Reset(TcpClient client)
    {
        // Without lingering the other side sees a reset, and no orderly end.
        if (client.Client is { } socket) { socket.LingerState = new LingerOption(true, 0); }
        client.Dispose();
    }
}
