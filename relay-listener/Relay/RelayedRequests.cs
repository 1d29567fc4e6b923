using GwbCloud.Contracts;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Hosting;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace GwbCloud.RelayListener.Relay;

/// <summary>Hands what comes through a relay to the job API, and always closes the response.</summary>
/// <param name="handle">The job API.</param>
/// <param name="connectionPath">Path of the hybrid connection; what follows it is the job API's own.</param>
/// <param name="logger">Told of what went wrong.</param>
/// <param name="abandon">Ends what is still being answered, with a 500.</param>
sealed partial class RelayedRequests(ListenerHandler handle, string connectionPath, ILogger logger, CancellationToken abandon)
{
    /// <summary>Most at a time: each holds a body in memory, and whoever may send could send many.</summary>
    public const int MostInFlight = 256;

    /// <summary>The relay gives up after 60 seconds; the answer must still travel.</summary>
    static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(50);

    readonly RequestsInFlight _inFlight = new(MostInFlight);
    readonly string _prefix = connectionPath.TrimEnd('/');

    /// <summary>
    /// Begins to answer and returns at once. Synchronous on purpose: an <c>async void</c> would lose its exceptions, or end the process with
    /// them. Never throws.
    /// </summary>
    public void Begin(IRelayedExchange exchange)
    {
        var refusal = _inFlight.Enter();
        _ = Task.Run(() => AnswerAsync(exchange, refusal), CancellationToken.None);
    }

    /// <summary>Takes no more; whoever comes is told that the listener stops.</summary>
    /// <returns>Completes when everything that was begun is answered.</returns>
    public Task CloseAsync() => _inFlight.CloseAsync();

    async Task AnswerAsync(IRelayedExchange exchange, ErrorEntry? refusal)
    {
        try
        {
            try
            {
                await exchange.AnswerAsync(refusal is null ? await AskAsync(exchange) : ListenerApi.Refuse(503, refusal.ToError(transient: true)));
            }
            finally
            {
                await exchange.CloseAsync();
            }
        }
        catch (Exception e)
        {
            LogLost(e, exchange.Method);
        }
        finally
        {
            if (refusal is null) { _inFlight.Leave(); }
        }
    }

    /// <summary>The job API's answer, or one that tells nothing about what went wrong inside.</summary>
    async Task<ListenerResponse> AskAsync(IRelayedExchange exchange)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(abandon);
        limit.CancelAfter(LongestAnswer);
        try
        {
            return PathBelow(exchange.Url) is not { } path ? ListenerApi.Refuse(404, JobError.NotFound.ToError())
                : await ReadAsync(exchange.Body, limit.Token) is not { } body ? ListenerApi.Refuse(413, JobError.BodyTooLarge.ToError())
                : await handle(new() { Method = exchange.Method, Path = path, Parts = PartsOf(exchange.Url), Body = body }, limit.Token);
        }
        catch (Exception e)
        {
            LogFailed(e, exchange.Method);
            return ListenerApi.Refuse(500, JobError.Unexpected.ToError(transient: true));
        }
    }

    /// <summary>The escaped path without the connection's own, whose case the relay does not mind; null when it lies elsewhere.</summary>
    string? PathBelow(Uri url)
    {
        string path = url.AbsolutePath;
        return path.StartsWith(_prefix, StringComparison.OrdinalIgnoreCase) && (path.Length == _prefix.Length || path[_prefix.Length] == '/')
            ? path[_prefix.Length..]
            : null;
    }

    static string? PartsOf(Uri url) => QueryHelpers.ParseQuery(url.Query).TryGetValue("parts", out var parts) ? parts.ToString() : null;

    /// <summary>Null when it is larger than the job API takes. The rest stays unread.</summary>
    static async Task<byte[]?> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        var read = new MemoryStream();
        byte[] piece = new byte[16 * 1024];
        int count;
        while ((count = await body.ReadAsync(piece, cancellationToken)) > 0)
        {
            read.Write(piece, 0, count);
            if (read.Length > ListenerApi.MaxBodyBytes) { return null; }
        }
        return read.ToArray();
    }

    [LoggerMessage(6045, LogLevel.Error, "A {Method} request through the relay failed; it was answered without the reason")]
    partial void LogFailed(Exception e, string method);

    [LoggerMessage(6046, LogLevel.Warning, "The answer to a {Method} request did not reach the relay; the cloud half asks again")]
    partial void LogLost(Exception e, string method);
}
