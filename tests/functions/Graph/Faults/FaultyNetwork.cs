using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using GwbCloud.Lab.Time;

namespace GwbCloud.Tests.Functions.Graph.Faults;

/// <summary>What may happen to a request between the client and Graph.</summary>
enum Fault
{
    None,
    Throttled,
    ThrottledUntilADate,
    Unavailable,
    GatewayTimeout,
    NotConnected,
    TokenExpired,

    // From here on Graph has carried the request out.
    UnavailableAfterwards,
    GatewayTimeoutAfterwards,
    Dropped,
    DroppedWithinTheBody,
    Truncated,
    SlowBody,
    ItemsFail,
}

/// <summary>A network on which a random, repeatable schedule of faults lies. Behind it is the lab's Graph, which carries out what arrives.</summary>
/// <param name="seed">Of the schedule.</param>
/// <param name="clock">On which slow bodies take their time.</param>
/// <param name="expiredToken">A token whose time is over.</param>
/// <param name="inner">The way to Graph.</param>
sealed class FaultyNetwork(int seed, LabClock clock, string expiredToken, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>After so many faults in a row the same request goes through: what is tested is patience, not luck.</summary>
    const int InARow = 4;

    const int PercentOfFaults = 30;

    /// <summary>Longer than the client's patience.</summary>
    static readonly TimeSpan Slow = TimeSpan.FromMinutes(5);

    static readonly Fault[] s_faults = [.. Enum.GetValues<Fault>().Where(f => f != Fault.None)];

    readonly Random _random = new(seed);
    readonly Dictionary<string, int> _row = [];
    readonly Dictionary<string, Fault> _last = [];

    /// <summary>No faults at all; what is made is noted all the same.</summary>
    public bool Calm { get; init; }

    /// <summary>Faults that happened.</summary>
    public Dictionary<Fault, int> Happened { get; } = [];

    /// <summary>What Graph made: path and body of each POST that it answered with 201.</summary>
    public List<string> Made { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var fault = Next($"{request.Method} {request.RequestUri!.PathAndQuery}");
        switch (fault)
        {
            case Fault.Throttled:
                return Answer(HttpStatusCode.TooManyRequests, new(TimeSpan.FromSeconds(_random.Next(0, 30))));
            case Fault.ThrottledUntilADate:
                return Answer(HttpStatusCode.TooManyRequests, new(clock.GetUtcNow() + TimeSpan.FromSeconds(_random.Next(1, 30))));
            case Fault.Unavailable:
                return Answer(HttpStatusCode.ServiceUnavailable, _random.Next(2) == 0 ? null : new(TimeSpan.FromSeconds(_random.Next(0, 20))));
            case Fault.GatewayTimeout:
                return Answer(HttpStatusCode.GatewayTimeout, null);
            case Fault.NotConnected:
                throw new HttpRequestException("connection refused");
            case Fault.TokenExpired:
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", expiredToken);
                return await base.SendAsync(request, cancellationToken);
        }

        var batch = request.RequestUri.AbsolutePath.EndsWith("/$batch", StringComparison.Ordinal);
        var asked = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        HashSet<string> kept = [];
        if (batch && fault == Fault.ItemsFail)
        {
            request.Content = new StringContent(Without(asked, kept), Encoding.UTF8, "application/json");
        }

        var response = await base.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        Note(request, response, asked, body, batch);
        if (!response.IsSuccessStatusCode)
        {
            return Again(response, new ByteArrayContent(body));
        }

        switch (fault)
        {
            case Fault.UnavailableAfterwards:
                return Answer(HttpStatusCode.ServiceUnavailable, null);
            case Fault.GatewayTimeoutAfterwards:
                return Answer(HttpStatusCode.GatewayTimeout, null);
            case Fault.Dropped:
                throw new HttpRequestException("connection reset", new IOException("reset"));
            case Fault.DroppedWithinTheBody:
                return Again(response, new StreamContent(new BrokenStream(body[.._random.Next(body.Length + 1)])));
            case Fault.Truncated when body is [(byte)'{', ..]:
                return Again(response, new ByteArrayContent(body[.._random.Next(1, body.Length)]));
            case Fault.SlowBody:
                return Again(response, new StreamContent(new SlowStream(clock, Slow)));
            case Fault.ItemsFail when batch:
                return Again(response, new StringContent(WithFailedItems(Encoding.UTF8.GetString(body), asked, kept), Encoding.UTF8, "application/json"));
            default:
                return Again(response, new ByteArrayContent(body));
        }
    }

    Fault Next(string request)
    {
        var row = _row.GetValueOrDefault(request);
        if (Calm || row >= InARow || _random.Next(100) >= PercentOfFaults)
        {
            _row[request] = 0;
            _last.Remove(request);
            return Fault.None;
        }

        // A new token does not run out before it is used.
        var fault = s_faults[_random.Next(s_faults.Length)];
        fault = fault == Fault.TokenExpired && _last.GetValueOrDefault(request) == Fault.TokenExpired ? Fault.Unavailable : fault;
        _last[request] = fault;
        _row[request] = row + 1;
        Happened[fault] = Happened.GetValueOrDefault(fault) + 1;
        return fault;
    }

    static HttpResponseMessage Answer(HttpStatusCode status, RetryConditionHeaderValue? retryAfter)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent("<html>gateway</html>") };
        response.Headers.RetryAfter = retryAfter;
        return response;
    }

    static HttpResponseMessage Again(HttpResponseMessage response, HttpContent content)
    {
        content.Headers.ContentType = response.Content.Headers.ContentType;
        response.Content = content;
        return response;
    }

    // Some items never reach Graph; at least one does.
    string Without(string asked, HashSet<string> kept)
    {
        var items = JsonNode.Parse(asked)!["requests"]!.AsArray().ToList();
        var stay = items.Where(_ => _random.Next(3) > 0).DefaultIfEmpty(items[0]).ToList();
        kept.UnionWith(stay.Select(i => (string)i!["id"]!));
        return new JsonObject { ["requests"] = new JsonArray([.. stay.Select(i => i!.DeepClone())]) }.ToJsonString();
    }

    // Those that never arrived were throttled or met a fault before; of those that did, some lost their answer.
    string WithFailedItems(string answered, string asked, HashSet<string> kept)
    {
        var answers = JsonNode.Parse(answered)!["responses"]!.AsArray().ToDictionary(a => (string)a!["id"]!, a => a!.DeepClone());
        var ids = JsonNode.Parse(asked)!["requests"]!.AsArray().Select(r => (string)r!["id"]!).ToList();
        var all = new JsonArray();
        foreach (var id in ids)
        {
            var arrived = kept.Contains(id);
            if (arrived && (_random.Next(3) > 0 || (int)answers[id]["status"]! >= 400))
            {
                all.Add(answers[id]);
                continue;
            }

            if (_random.Next(6) == 0)
            {
                // No answer at all.
                continue;
            }

            var status = arrived ? new[] { 503, 504 }[_random.Next(2)] : new[] { 429, 503, 504 }[_random.Next(3)];
            all.Add(new JsonObject
            {
                ["id"] = id,
                ["status"] = status,
                ["headers"] = status == 429 ? new JsonObject { ["Retry-After"] = $"{_random.Next(0, 20)}" } : new JsonObject(),
                ["body"] = new JsonObject { ["error"] = new JsonObject { ["code"] = "Fault", ["message"] = "a fault" } },
            });
        }

        return new JsonObject { ["responses"] = all }.ToJsonString();
    }

    void Note(HttpRequestMessage request, HttpResponseMessage response, string asked, byte[] body, bool batch)
    {
        if (!batch)
        {
            if (request.Method == HttpMethod.Post && response.StatusCode == HttpStatusCode.Created)
            {
                Made.Add($"{request.RequestUri!.AbsolutePath} {asked}");
            }

            return;
        }

        if (!response.IsSuccessStatusCode)
        {
            return;
        }

        var requests = JsonNode.Parse(asked)!["requests"]!.AsArray().ToDictionary(r => (string)r!["id"]!);
        foreach (var answer in JsonNode.Parse(body)!["responses"]!.AsArray().Where(a => (int)a!["status"]! == 201))
        {
            var item = requests[(string)answer!["id"]!]!;
            Made.Add($"{item["url"]} {item["body"]?.ToJsonString()}");
        }
    }

    /// <summary>Breaks off instead of ending.</summary>
    sealed class BrokenStream(byte[] content) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new IOException("connection reset");

        public override int Read(Span<byte> buffer) => base.Read(buffer) is > 0 and var read ? read : throw new IOException("connection reset");
    }

    /// <summary>Nothing comes before the client's patience is over.</summary>
    sealed class SlowStream(LabClock clock, TimeSpan time) : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await clock.SleepAsync(time, cancellationToken);

            // The client's timer is due; its callback may still be on its way.
            await Task.Delay(TimeSpan.FromMinutes(1), cancellationToken);
            throw new InvalidOperationException("The client had more patience than it should have.");
        }
    }
}
