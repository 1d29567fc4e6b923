using System.Net;
using System.Net.Sockets;

namespace GwbCloud.Tests.Browser.Support;

/// <summary>The way from a browser to the product, which can be cut: its connections end, and no new one is taken until it is mended.</summary>
public sealed class Wire : IAsyncDisposable
{
    readonly Uri _target;
    readonly Lock _gate = new();
    readonly List<TcpClient> _open = [];
    TcpListener _listener;

    Wire(Uri target)
    {
        _target = target;
        _listener = Listen(0);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = TakeAsync(_listener);
    }

    int Port { get; }

    public Uri Address => new UriBuilder(_target) { Port = Port }.Uri;

    /// <param name="target">Where the product answers.</param>
    public static Wire To(Uri target) => new(target);

    /// <summary>Ends every connection; whoever tries is refused from now on.</summary>
    public void Cut()
    {
        _listener.Dispose();
        lock (_gate)
        {
            _open.ForEach(client => client.Dispose());
            _open.Clear();
        }
    }

    /// <summary>Takes connections again, at the same address.</summary>
    public void Mend()
    {
        _listener = Listen(Port);
        _ = TakeAsync(_listener);
    }

    public ValueTask DisposeAsync()
    {
        Cut();
        return ValueTask.CompletedTask;
    }

    static TcpListener Listen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        return listener;
    }

    async Task TakeAsync(TcpListener listener)
    {
        try
        {
            while (true) { _ = CarryAsync(await listener.AcceptTcpClientAsync()); }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // It was cut.
        }
    }

    async Task CarryAsync(TcpClient near)
    {
        var far = new TcpClient();
        lock (_gate) { _open.AddRange([near, far]); }
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _target.Port);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It was cut.
        }
        finally
        {
            near.Dispose();
            far.Dispose();
        }
    }
}
