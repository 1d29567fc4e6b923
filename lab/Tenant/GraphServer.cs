using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GwbCloud.Lab.CloudSync;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Tenant.Api;
using GwbCloud.Lab.World;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GwbCloud.Lab.Tenant;

/// <summary>Microsoft Graph and the sign-in service of the simulated tenant, over HTTP on the loopback address.</summary>
/// <remarks>
/// Addresses: <c>/v1.0</c>, <c>/beta</c>, and the issuer's below <c>/{tenantId}</c>. The world's clock stands still during each request.
/// What real Graph refuses is refused: unknown query options, advanced queries without ConsistencyLevel, expired tokens, paths that the
/// version does not have. Source: reference of Microsoft Graph v1.0 and beta.
/// </remarks>
public sealed class GraphServer : IAsyncDisposable
{
    const int BatchLimit = 20;

    readonly SimulatedWorld _world;
    readonly LabIssuer _issuer;
    readonly IReadOnlyList<GraphRoute> _routes;
    readonly Lock _gate = new();
    readonly Queue<DateTimeOffset> _writes = new();
    readonly Dictionary<string, Queue<DateTimeOffset>> _reports = [];
    WebApplication? _app;
    int _requests;
    int _writeRequests;

    GraphServer(SimulatedWorld world, LabIssuer issuer, CloudSyncEngine cloudSync)
    {
        _world = world;
        _issuer = issuer;
        _routes =
        [
            .. new GroupsApi(world).Routes,
            .. new DirectoryApi(world).Routes,
            .. new ApplicationsApi(world).Routes,
            .. new SynchronizationApi(world, cloudSync).Routes,
        ];
    }

    /// <summary>Address without a trailing slash, for example <c>http://127.0.0.1:50123</c>; Graph is at <c>/v1.0</c> and <c>/beta</c> below it.</summary>
    public string BaseAddress { get; private set; } = "";

    /// <summary>Address of the issuer's discovery document.</summary>
    public string DiscoveryAddress => $"{BaseAddress}/{_issuer.TenantId:D}/v2.0/.well-known/openid-configuration";

    public GraphFaults Faults { get; } = new();

    /// <summary>Requests answered so far, each item of a batch counted.</summary>
    public int Requests => _requests;

    /// <summary>Starts listening.</summary>
    /// <param name="world">The world whose tenant it is.</param>
    /// <param name="issuer">Whose tokens count.</param>
    /// <param name="cloudSync">Runs the provisioning jobs.</param>
    /// <param name="port">0 takes a free port.</param>
    /// <param name="endpoints">Maps further addresses, which count before Graph's.</param>
    /// <param name="cancellationToken">Stops starting.</param>
    public static async Task<GraphServer> StartAsync(
        SimulatedWorld world, LabIssuer issuer, CloudSyncEngine cloudSync, int port = 0, Action<IEndpointRouteBuilder>? endpoints = null,
        CancellationToken cancellationToken = default)
    {
        var server = new GraphServer(world, issuer, cloudSync);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        // Signals belong to the program around it: this host would swallow them and stop only itself.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        server._app = builder.Build();
        server._app.MapIssuer(issuer);
        endpoints?.Invoke(server._app);
        // Named, because the default pattern leaves out paths that look like files, and casts and job ids have dots.
        server._app.MapFallback("{**path}", server.AnswerAsync);
        await server._app.StartAsync(cancellationToken);
        server.BaseAddress = server._app.Urls.First();
        return server;
    }

    sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            // Open keep-alive connections of a client that is already gone are not waited for.
            using var now = new CancellationTokenSource();
            await now.CancelAsync();
            await _app.StopAsync(now.Token);
            await _app.DisposeAsync();
        }
    }

    async Task AnswerAsync(HttpContext context)
    {
        using var hold = _world.Clock.Busy("graph");
        var requestId = Guid.NewGuid().ToString("D");
        context.Response.Headers["request-id"] = requestId;
        GraphAnswer answer;
        try
        {
            var call = await ReadAsync(context);
            answer = call.Path is ["$batch"] ? await BatchAsync(call, requestId) : await DispatchAsync(call);
        }
        catch (GraphException error)
        {
            answer = Refusal(error, requestId);
        }

        await WriteAsync(context.Response, answer);
    }

    async Task<GraphCall> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        var caller = Authenticate(request.Headers.Authorization.ToString());
        var segments = (request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments is not ["v1.0" or "beta", _, ..])
        {
            throw GraphException.NoSuchSegment(segments.FirstOrDefault() ?? "");
        }

        return new GraphCall
        {
            Method = request.Method,
            Version = segments[0],
            Path = segments[1..],
            Query = ParseQuery(request.QueryString.Value),
            Body = await ReadBodyAsync(request, context.RequestAborted),
            Eventual = IsEventual(request.Headers["ConsistencyLevel"].ToString()),
            Caller = caller,
            BaseAddress = BaseAddress,
        };
    }

    GraphCaller Authenticate(string header)
    {
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            throw GraphException.Unauthorized("Access token is empty.");
        }

        var claims = _issuer.Read(header["Bearer ".Length..], LabIssuer.GraphAudience, out var refusal)
            ?? throw GraphException.Unauthorized(refusal!);
        var appOnly = (string?)claims["idtyp"] == "app";
        return new GraphCaller
        {
            ObjectId = Guid.Parse((string)claims["oid"]!),
            AppOnly = appOnly,
            Permissions = (appOnly ? claims["roles"]!.AsArray().Select(r => (string)r!) : ((string?)claims["scp"] ?? "").Split(' ')).ToHashSet(),
        };
    }

    async Task<GraphAnswer> DispatchAsync(GraphCall call)
    {
        var unknownOutcome = Admit(call);
        var matches = _routes.Select(r => (Route: r, Values: r.Match(call.Path))).Where(m => m.Values is not null && (call.IsBeta || !m.Route.BetaOnly)).ToList();
        if (matches.Count == 0)
        {
            throw GraphException.NoSuchSegment(call.Path[^1]);
        }

        var (route, values) = matches.FirstOrDefault(m => m.Route.Method == call.Method);
        if (route is null)
        {
            throw new GraphException(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.");
        }

        GraphAnswer answer;
        try
        {
            answer = await route.Answer(call with { Values = values! });
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or JsonException or ArgumentException)
        {
            // A value of another type than the property's, as JsonNode reports it.
            throw GraphException.BadRequest($"The request body is not valid: {e.Message}");
        }

        return unknownOutcome ? throw new GraphException(504, "UnknownError", "") : answer;
    }

    /// <summary>Counts the request against the limits; true when its outcome shall stay unknown to the caller.</summary>
    bool Admit(GraphCall call)
    {
        lock (_gate)
        {
            var number = ++_requests;
            if (Faults.ThrottleEvery > 0 && number % Faults.ThrottleEvery == 0)
            {
                throw GraphException.Throttled(10);
            }

            if (Faults.FailEvery > 0 && number % Faults.FailEvery == 0)
            {
                throw new GraphException(503, "ServiceUnavailable", "The service is temporarily unavailable.");
            }

            if (Faults.LimitReporting && (call.Path[0] == "auditLogs" || call.Path[^1] == "provisionOnDemand"))
            {
                Limit(_reports.TryGetValue(call.Path[^1], out var seen) ? seen : _reports[call.Path[^1]] = new(), 5, TimeSpan.FromSeconds(10));
            }

            if (call.Method == HttpMethods.Get)
            {
                return false;
            }

            Limit(_writes, Faults.WriteQuota, GraphFaults.WriteWindow);
            return Faults.UnknownOutcomeEvery > 0 && ++_writeRequests % Faults.UnknownOutcomeEvery == 0;
        }
    }

    void Limit(Queue<DateTimeOffset> seen, int quota, TimeSpan window)
    {
        var now = _world.Clock.GetUtcNow();
        while (seen.TryPeek(out var oldest) && oldest + window <= now)
        {
            seen.Dequeue();
        }

        if (seen.Count >= quota)
        {
            throw GraphException.Throttled((int)Math.Ceiling((seen.Peek() + window - now).TotalSeconds));
        }

        seen.Enqueue(now);
    }

    async Task<GraphAnswer> BatchAsync(GraphCall batch, string requestId)
    {
        var requests = batch.BodyObject["requests"] as JsonArray ?? throw GraphException.BadRequest("The batch has no requests.");
        var ids = requests.Select(r => (string?)r?["id"]).ToList();
        if (requests.Count is 0 or > BatchLimit || ids.Any(string.IsNullOrEmpty) || ids.Distinct().Count() != ids.Count)
        {
            throw GraphException.BadRequest($"A batch takes 1 to {BatchLimit} requests, each with an id of its own.");
        }

        var done = new Dictionary<string, GraphAnswer>();
        foreach (var request in requests.Cast<JsonObject>())
        {
            var failed = (request["dependsOn"] as JsonArray ?? []).Any(d => !done.TryGetValue((string)d!, out var earlier) || earlier.Status >= 400);
            done[(string)request["id"]!] = failed
                ? Refusal(new GraphException(424, "FailedDependency", "A request that this one depends on failed."), requestId)
                : await BatchItemAsync(batch, request, requestId);
        }

        return GraphAnswer.Ok(new JsonObject
        {
            ["responses"] = new JsonArray([.. done.Select(d => (JsonNode)new JsonObject
            {
                ["id"] = d.Key,
                ["status"] = d.Value.Status,
                ["headers"] = Headers(d.Value),
                ["body"] = d.Value.Text is { } text ? JsonValue.Create(text) : d.Value.Body,
            })]),
        });
    }

    async Task<GraphAnswer> BatchItemAsync(GraphCall batch, JsonObject request, string requestId)
    {
        try
        {
            var url = (string?)request["url"] ?? throw GraphException.BadRequest("A request of the batch has no url.");
            var parts = url.TrimStart('/').Split('?', 2);
            var eventual = (request["headers"] as JsonObject)?
                .Any(h => h.Key.Equals("ConsistencyLevel", StringComparison.OrdinalIgnoreCase) && IsEventual((string?)h.Value)) == true;
            return await DispatchAsync(batch with
            {
                Method = ((string?)request["method"] ?? "").ToUpperInvariant(),
                Path = [.. parts[0].Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)],
                Query = ParseQuery(parts.Length > 1 ? parts[1] : null),
                Body = request["body"]?.DeepClone(),
                Eventual = eventual,
            });
        }
        catch (GraphException error)
        {
            return Refusal(error, requestId);
        }
    }

    GraphAnswer Refusal(GraphException error, string requestId) => new()
    {
        Status = error.Status,
        Body = error.ToJson(requestId, _world.Clock.GetUtcNow()),
        RetryAfterSeconds = error.RetryAfterSeconds,
    };

    static JsonObject Headers(GraphAnswer answer)
    {
        var headers = new JsonObject();
        if (answer.Body is not null)
        {
            headers["Content-Type"] = "application/json";
        }

        if (answer.RetryAfterSeconds is { } seconds)
        {
            headers["Retry-After"] = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return headers;
    }

    static async Task WriteAsync(HttpResponse response, GraphAnswer answer)
    {
        response.StatusCode = answer.Status;
        if (answer.RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (answer.Text is { } text)
        {
            response.ContentType = "text/plain";
            await response.WriteAsync(text);
        }
        else if (answer.Body is not null)
        {
            response.ContentType = "application/json;odata.metadata=minimal";
            await response.Body.WriteAsync(Encoding.UTF8.GetBytes(answer.Body.ToJsonString()));
        }
    }

    static bool IsEventual(string? header) => "eventual".Equals(header, StringComparison.OrdinalIgnoreCase);

    static Dictionary<string, string> ParseQuery(string? query)
    {
        var options = new Dictionary<string, string>();
        foreach (var option in (query ?? "").TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = option.Split('=', 2);
            var name = Uri.UnescapeDataString(parts[0]);
            if (!options.TryAdd(name, Uri.UnescapeDataString(parts.Length > 1 ? parts[1].Replace('+', ' ') : "")))
            {
                throw GraphException.BadRequest($"Query option '{name}' was specified more than once, but it must be specified at most once.");
            }
        }

        return options;
    }

    static async Task<JsonNode?> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(cancellationToken);
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            throw GraphException.BadRequest("Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.");
        }
    }
}
