using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GwbCloud.Tests.Listener.Relay;

/// <summary>A proxy as many Connect servers stand behind one: it takes CONNECT and carries bytes.</summary>
sealed class ConnectProxy : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ConnectProxy()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    /// <summary>Hosts and ports that were asked for.</summary>
    public ConcurrentQueue<string> Targets { get; } = new();

    public void Dispose() => _listener.Dispose();

    async Task AcceptAsync()
    {
        try
        {
            while (true) { _ = CarryAsync(await _listener.AcceptTcpClientAsync()); }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    async Task CarryAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                var near = client.GetStream();
                string target = (await ReadHeadAsync(near)).Split(' ')[1];
                Targets.Enqueue(target);
                using var server = new TcpClient();
                await server.ConnectAsync(target.Split(':')[0], int.Parse(target.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture));
                var far = server.GetStream();
                await near.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray());
                await Task.WhenAny(near.CopyToAsync(far), far.CopyToAsync(near));
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // One of the two hung up.
        }
    }

    static async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        byte[] next = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(next) == 1) { head.Append((char)next[0]); }
        return head.ToString();
    }
}
