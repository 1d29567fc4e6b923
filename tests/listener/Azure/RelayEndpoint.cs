using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace GwbCloud.Tests.Listener.Relay;

/// <summary>
/// What the public protocol of Hybrid Connections says of the service, on loopback: the control channel of one listener, requests and
/// responses up to 64 KB on it, larger ones on rendezvous sockets, renewed tokens.
/// </summary>
sealed class RelayEndpoint : IAsyncDisposable
{
    public const string Connection = "aadc01";
    const int MostOnControl = 64 * 1024;

    static readonly string[] NotForwarded =
        ["ServiceBusAuthorization", "Connection", "Content-Length", "Host", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Close"];

    readonly WebApplication _app;
    readonly ConcurrentDictionary<string, TaskCompletionSource<RelayedAnswer>> _open = new();
    readonly ConcurrentDictionary<string, RelayedCall> _rendezvous = new();
    readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _offers = new();
    readonly SemaphoreSlim _sending = new(1, 1);
    volatile WebSocket? _control;
    int _next;
    int _rendezvousMade;
    int _listens;

    RelayEndpoint(WebApplication app) => _app = app;

    /// <summary>The hybrid connection is there.</summary>
    public bool Exists { get; set; } = true;

    /// <summary>Which tokens may listen.</summary>
    public Func<string, bool> MayListen { get; set; } = _ => true;

    /// <summary>Which tokens may send.</summary>
    public Func<string, bool> MaySend { get; set; } = _ => true;

    /// <summary>The tokens of all requests so far.</summary>
    public ConcurrentQueue<string> SenderTokens { get; } = new();

    /// <summary>The token of the last listener, and of its renewals since.</summary>
    public ConcurrentQueue<string> Tokens { get; } = new();

    /// <summary>Rendezvous sockets so far.</summary>
    public int Rendezvous => Volatile.Read(ref _rendezvousMade);

    /// <summary>Attempts to listen so far, also those that were refused.</summary>
    public int Listens => Volatile.Read(ref _listens);

    public bool HasListener => _control is { State: WebSocketState.Open };

    public int Port => new Uri(_app.Urls.Single()).Port;

    public Uri Address => new($"https://localhost:{Port}/{Connection}/");

    public static async Task<RelayEndpoint> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(RelayCertificate.Certificate));
        });
        var endpoint = new RelayEndpoint(builder.Build());
        endpoint._app.UseWebSockets(new() { KeepAliveInterval = TimeSpan.Zero });
        endpoint._app.Run(endpoint.AnswerAsync);
        await endpoint._app.StartAsync(TestContext.Current.CancellationToken);
        return endpoint;
    }

    /// <summary>The control channel ends as when a cable is pulled.</summary>
    public void Drop() => _control?.Abort();

    /// <summary>Offers the listener a socket of a sender.</summary>
    /// <returns>The status with which it was refused; empty when it was taken.</returns>
    public async Task<string> OfferSocketAsync()
    {
        string id = NextId();
        var offer = _offers[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync(new() { ["accept"] = new JsonObject { ["address"] = AddressOf("accept", id), ["id"] = id, ["connectHeaders"] = new JsonObject() } }, null);
        return await offer.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Drop();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _sending.Dispose();
    }

    string NextId() => $"id-{Interlocked.Increment(ref _next)}";

    string AddressOf(string action, string id) => $"wss://localhost:{Port}/$hc/{Connection}?sb-hc-action={action}&sb-hc-id={id}";

    Task AnswerAsync(HttpContext context) => !context.WebSockets.IsWebSocketRequest ? RelayAsync(context)
        : context.Request.Query["sb-hc-action"].ToString() switch
        {
            "listen" => ListenAsync(context),
            "request" => MeetAsync(context),
            "accept" => TakeOfferAsync(context),
            _ => Task.FromResult(context.Response.StatusCode = 400),
        };

    async Task ListenAsync(HttpContext context)
    {
        Interlocked.Increment(ref _listens);
        string token = context.Request.Headers["ServiceBusAuthorization"].ToString();
        if (!Exists || context.Request.Path != $"/$hc/{Connection}")
        {
            context.Response.StatusCode = 404;
            return;
        }
        if (!MayListen(token))
        {
            context.Response.StatusCode = 401;
            return;
        }
        Tokens.Clear();
        Tokens.Enqueue(token);
        using var control = await context.WebSockets.AcceptWebSocketAsync();
        _control = control;
        try
        {
            while (await ReceiveAsync(control) is { } message)
            {
                var said = JsonNode.Parse(message)!;
                if (said["renewToken"]?["token"]?.GetValue<string>() is { } renewed) { Tokens.Enqueue(renewed); }
                if (said["response"] is { } response) { await TakeResponseAsync(control, response); }
            }
            await control.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // Dropped.
        }
        finally
        {
            Interlocked.CompareExchange(ref _control, null, control);
        }
    }

    async Task TakeResponseAsync(WebSocket from, JsonNode response)
    {
        byte[] body = response["body"]!.GetValue<bool>() ? await ReceiveAsync(from) ?? [] : [];
        Assert.InRange(body.Length, 0, from == _control ? MostOnControl : int.MaxValue);
        if (_open.TryRemove(response["requestId"]!.GetValue<string>(), out var waiting))
        {
            waiting.TrySetResult(new(response["statusCode"]!.GetValue<int>(), response["responseHeaders"]?["Content-Type"]?.GetValue<string>(), body));
        }
    }

    /// <summary>The listener comes for a request that was too large for the control channel, or with such a response.</summary>
    async Task MeetAsync(HttpContext context)
    {
        string id = context.Request.Query["sb-hc-id"].ToString();
        Interlocked.Increment(ref _rendezvousMade);
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        try
        {
            if (_rendezvous.TryRemove(id, out var call))
            {
                await socket.SendAsync(Encode(call.Command), WebSocketMessageType.Text, true, CancellationToken.None);
                await socket.SendAsync(call.Body, WebSocketMessageType.Binary, true, CancellationToken.None);
            }
            while (await ReceiveAsync(socket) is { } message)
            {
                if (JsonNode.Parse(message)!["response"] is { } response) { await TakeResponseAsync(socket, response); }
            }
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The listener let go.
        }
    }

    Task TakeOfferAsync(HttpContext context)
    {
        string status = context.Request.Query["sb-hc-statusCode"].ToString();
        context.Response.StatusCode = 410;
        if (_offers.TryRemove(context.Request.Query["sb-hc-id"].ToString(), out var offer)) { offer.TrySetResult(status); }
        return Task.CompletedTask;
    }

    /// <summary>A sender's request.</summary>
    async Task RelayAsync(HttpContext context)
    {
        string token = context.Request.Headers["ServiceBusAuthorization"].ToString();
        SenderTokens.Enqueue(token);
        if (!Exists || !MaySend(token) || !HasListener)
        {
            context.Response.StatusCode = !Exists ? 404 : !MaySend(token) ? 401 : 502;
            return;
        }
        using var content = new MemoryStream();
        await context.Request.Body.CopyToAsync(content, context.RequestAborted);
        byte[] body = content.ToArray();
        string id = NextId();
        var answer = _open[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var command = new JsonObject { ["address"] = AddressOf("request", id), ["id"] = id };
        var whole = new JsonObject
        {
            ["address"] = AddressOf("request", id),
            ["id"] = id,
            ["requestTarget"] = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            ["method"] = context.Request.Method,
            ["remoteEndpoint"] = new JsonObject { ["address"] = "127.0.0.1", ["port"] = context.Connection.RemotePort },
            ["requestHeaders"] = new JsonObject(context.Request.Headers
                .Where(header => !NotForwarded.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
                .Select(header => KeyValuePair.Create(header.Key, (JsonNode?)header.Value.ToString()))),
            ["body"] = body.Length > 0,
        };
        // Chunked bodies never travel on the control channel.
        if (body.Length > MostOnControl || (body.Length > 0 && context.Request.ContentLength is null))
        {
            _rendezvous[id] = new(new() { ["request"] = whole }, body);
            await SendAsync(new() { ["request"] = command }, null);
        }
        else
        {
            await SendAsync(new() { ["request"] = whole }, body.Length > 0 ? body : null);
        }
        var (status, contentType, answered) = await answer.Task.WaitAsync(context.RequestAborted);
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        await context.Response.Body.WriteAsync(answered, context.RequestAborted);
    }

    async Task SendAsync(JsonObject command, byte[]? body)
    {
        await _sending.WaitAsync();
        try
        {
            var control = _control ?? throw new InvalidOperationException("There is no listener.");
            await control.SendAsync(Encode(command), WebSocketMessageType.Text, true, CancellationToken.None);
            if (body is not null) { await control.SendAsync(body, WebSocketMessageType.Binary, true, CancellationToken.None); }
        }
        finally
        {
            _sending.Release();
        }
    }

    static byte[] Encode(JsonObject command) => JsonSerializer.SerializeToUtf8Bytes(command);

    /// <summary>One message; null when the other side closes.</summary>
    static async Task<byte[]?> ReceiveAsync(WebSocket socket)
    {
        using var message = new MemoryStream();
        byte[] piece = new byte[16 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(piece, CancellationToken.None);
            if (received.MessageType == WebSocketMessageType.Close) { return null; }
            message.Write(piece, 0, received.Count);
            if (received.EndOfMessage) { return message.ToArray(); }
        }
    }

    sealed record RelayedAnswer(int Status, string? ContentType, byte[] Body);

    sealed record RelayedCall(JsonObject Command, byte[] Body);
}
