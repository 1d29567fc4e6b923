using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using GwbCloud.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Graph;

/// <summary>Graph over HTTP, small and typed: what this product asks of it, with the care that a tenant's Graph wants.</summary>
/// <remarks>
/// Throttled and unavailable answers are repeated after the time that Graph names, or after a back-off, through <see cref="IDelay"/>. Reads, and
/// writes that mean the same when repeated (PUT, PATCH, DELETE), are also repeated after a lost or cut answer. A POST that makes something
/// is not: it ends with GWB4009, and the caller reads before it repeats (<see cref="EnsureAsync"/>). Source: Graph throttling and batching guides.
/// </remarks>
public sealed partial class GraphClient(
    HttpClient http, IGraphTokens tokens, IDelay delay, IOptions<GraphOptions> options, ILogger<GraphClient> logger)
{
    /// <summary>Items of one <c>$batch</c>, Graph's limit.</summary>
    public const int BatchSize = 20;

    readonly GraphOptions _options = options.Value;

    /// <summary>Reads one object.</summary>
    /// <exception cref="GraphException">GWB4006 when it does not exist.</exception>
    public async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
        where T : notnull
        => (await SendAsync<T>(HttpMethod.Get, path, null, Repeat.AnyTime, cancellationToken))!;

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

    /// <summary>Reads a list to its end. A next link is opaque and followed as it is.</summary>
    public async IAsyncEnumerable<T> PagesAsync<T>(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var next = path; next is not null;)
        {
            var page = await GetAsync<GraphPage<T>>(next, cancellationToken);
            foreach (var item in page.Value)
            {
                yield return item;
            }

            next = page.NextLink;
        }
    }

    /// <summary>Replaces or changes something, or gives an order that means the same when it is given twice.</summary>
    public Task WriteAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
        => SendAsync<JsonElement>(method, path, body, Repeat.AnyTime, cancellationToken);

    /// <summary>Posts what means the same when it is posted twice, and reads the answer.</summary>
    public async Task<T> AskAsync<T>(string path, object body, CancellationToken cancellationToken)
        where T : notnull
        => (await SendAsync<T>(HttpMethod.Post, path, body, Repeat.AnyTime, cancellationToken))!;

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
    /// <param name="pause">Pause between two looks after a lost answer: replication may hide what was made.</param>
    /// <param name="looks">Looks after a lost answer, before it is posted again.</param>
    /// <param name="cancellationToken">Stops between the calls.</param>
    public async Task<T> EnsureAsync<T>(
        Func<CancellationToken, Task<T?>> find, string path, object body, TimeSpan pause, int looks, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(find);
        if (await find(cancellationToken) is { } there)
        {
            return there;
        }

        for (var attempt = 1; ; attempt++)
        {
            GraphException? lost = null;
            try
            {
                await SendAsync<JsonElement>(HttpMethod.Post, path, body, Repeat.AfterRefusal, cancellationToken);
            }
            catch (GraphException unknown) when (unknown.Error == GraphError.OutcomeUnknown)
            {
                lost = unknown;
            }

            for (var look = 0; look < looks; look++)
            {
                if (await find(cancellationToken) is { } made)
                {
                    return made;
                }

                await delay.ForAsync(pause, cancellationToken);
            }

            if (lost is null || attempt == _options.Attempts)
            {
                throw lost ?? new GraphTransientException(GraphError.NotReplicated, Shown(path));
            }
        }
    }

    /// <summary>Reads many things, 20 a call; only what failed is asked again.</summary>
    /// <param name="version"><c>v1.0</c> or <c>beta</c>.</param>
    /// <param name="requests">Any number of reads.</param>
    /// <param name="cancellationToken">Stops between the calls.</param>
    /// <returns>One answer for each request, in their order.</returns>
    public async Task<IReadOnlyList<GraphBatchAnswer>> BatchAsync(
        string version, IReadOnlyList<GraphBatchRequest> requests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var answers = new Dictionary<string, GraphBatchAnswer>(StringComparer.Ordinal);
        foreach (var chunk in requests.Chunk(BatchSize))
        {
            await BatchAsync(version, chunk, answers, cancellationToken);
        }

        return [.. requests.Select(r => answers[r.Id])];
    }

    async Task BatchAsync(
        string version, GraphBatchRequest[] chunk, Dictionary<string, GraphBatchAnswer> answers, CancellationToken cancellationToken)
    {
        var open = chunk;
        for (var attempt = 1; ; attempt++)
        {
            var body = new BatchBody { Requests = [.. open.Select(r => new BatchItem { Id = r.Id, Method = "GET", Url = $"/{r.Path}" })] };
            var reply = await AskAsync<BatchReply>($"{version}/$batch", body, cancellationToken);
            var replies = reply.Responses.Where(r => r.Id is not null).ToLookup(r => r.Id!, StringComparer.Ordinal);

            var failed = new List<GraphBatchRequest>();
            var wait = TimeSpan.Zero;
            foreach (var request in open)
            {
                var item = replies[request.Id].FirstOrDefault();
                var status = item is null ? HttpStatusCode.ServiceUnavailable : (HttpStatusCode)item.Status;
                if (item is not null && (int)status is >= 200 and < 300)
                {
                    answers[request.Id] = new GraphBatchAnswer { Id = request.Id, Body = item.Body };
                    continue;
                }

                var error = Failure(status, FailureOf(item?.Body), null, request.Path);
                if (!error.Transient || attempt == _options.Attempts)
                {
                    answers[request.Id] = new GraphBatchAnswer { Id = request.Id, Error = error };
                    continue;
                }

                failed.Add(request);
                wait = Max(wait, RetryAfter(item?.Headers) ?? BackOff(attempt));
            }

            if (failed.Count == 0)
            {
                return;
            }

            LogBatchRetry(failed.Count, open.Length, wait);
            await delay.ForAsync(Capped(wait), cancellationToken);
            open = [.. failed];
        }
    }

    async Task<T?> SendAsync<T>(HttpMethod method, string path, object? body, Repeat repeat, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (answer, failure, wait) = await TryAsync<T>(method, path, body, repeat, cancellationToken);
            if (failure is null)
            {
                return answer;
            }

            if (!failure.Transient || failure.Error == GraphError.OutcomeUnknown || attempt >= _options.Attempts)
            {
                throw failure;
            }

            var pause = wait ?? BackOff(attempt);
            if (pause > TimeSpan.FromSeconds(_options.LongestWaitSeconds))
            {
                throw failure;
            }

            LogRetry(method, Shown(path), failure.Code, attempt, pause);
            await delay.ForAsync(pause, cancellationToken);
        }
    }

    async Task<(T? Answer, GraphException? Failure, TimeSpan? Wait)> TryAsync<T>(
        HttpMethod method, string path, object? body, Repeat repeat, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, Address(path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(cancellationToken));
        request.Content = body is null ? null : JsonContent.Create(body, GraphJson.Options.GetTypeInfo(body.GetType()));

        HttpResponseMessage? response = null;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                var failure = Failure(response.StatusCode, await FailureAsync(response, cancellationToken), RequestId(response), path);

                // A throttled request was never carried out. Any other server error leaves it open.
                var open = repeat == Repeat.AfterRefusal && failure.Transient && response.StatusCode != HttpStatusCode.TooManyRequests;
                return (default, open ? Unknown(path, failure) : failure, RetryAfter(response));
            }

            return (await ReadAsync<T>(response, cancellationToken), null, null);
        }
        catch (Exception lost) when (IsLost(lost, cancellationToken))
        {
            var error = response is null ? GraphError.Unreachable : GraphError.Unreadable;
            return (default, repeat == Repeat.AfterRefusal ? Unknown(path, lost) : new GraphTransientException(error, Shown(path), lost), null);
        }
        finally
        {
            response?.Dispose();
        }
    }

    static async Task<T?> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var content = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return content.Length == 0 && typeof(T) == typeof(JsonElement)
            ? default
            : JsonSerializer.Deserialize(content, GraphJson.Info<T>()) ?? throw new JsonException("The answer is null.");
    }

    static bool IsLost(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        HttpRequestException or IOException or JsonException => true,

        // The client's own time-out; the caller's cancellation is the caller's.
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        _ => false,
    };

    async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await tokens.GetAsync(cancellationToken);
        }
        catch (Exception refused) when (refused is Azure.Identity.AuthenticationFailedException or HttpRequestException)
        {
            throw new GraphTransientException(GraphError.NoToken, null, refused);
        }
    }

    Uri Address(string path)
    {
        var address = new Uri(_options.BaseUrl, path);

        // A next link is followed with our token, so it must lead where the token belongs.
        return address.Host == _options.BaseUrl.Host && address.Port == _options.BaseUrl.Port && address.Scheme == _options.BaseUrl.Scheme
            ? address
            : throw new GraphException(GraphError.Refused, "a link leads to another host");
    }

    static GraphTransientException Unknown(string path, Exception inner) => new(GraphError.OutcomeUnknown, Shown(path), inner);

    static GraphException Failure(HttpStatusCode status, GraphFailureBody? body, string? requestId, string path)
    {
        var error = status switch
        {
            HttpStatusCode.TooManyRequests => GraphError.Throttled,
            HttpStatusCode.Unauthorized => GraphError.NotSignedIn,
            HttpStatusCode.Forbidden => GraphError.Forbidden,
            HttpStatusCode.NotFound => GraphError.NotFound,
            HttpStatusCode.RequestTimeout => GraphError.Unavailable,
            >= HttpStatusCode.InternalServerError => GraphError.Unavailable,
            _ => GraphError.Refused,
        };
        var detail = $"{(int)status} {body?.Code} at {Shown(path)}{(error == GraphError.Refused ? $": {body?.Message}" : string.Empty)}";
        return error == GraphError.Throttled || error == GraphError.Unavailable
            ? new GraphTransientException(error, detail) { Status = status, RequestId = requestId, GraphCode = body?.Code }
            : new GraphException(error, detail) { Status = status, RequestId = requestId, GraphCode = body?.Code };
    }

    static async Task<GraphFailureBody?> FailureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancellationToken), GraphJson.Info<GraphFailure>())?.Error;
        }
        catch (JsonException)
        {
            // A gateway's page instead of Graph's answer: the status says enough.
            return null;
        }
    }

    static GraphFailureBody? FailureOf(JsonElement? body)
    {
        try
        {
            return body is { ValueKind: JsonValueKind.Object } given ? given.Deserialize(GraphJson.Info<GraphFailure>())?.Error : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static string? RequestId(HttpResponseMessage response)
        => response.Headers.TryGetValues("request-id", out var ids) ? ids.FirstOrDefault() : null;

    // The wait as seconds. A date would need our clock to be Graph's; Graph sends seconds.
    static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter?.Delta;

    static TimeSpan? RetryAfter(Dictionary<string, string>? headers)
        => headers?.FirstOrDefault(h => h.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value is { } text
            && int.TryParse(text, out var seconds) && seconds >= 0
            ? TimeSpan.FromSeconds(seconds)
            : null;

    // 1, 2, 4, … seconds. No jitter: one app with one worker does not stampede, and rehearsals repeat exactly.
    static TimeSpan BackOff(int attempt) => TimeSpan.FromSeconds(Math.Min(64, 1 << Math.Min(attempt - 1, 6)));

    TimeSpan Capped(TimeSpan wait) => wait < TimeSpan.FromSeconds(_options.LongestWaitSeconds) ? wait : TimeSpan.FromSeconds(_options.LongestWaitSeconds);

    static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <summary>A path for logs and errors: without its query, which may hold names.</summary>
    static string Shown(string path)
    {
        var local = Uri.TryCreate(path, UriKind.Absolute, out var absolute) ? absolute.AbsolutePath : path;
        var query = local.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? local : local[..query];
    }

    enum Repeat
    {
        /// <summary>The same request twice has the effect of one.</summary>
        AnyTime,

        /// <summary>Only when it surely was not carried out.</summary>
        AfterRefusal,
    }

    [LoggerMessage(4001, LogLevel.Information, "Graph {Method} {Path} answered {Code}; attempt {Attempt}, again in {Pause}")]
    partial void LogRetry(HttpMethod method, string path, string code, int attempt, TimeSpan pause);

    [LoggerMessage(4002, LogLevel.Information, "{Failed} of {Items} items of a batch are asked again in {Pause}")]
    partial void LogBatchRetry(int failed, int items, TimeSpan pause);
}
