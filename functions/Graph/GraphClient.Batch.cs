using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace GwbCloud.Functions.Graph;

public sealed partial class GraphClient
{
    /// <summary>Items of one <c>$batch</c>, Graph's limit.</summary>
    public const int BatchSize = 20;

    static readonly Dictionary<string, string> s_json = new() { ["Content-Type"] = "application/json" };
    static readonly Dictionary<string, string> s_eventual = new() { ["ConsistencyLevel"] = "eventual" };

    /// <summary>Asks many things, 20 a call; only what failed is asked again.</summary>
    /// <remarks>
    /// A POST counts as making something: when it is not known whether it was carried out, its answer is GWB4009 and it is not sent again.
    /// Items are independent of each other, so no order is kept.
    /// </remarks>
    /// <param name="version"><c>v1.0</c> or <c>beta</c>.</param>
    /// <param name="requests">Any number of reads and writes.</param>
    /// <param name="cancellationToken">Stops between the calls.</param>
    /// <returns>One answer for each request, in their order; what failed for good has an error.</returns>
    /// <exception cref="GraphException">The batch itself was refused.</exception>
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

    /// <summary>Makes what is missing of a set, in batches, each at most once, whatever happens to the answers.</summary>
    /// <param name="version"><c>v1.0</c> or <c>beta</c>.</param>
    /// <param name="wanted">For each item the POST that makes it; <see cref="GraphBatchRequest.Id"/> unique in the set.</param>
    /// <param name="there">Reads which are there. It is the truth: what it names is never posted.</param>
    /// <param name="pause">Pause between two looks for what was made: replication may hide it.</param>
    /// <param name="looks">Looks, before what may be lost is posted again.</param>
    /// <param name="cancellationToken">Stops between the calls.</param>
    /// <exception cref="GraphTransientException">GWB4101 when something was made and never appeared; the whole may be asked again.</exception>
    public async Task<GraphEnsured<TKey>> EnsureManyAsync<TKey>(
        string version,
        IReadOnlyDictionary<TKey, GraphBatchRequest> wanted,
        Func<CancellationToken, Task<IReadOnlySet<TKey>>> there,
        TimeSpan pause,
        int looks,
        CancellationToken cancellationToken)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(there);
        var found = await there(cancellationToken);
        var before = wanted.Keys.Where(found.Contains).ToList();
        var refused = new Dictionary<TKey, GraphException>();
        var made = new HashSet<TKey>();
        var open = wanted.Keys.Where(key => !found.Contains(key)).ToHashSet();
        for (var attempt = 1; open.Count > 0; attempt++)
        {
            var keys = open.ToList();
            var answers = await BatchAsync(version, [.. keys.Select(key => wanted[key] with { Method = HttpMethod.Post })], cancellationToken);
            GraphException? last = null;
            foreach (var (key, error) in keys.Zip(answers, (key, answer) => (key, answer.Error)))
            {
                // Made, or there without the list showing it yet: never posted again.
                if (error is null || IsThere(error))
                {
                    made.Add(key);
                    open.Remove(key);
                }
                else if (!error.Transient)
                {
                    refused[key] = error;
                    open.Remove(key);
                }
                else
                {
                    last = error;
                }
            }

            found = await SeenAsync([.. open, .. made]);
            made.UnionWith(open.Where(found.Contains));
            open.ExceptWith(found);
            if (open.Count > 0 && attempt == _options.Attempts)
            {
                throw last!;
            }
        }

        return made.All(found.Contains)
            ? new() { Made = [.. wanted.Keys.Where(made.Contains)], There = before, Refused = refused }
            : throw new GraphTransientException(GraphError.NotReplicated, wanted[made.First(key => !found.Contains(key))].Path);

