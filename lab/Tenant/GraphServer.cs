using System.Collections.Concurrent;
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
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GwbCloud.Lab.Tenant;

/// <summary>Microsoft Graph and the sign-in service of the simulated tenant, over HTTP on the loopback address.</summary>
/// <remarks>
/// Addresses: <c>/v1.0</c>, <c>/beta</c>, and the issuer's below <c>/{tenantId}</c>. The world's clock stands still during each request.
/// What real Graph refuses is refused: unknown query options, advanced queries without ConsistencyLevel, expired tokens, missing permissions,
/// paths that the version does not have. Source: reference of Microsoft Graph v1.0 and beta.
/// </remarks>
public sealed class GraphServer : IAsyncDisposable
{
    const int KnownTokens = 1000;

    readonly SimulatedWorld _world;
    readonly LabIssuer _issuer;
    readonly GraphRoutes _routes;
    readonly GraphThrottle _throttle;
    readonly ConcurrentDictionary<string, GraphCaller> _callers = new(StringComparer.Ordinal);
    WebApplication? _app;
    long _requests, _batches, _units, _writes, _pages, _throttled, _bytes;

    GraphServer(SimulatedWorld world, LabIssuer issuer, CloudSyncEngine cloudSync)
    {
        _world = world;
        _issuer = issuer;
        _throttle = new GraphThrottle(world.Clock, Faults, world.Store.Read(() => world.Principals.Values.Count(p => p.Kind == PrincipalKind.User)));
        _routes = new GraphRoutes(
        [
            .. new GroupsApi(world, new TenantEntities(world)).Routes,
            .. new DirectoryApi(world).Routes,
            .. new ApplicationsApi(world).Routes,
            .. new SynchronizationApi(world, cloudSync).Routes,
        ]);
    }

    /// <summary>Address without a trailing slash, for example <c>http://127.0.0.1:50123</c>; Graph is at <c>/v1.0</c> and <c>/beta</c> below it.</summary>
    public string BaseAddress { get; private set; } = "";

    /// <summary>Address of the issuer's discovery document.</summary>
    public string DiscoveryAddress => $"{BaseAddress}/{_issuer.TenantId:D}/v2.0/.well-known/openid-configuration";

    public GraphFaults Faults { get; } = new();

    /// <summary>Requests answered so far, each item of a batch counted.</summary>
    public int Requests => (int)Interlocked.Read(ref _requests);

    /// <summary>What was asked for so far.</summary>
    public GraphCounts Counts => new()
    {
        Requests = Interlocked.Read(ref _requests),
        Batches = Interlocked.Read(ref _batches),
        Units = Interlocked.Read(ref _units),
        Writes = Interlocked.Read(ref _writes),
        Pages = Interlocked.Read(ref _pages),
        Throttled = Interlocked.Read(ref _throttled),
        Bytes = Interlocked.Read(ref _bytes),
    };

    /// <summary>Method and path of everything that is answered, with the permissions that it needs.</summary>
    public IReadOnlyList<GraphRoute> Routes => [.. _routes.All];

