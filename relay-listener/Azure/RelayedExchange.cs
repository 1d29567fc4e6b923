using System.Globalization;
using System.Net;
using GwbCloud.RelayListener.Hosting;
using Microsoft.Azure.Relay;

namespace GwbCloud.RelayListener.Relay;

/// <summary>A request as the client of Azure Relay hands it over.</summary>
sealed class RelayedExchange : IRelayedExchange
{
    readonly RelayedHttpListenerContext _context;

    public RelayedExchange(RelayedHttpListenerContext context)
    {
        _context = context;
        // The client's own default is 200: a response that is closed for want of an answer must not look like one.
        context.Response.StatusCode = HttpStatusCode.InternalServerError;
    }

    public string Method => _context.Request.HttpMethod;

    public Uri Url => _context.Request.Url;

    public Stream Body => _context.Request.InputStream;

    public async Task AnswerAsync(ListenerResponse answer)
    {
        _context.Response.Headers["Content-Type"] = answer.ContentType;
        if (answer.RetryAfterSeconds is { } seconds) { _context.Response.Headers["Retry-After"] = seconds.ToString(CultureInfo.InvariantCulture); }
        // Last of what can fail before the body.
        _context.Response.StatusCode = (HttpStatusCode)answer.Status;
        // In one piece: up to 64 KB it goes back on the control channel, and what lies open for two seconds would not.
        if (answer.Body.Length > 0) { await _context.Response.OutputStream.WriteAsync(answer.Body, CancellationToken.None); }
    }

    public Task CloseAsync() => _context.Response.CloseAsync();
}