        async Task<IReadOnlySet<TKey>> SeenAsync(HashSet<TKey> expected)
        {
            for (var look = 1; ; look++)
            {
                var seen = await there(cancellationToken);
                if (look == looks || expected.All(seen.Contains))
                {
                    return seen;
                }

                await _pace.WaitAsync(pause, cancellationToken);
            }
        }
    }

    async Task BatchAsync(
        string version, GraphBatchRequest[] chunk, Dictionary<string, GraphBatchAnswer> answers, CancellationToken cancellationToken)
    {
        var open = chunk;
        var renewed = false;
        for (var attempt = 1; open.Length > 0; attempt++)
        {
            var call = Envelope(version, open);
            var tried = await _transport.SendAsync<BatchReply>(call, cancellationToken);
            var outcomes = Outcomes(call, open, tried);

            // A token that ran out shows in the whole, or in an item.
            var renew = !renewed && outcomes.Any(o => o.Failure?.Error == GraphError.NotSignedIn);
            if (renew)
            {
                LogRenewal(call.Shown, tried.Failure?.RequestId, tried.Failure?.ClientRequestId);
                if (tried.Failure is null)
                {
                    _transport.ForgetToken();
                }
            }
            else if (tried.Failure is { Transient: false } still)
            {
                throw still;
            }

            var again = new List<GraphBatchRequest>();
            var wait = TimeSpan.Zero;
            foreach (var (request, answer, failure, asked) in outcomes)
            {
                if (renew && failure?.Error == GraphError.NotSignedIn)
                {
                    again.Add(request);
                }
                else if (failure is not null && failure.Error != GraphError.OutcomeUnknown && Pause(call with { Path = request.Path }, failure, asked, attempt) is { } pause)
                {
                    again.Add(request);
                    wait = pause > wait ? pause : wait;
                }
                else
                {
                    answers[request.Id] = answer;
                }
            }

            renewed = renew;
            if (wait > TimeSpan.Zero)
            {
                LogBatchRetry(again.Count, open.Length, wait, tried.Failure?.RequestId, tried.Failure?.ClientRequestId);
                await _pace.RepeatAsync(wait, cancellationToken);
            }

            open = [.. again];
        }
    }

    static GraphCall Envelope(string version, GraphBatchRequest[] requests) => new()
    {
        Method = HttpMethod.Post,
        Path = $"{version}/$batch",
        Body = new BatchBody { Requests = [.. requests.Select(Item)] },
        Items = requests.Length,
        Writes = requests.Count(request => request.Writes),
    };

    static BatchItem Item(GraphBatchRequest request) => new()
    {
        Id = request.Id,
        Method = request.Method.Method,
        Url = $"/{request.Path}",
        Headers = request.Body is not null ? s_json : IsAdvanced(request.Path) ? s_eventual : null,
        Body = request.Body is { } body ? JsonSerializer.SerializeToElement(body, GraphJson.Options.GetTypeInfo(body.GetType())) : null,
    };

    /// <summary>What became of each item; of all alike, when the whole failed.</summary>
    List<(GraphBatchRequest Request, GraphBatchAnswer Answer, GraphException? Failure, TimeSpan? Asked)> Outcomes(
        GraphCall call, GraphBatchRequest[] requests, GraphTry<BatchReply> tried)
    {
        var replies = (tried.Answer?.Responses ?? []).Where(r => r.Id is not null).ToLookup(r => r.Id!, StringComparer.Ordinal);
        return [.. requests.Select(request =>
        {
            var reply = replies[request.Id].FirstOrDefault();
            _pace.Saw(reply?.Headers);
            var failure = tried.Failure is { } whole ? OfTheWhole(whole, request) : Failure(request, reply);
            if (failure?.Error == GraphError.Throttled && tried.Failure is null)
            {
                _pace.SawThrottling();
            }

            var answer = new GraphBatchAnswer { Id = request.Id, Body = failure is null ? reply!.Body : default, Error = failure };
            return (request, answer, failure, tried.Failure is null ? RetryAfter(reply) : tried.Wait);
        })];
    }

    // Throttled or not signed in, nothing of it was carried out. Otherwise everything may have been.
    static GraphException OfTheWhole(GraphException whole, GraphBatchRequest request)
        => request.Repeat == Repeat.AnyTime || whole.Error == GraphError.Throttled || whole.Error == GraphError.NotSignedIn || whole.Error == GraphError.NoToken
            ? whole
            : new GraphTransientException(
                GraphError.OutcomeUnknown, GraphFailures.Detail(GraphFailures.Shown(request.Path), whole.RequestId, whole.ClientRequestId), whole);

    static GraphException? Failure(GraphBatchRequest request, BatchReplyItem? reply)
    {
        var status = reply is null ? HttpStatusCode.ServiceUnavailable : (HttpStatusCode)reply.Status;
        return (int)status is >= 200 and < 300
            ? null
            : GraphFailures.Of(status, GraphFailures.In(reply?.Body), request.Repeat, GraphFailures.Shown(request.Path), Header(reply, "request-id"), null);
    }

    TimeSpan? RetryAfter(BatchReplyItem? reply)
        => RetryConditionHeaderValue.TryParse(Header(reply, "Retry-After"), out var header) ? _pace.RetryAfter(header, null) : null;

    static string? Header(BatchReplyItem? reply, string name)
        => reply?.Headers?.FirstOrDefault(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    // Graph has no code of its own for it. Source: appRoleAssignedTo answers 400 to an assignment that exists, others 409.
    static bool IsThere(GraphException error)
        => error.Status == HttpStatusCode.Conflict || (error.Error == GraphError.Refused && error.Message.Contains("already exist", StringComparison.OrdinalIgnoreCase));
}