    /// <summary>Starts listening.</summary>
    /// <param name="world">The world whose tenant it is.</param>
    /// <param name="issuer">Whose tokens count.</param>
    /// <param name="cloudSync">Runs the provisioning jobs.</param>
    /// <param name="port">0 takes a free port.</param>
    /// <param name="endpoints">Maps further addresses, which count before Graph's.</param>
    /// <param name="cancellationToken">Stops starting.</param>
    public static async Task<GraphServer> StartAsync(
        SimulatedWorld world, LabIssuer issuer, CloudSyncEngine cloudSync, int port = 0, Action<WebApplication>? endpoints = null,
        CancellationToken cancellationToken = default)
    {
        var server = new GraphServer(world, issuer, cloudSync);
        // Empty, because a builder with defaults watches every folder below the current one for changed settings.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRouting();
        // Signals belong to the program around it: this host would swallow them and stop only itself.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
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
        var clientRequestId = context.Request.Headers["client-request-id"].ToString() is { Length: > 0 } given ? given : requestId;
        context.Response.Headers["request-id"] = requestId;
        context.Response.Headers["client-request-id"] = clientRequestId;
        GraphAnswer answer;
        try
        {
            var call = await ReadAsync(context);
            answer = call.Path is ["$batch"] ? await BatchAsync(call, requestId, clientRequestId) : await DispatchAsync(call);
        }
        catch (GraphException error)
        {
            answer = Refusal(error, requestId, clientRequestId);
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
            World = _world,
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

    /// <summary>The caller of a token. A token is verified once; that it expires is looked at each time.</summary>
    GraphCaller Authenticate(string header)
    {
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            throw GraphException.Unauthorized("Access token is empty.");
        }

        var token = header["Bearer ".Length..];
        if (_callers.TryGetValue(token, out var known) && known.ExpiresAt > _world.Clock.GetUtcNow())
        {
            return known;
        }

        var claims = _issuer.Read(token, LabIssuer.GraphAudience, out var refusal) ?? throw GraphException.Unauthorized(refusal!);
        var appOnly = (string?)claims["idtyp"] == "app";
        var caller = new GraphCaller
        {
            ObjectId = Guid.Parse((string)claims["oid"]!),
            AppId = (string?)claims["appid"] ?? "00000000-1ab0-4000-9000-0000000000ff",
            AppOnly = appOnly,
            Permissions = (appOnly ? claims["roles"]!.AsArray().Select(r => (string)r!) : ((string?)claims["scp"] ?? "").Split(' ')).ToHashSet(),
            ExpiresAt = DateTimeOffset.FromUnixTimeSeconds((long)claims["exp"]!),
        };
        if (_callers.Count >= KnownTokens)
        {
            _callers.Clear();
        }

        return _callers[token] = caller;
    }

    async Task<GraphAnswer> DispatchAsync(GraphCall call)
    {
        var number = Interlocked.Increment(ref _requests);
        if (Faults.ThrottleEvery > 0 && number % Faults.ThrottleEvery == 0)
        {
            throw GraphException.Throttled(10);
        }

        if (Faults.FailEvery > 0 && number % Faults.FailEvery == 0)
        {
            throw new GraphException(503, "ServiceUnavailable", "The service is temporarily unavailable.");
        }

        var (route, values) = _routes.Find(call);
        var headers = _throttle.Admit(route, call);
        Interlocked.Add(ref _units, route.Per10Seconds is null ? GraphThrottle.CostOf(route, call) : 0);
        var writes = route.Writes ? Interlocked.Increment(ref _writes) : 0;
        try
        {
            call.Caller.Demand(route.Needs);
            var answer = await route.Answer(call with { Values = values });
            if (answer.IsPage)
            {
                Interlocked.Increment(ref _pages);
            }

            return writes > 0 && Faults.UnknownOutcomeEvery > 0 && writes % Faults.UnknownOutcomeEvery == 0
                ? throw new GraphException(504, "UnknownError", "")
                : answer with { Headers = headers };
        }
        catch (GraphException error)
        {
            throw new GraphException(error.Status, error.Code, error.Message) { Headers = error.Headers.Concat(headers).ToDictionary() };
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or JsonException or ArgumentException)
        {
            // A value of another type than the property's, as JsonNode reports it.
            throw new GraphException(400, "Request_BadRequest", $"The request body is not valid: {e.Message}") { Headers = headers };
        }
    }

    async Task<GraphAnswer> BatchAsync(GraphCall call, string requestId, string clientRequestId)
    {
        if (call.Method != HttpMethods.Post)
        {
            throw new GraphException(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.");
        }

        Interlocked.Increment(ref _batches);
        var done = new Dictionary<string, GraphAnswer>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in GraphBatch.Read(call).Requests)
        {
            try
            {
                done[item.Id] = item.DependsOn.Any(d => done[d].Status >= 400)
                    ? throw new GraphException(424, "FailedDependency", "A request that this one depends on failed.")
                    : await DispatchAsync(ItemCall(call, item));
            }
            catch (GraphException error)
            {
                done[item.Id] = Refusal(error, requestId, clientRequestId);
            }
        }

        return new GraphAnswer { Status = 200, Json = GraphBatch.Write(done) };
    }

    static GraphCall ItemCall(GraphCall batch, GraphBatch.Item item)
    {
        var parts = item.Url.TrimStart('/').Split('?', 2);
        return batch with
        {
            Method = item.Method,
            Path = [.. parts[0].Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)],
            Query = ParseQuery(parts.Length > 1 ? parts[1] : null),
            Body = item.Body?.DeepClone(),
            Eventual = IsEventual(item.ConsistencyLevel),
        };
    }

    GraphAnswer Refusal(GraphException error, string requestId, string clientRequestId)
    {
        if (error.Status == StatusCodes.Status429TooManyRequests)
        {
            Interlocked.Increment(ref _throttled);
        }

        return new GraphAnswer
        {
            Status = error.Status,
            Json = JsonSerializer.SerializeToUtf8Bytes(error.ToJson(requestId, clientRequestId, _world.Clock.GetUtcNow())),
            Headers = error.Headers,
        };
    }

    async Task WriteAsync(HttpResponse response, GraphAnswer answer)
    {
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        if (answer.Text is { } text)
        {
            response.ContentType = "text/plain";
            await response.WriteAsync(text);
        }
        else if (!answer.Json.IsEmpty)
        {
            Interlocked.Add(ref _bytes, answer.Json.Length);
            response.ContentType = "application/json;odata.metadata=minimal";
            response.ContentLength = answer.Json.Length;
            await response.Body.WriteAsync(answer.Json);
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
        if (request.ContentLength is null or 0 && !request.Headers.ContainsKey("Transfer-Encoding"))
        {
            return null;
        }

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
