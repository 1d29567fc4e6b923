using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Graph;

/// <summary>Graph over HTTP, small and typed: what this product asks of it, with the care that a tenant's Graph wants.</summary>
/// <remarks>
/// Throttled and unavailable answers are repeated after the time that Graph names, or after a back-off with jitter; when, is <see cref="GraphPace"/>'s.
/// Reads, and writes that mean the same when repeated (PUT, PATCH, DELETE), are also repeated after a lost or cut answer. A POST that makes
/// something is not: it ends with GWB4009, and the caller reads before it repeats (<see cref="EnsureAsync"/>, <see cref="EnsureManyAsync"/>).
/// A token that Graph no longer takes is renewed once; when the new one is refused too, that is the error. Source: Graph throttling and batching guides.
/// </remarks>
public sealed partial class GraphClient
{
    readonly GraphTransport _transport;
    readonly GraphPace _pace;
    readonly GraphOptions _options;
    readonly ILogger<GraphClient> _logger;

    public GraphClient(HttpClient http, IGraphTokens tokens, GraphPace pace, IOptions<GraphOptions> options, ILogger<GraphClient> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_pace, _options, _logger) = (pace, options.Value, logger);
        _transport = new GraphTransport(http, tokens, pace, _options);
    }

    /// <summary>The cloud that the tenant lives in.</summary>
    public NationalCloud Cloud => _options.NationalCloud;

    /// <summary>What this process asked of Graph so far.</summary>
    public GraphUsage Usage => _pace.Usage;

    /// <summary>Reads one object.</summary>
    /// <exception cref="GraphException">GWB4006 when it does not exist.</exception>
    public Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
        where T : notnull
        => ReadAsync<T>(path, IsAdvanced(path), cancellationToken);

    /// <summary>Reads one object, null when it does not exist.</summary>
    public async Task<T?> FindAsync<T>(string path, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await GetAsync<T>(path, cancellationToken);
        }
        catch (GraphException missing) when (missing.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Reads a number: a path that ends in <c>/$count</c>, perhaps with a filter.</summary>
    public async Task<int> CountAsync(string path, CancellationToken cancellationToken)
        => (await GetAsync<JsonElement>(path, cancellationToken)) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var count)
            ? count
            : throw new GraphTransientException(GraphError.Unreadable, GraphFailures.Shown(path));

    /// <summary>Reads a list to its end. A next link is opaque and followed as it is.</summary>
    /// <remarks>A path with <c>$count=true</c> is an advanced query: it may filter more, and reads a copy that lags behind.</remarks>
    public async IAsyncEnumerable<T> PagesAsync<T>(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var eventual = IsAdvanced(path);
        for (var next = path; next is not null;)
        {
            var page = await ReadAsync<GraphPage<T>>(next, eventual, cancellationToken);
            foreach (var item in page.Value)
            {
                yield return item;
            }

            next = page.NextLink;
        }
    }

    /// <summary>Replaces or changes something, or gives an order that means the same when it is given twice.</summary>
    public Task WriteAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
        => SendAsync<JsonElement>(new GraphCall { Method = method, Path = path, Body = body, Reads = false, Writes = 1 }, cancellationToken);

    /// <summary>Posts what means the same when it is posted twice, and reads the answer.</summary>
    public async Task<T> AskAsync<T>(string path, object body, CancellationToken cancellationToken)
        where T : notnull
        => (await SendAsync<T>(new GraphCall { Method = HttpMethod.Post, Path = path, Body = body, Writes = 1 }, cancellationToken))!;

    /// <summary>Removes something; gone already is gone.</summary>
    public async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(HttpMethod.Delete, path, null, cancellationToken);
        }
        catch (GraphException missing) when (missing.Status == HttpStatusCode.NotFound)
        {
            // What we wanted.
        }
    }

    /// <summary>Makes something unless it is there, at most once, whatever happens to the answers.</summary>
    /// <param name="find">Looks for it; null while it is not there.</param>
    /// <param name="path">Where it is posted.</param>
    /// <param name="body">What is posted.</param>
    /// <param name="maybePosted">
    /// An earlier attempt may have posted it and died before the answer: replication may still hide it, so it is looked for as after a lost answer.
    /// </param>
    /// <param name="pause">Pause between two looks after a lost answer: replication may hide what was made.</param>
    /// <param name="looks">Looks after a lost answer, before it is posted again.</param>
    /// <param name="cancellationToken">Stops between the calls.</param>
    public async Task<T> EnsureAsync<T>(
        Func<CancellationToken, Task<T?>> find, string path, object body, bool maybePosted, TimeSpan pause, int looks,
        CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(find);
        if (await find(cancellationToken) is { } there)
        {
            return there;
        }

        if (maybePosted && await LookAsync(find, pause, looks, cancellationToken) is { } late)
        {
            return late;
        }

        var post = new GraphCall { Method = HttpMethod.Post, Path = path, Body = body, Repeat = Repeat.AfterRefusal, Reads = false, Writes = 1 };
        for (var attempt = 1; ; attempt++)
        {
            GraphException? lost = null;
            try
            {
                await SendAsync<JsonElement>(post, cancellationToken);
            }
            catch (GraphException unknown) when (unknown.Error == GraphError.OutcomeUnknown)
            {
                lost = unknown;
            }

            if (await LookAsync(find, pause, looks, cancellationToken) is { } made)
            {
                return made;
            }

            if (lost is null || attempt == _options.Attempts)
            {
                throw lost ?? new GraphTransientException(GraphError.NotReplicated, post.Shown);
            }
        }
    }

    async Task<T?> LookAsync<T>(Func<CancellationToken, Task<T?>> find, TimeSpan pause, int looks, CancellationToken cancellationToken)
        where T : class
    {
        for (var look = 0; look < looks; look++)
        {
            if (await find(cancellationToken) is { } made)
            {
                return made;
            }

            await _pace.WaitAsync(pause, cancellationToken);
        }

        return null;
    }

    async Task<T> ReadAsync<T>(string path, bool eventual, CancellationToken cancellationToken)
        where T : notnull
        => (await SendAsync<T>(new GraphCall { Method = HttpMethod.Get, Path = path, Eventual = eventual }, cancellationToken))!;

    async Task<T?> SendAsync<T>(GraphCall call, CancellationToken cancellationToken)
    {
        var renewed = false;
        for (var attempt = 1; ; attempt++)
        {
            var tried = await _transport.SendAsync<T>(call, cancellationToken);
            if (tried.Failure is not { } failure)
            {
                return tried.Answer;
            }

            if (failure.Error == GraphError.NotSignedIn && !renewed)
            {
                renewed = true;
                LogRenewal(call.Shown, failure.RequestId, failure.ClientRequestId);
                continue;
            }

            var pause = Pause(call, failure, tried.Wait, attempt);
            if (pause is not { } wait || failure.Error == GraphError.OutcomeUnknown)
            {
                throw failure;
            }

            // A token may run out again during a long wait; refused twice in a row it is no matter of time.
            renewed = false;
            LogRetry(call.Method, call.Shown, failure.Code, attempt, wait, failure.RequestId, failure.ClientRequestId);
            await _pace.RepeatAsync(wait, cancellationToken);
        }
    }

    /// <summary>How long until the next try; null when there is none in this attempt of the activity.</summary>
    TimeSpan? Pause(GraphCall call, GraphException failure, TimeSpan? asked, int attempt)
    {
        if (!failure.Transient || attempt >= _options.Attempts)
        {
            return null;
        }

        var pause = asked ?? _pace.BackOff($"{call.Method} {call.Path}", attempt);
        return pause <= TimeSpan.FromSeconds(_options.LongestWaitSeconds) ? pause : null;
    }

    // Advanced queries are refused, or answered wrongly, without the header. Source: advanced query capabilities on directory objects.
    static bool IsAdvanced(string path)
        => path.Contains("/$count", StringComparison.OrdinalIgnoreCase) || path.Contains("$count=true", StringComparison.OrdinalIgnoreCase);

    [LoggerMessage(4001, LogLevel.Information,
        "Graph {Method} {Path} answered {Code}; attempt {Attempt}, again in {Pause} (request-id {RequestId}, client-request-id {ClientRequestId})")]
    partial void LogRetry(HttpMethod method, string path, string code, int attempt, TimeSpan pause, string? requestId, string? clientRequestId);

    [LoggerMessage(4002, LogLevel.Information,
        "{Failed} of {Items} items of a batch are asked again in {Pause} (request-id {RequestId}, client-request-id {ClientRequestId})")]
    partial void LogBatchRetry(int failed, int items, TimeSpan pause, string? requestId, string? clientRequestId);

    [LoggerMessage(4003, LogLevel.Information, "Graph {Path} refused the token; it is renewed once (request-id {RequestId}, client-request-id {ClientRequestId})")]
    partial void LogRenewal(string path, string? requestId, string? clientRequestId);
}
