using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace GwbCloud.Functions.Graph;

/// <summary>When a request may be sent again.</summary>
enum Repeat
{
    /// <summary>The same request twice has the effect of one.</summary>
    AnyTime,

    /// <summary>Only when it surely was not carried out.</summary>
    AfterRefusal,
}

/// <summary>One request as it goes out.</summary>
sealed record GraphCall
{
    public required HttpMethod Method { get; init; }
    public required string Path { get; init; }
    public object? Body { get; init; }
    public Repeat Repeat { get; init; } = Repeat.AnyTime;

    /// <summary>Whether an answer is read, or only its status.</summary>
    public bool Reads { get; init; } = true;

    /// <summary>Header <c>ConsistencyLevel: eventual</c>.</summary>
    public bool Eventual { get; init; }

    /// <summary>Items of a batch.</summary>
    public int Items { get; init; }

    /// <summary>What the write budget pays for it.</summary>
    public int Writes { get; init; }

    /// <summary>The path for logs and errors: without its query, which may hold names.</summary>
    public string Shown => GraphFailures.Shown(Path);
}

/// <summary>What became of one try.</summary>
sealed record GraphTry<T>
{
    public T? Answer { get; init; }
    public GraphException? Failure { get; init; }

    /// <summary>How long Graph wants to be left alone.</summary>
    public TimeSpan? Wait { get; init; }
}

/// <summary>Sends one request once, and says what became of it.</summary>
sealed class GraphTransport(HttpClient http, IGraphTokens tokens, GraphPace pace, GraphOptions options)
{
    readonly Uri _base = options.EffectiveBaseUrl;
    readonly TimeSpan _limit = TimeSpan.FromSeconds(options.RequestSeconds);

    public async Task<GraphTry<T>> SendAsync<T>(GraphCall call, CancellationToken cancellationToken)
    {
        await pace.TurnAsync(call.Writes, call.Items, cancellationToken);
        var clientRequestId = Guid.NewGuid().ToString("D");
        using var request = Request(call, clientRequestId);
        using var limit = new CancellationTokenSource(_limit, pace.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        HttpResponseMessage? response = null;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            pace.Saw(response.Headers);
            return response.IsSuccessStatusCode
                ? new() { Answer = await ReadAsync<T>(call, response, either.Token) }
                : await RefusalAsync<T>(call, response, clientRequestId, either.Token);
        }
        catch (Exception refused) when (refused is Azure.Identity.AuthenticationFailedException)
        {
            return new() { Failure = new GraphTransientException(GraphError.NoToken, null, refused) };
        }
        catch (Exception lost) when (IsLost(lost, cancellationToken))
        {
            var error = response is null ? GraphError.Unreachable : GraphError.Unreadable;
            var detail = GraphFailures.Detail(call.Shown, RequestId(response), clientRequestId);
            return new()
            {
                Failure = new GraphTransientException(call.Repeat == Repeat.AfterRefusal ? GraphError.OutcomeUnknown : error, detail, lost)
                {
                    RequestId = RequestId(response),
                    ClientRequestId = clientRequestId,
                },
            };
        }
        finally
        {
            response?.Dispose();
        }
    }

    /// <summary>An item of a batch was not signed in.</summary>
    public void ForgetToken() => tokens.Forget(null);

    HttpRequestMessage Request(GraphCall call, string clientRequestId)
    {
        var request = new HttpRequestMessage(call.Method, Address(call.Path));
        request.Headers.Add("client-request-id", clientRequestId);
        if (call.Eventual)
        {
            request.Headers.Add("ConsistencyLevel", "eventual");
        }

        request.Content = call.Body is null ? null : JsonContent.Create(call.Body, GraphJson.Options.GetTypeInfo(call.Body.GetType()));
        return request;
    }

    // A next link is followed with our token, so it must lead where the token belongs.
    Uri Address(string path)
    {
        var address = new Uri(_base, path);
        return address.Host == _base.Host && address.Port == _base.Port && address.Scheme == _base.Scheme
            ? address
            : throw new GraphException(GraphError.Refused, "a link leads to another host");
    }

    // A write that was taken is done, whatever happens to the rest of its answer.
    static async Task<T?> ReadAsync<T>(GraphCall call, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!call.Reads)
        {
            return default;
        }

        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        return await JsonSerializer.DeserializeAsync(content, GraphJson.Info<T>(), cancellationToken) ?? throw new JsonException("The answer is null.");
    }

    async Task<GraphTry<T>> RefusalAsync<T>(GraphCall call, HttpResponseMessage response, string clientRequestId, CancellationToken cancellationToken)
    {
        var failure = GraphFailures.Of(
            response.StatusCode, await FailureAsync(response, cancellationToken), call.Repeat, call.Shown, RequestId(response), clientRequestId);
        if (failure.Error == GraphError.Throttled)
        {
            pace.SawThrottling();
        }
        else if (failure.Error == GraphError.NotSignedIn)
        {
            tokens.Forget(Claims(response));
        }

        return new() { Failure = failure, Wait = pace.RetryAfter(response.Headers.RetryAfter, response.Headers.Date) };
    }

    static async Task<GraphFailureBody?> FailureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
            return (await JsonSerializer.DeserializeAsync(content, GraphJson.Info<GraphFailure>(), cancellationToken))?.Error;
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or HttpRequestException)
        {
            // A gateway's page instead of Graph's answer: the status says enough.
            return null;
        }
    }

    // What a token must satisfy that Graph took before. Source: continuous access evaluation, claims challenge.
    static string? Claims(HttpResponseMessage response)
    {
        const string Name = "claims=\"";
        foreach (var challenge in response.Headers.WwwAuthenticate.Select(header => header.Parameter ?? string.Empty))
        {
            var start = challenge.IndexOf(Name, StringComparison.OrdinalIgnoreCase) + Name.Length;
            var end = start < Name.Length ? -1 : challenge.IndexOf('"', start);
            var text = new byte[challenge.Length];
            if (end > start && Convert.TryFromBase64String(challenge[start..end], text, out var length))
            {
                return Encoding.UTF8.GetString(text, 0, length);
            }
        }

        return null;
    }

    static bool IsLost(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        HttpRequestException or IOException or JsonException => true,

        // The time-out; the caller's cancellation is the caller's.
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        _ => false,
    };

    static string? RequestId(HttpResponseMessage? response)
        => response is not null && response.Headers.TryGetValues("request-id", out var ids) ? ids.FirstOrDefault() : null;
}
