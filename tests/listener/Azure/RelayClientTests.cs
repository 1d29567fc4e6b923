using System.Collections.Concurrent;
using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Azure.Core;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.Hosting;
using GwbCloud.RelayListener.Relay;
using Microsoft.Azure.Relay;
using Microsoft.Extensions.Logging.Abstractions;

namespace GwbCloud.Tests.Listener.Relay;

/// <summary>The transport with the real client of Azure Relay, against an endpoint that speaks the service's protocol.</summary>
public sealed class RelayClientTests : IAsyncLifetime
{
    static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 200 });

    readonly Tokens _tokens = new();
    readonly ConcurrentQueue<HybridConnectionLink> _links = new();
    readonly ConcurrentQueue<FakeWait> _waits = new();
    RelayEndpoint _endpoint = null!;
    RelayTransport _transport = null!;
    ListenerHandler _handle = (request, _) => Task.FromResult(
        new ListenerResponse { Status = 200, ContentType = "application/octet-stream", Body = request.Body });

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A certificate can be trusted by one process only where SSL_CERT_FILE counts.");
        _endpoint = await RelayEndpoint.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_transport is not null) { await _transport.DisposeAsync(); }
        if (_endpoint is not null) { await _endpoint.DisposeAsync(); }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1024)]
    [InlineData(60 * 1024)]
    [InlineData(64 * 1024)]
    public async Task Body_UpTo64KB_TravelsBothWaysOnTheControlChannel(int bytes)
    {
        await OnlineAsync();
        byte[] body = RandomNumberGenerator.GetBytes(bytes);

        var (status, answer) = await PutAsync(body);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(body, answer);
        Assert.Equal(0, _endpoint.Rendezvous);
    }

    [Fact]
    public async Task Body_InChunks_TravelsOnASocketOfItsOwn()
    {
        await OnlineAsync();
        byte[] body = RandomNumberGenerator.GetBytes(1024);

        var (status, answer) = await PutAsync(body, chunked: true);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(body, answer);
        Assert.Equal(1, _endpoint.Rendezvous);
    }

    [Fact]
    public async Task Body_Of1MB_IsRefusedWithAClearAnswer()
    {
        await OnlineAsync();

        var (status, answer) = await PutAsync(new byte[1024 * 1024]);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "GWB6004"), (status, CodeOf(answer)));
        Assert.Equal(HttpStatusCode.OK, (await PutAsync([1])).Status);
    }

    [Fact]
    public async Task Answer_Of1MB_TravelsOnASocketOfItsOwn()
    {
        byte[] large = RandomNumberGenerator.GetBytes(1024 * 1024);
        _handle = (_, _) => Task.FromResult(new ListenerResponse { Status = 200, ContentType = "application/octet-stream", Body = large });
        await OnlineAsync();

        var (status, answer) = await PutAsync([1]);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(large, answer);
        Assert.Equal(1, _endpoint.Rendezvous);
    }

    [Fact]
    public async Task Request_ArrivesWithItsMethodEscapedPathAndQuery()
    {
        ListenerRequest? asked = null;
        _handle = (request, _) =>
        {
            asked = request;
            return Task.FromResult(new ListenerResponse { Status = 404, ContentType = "application/json", Body = "{}"u8.ToArray() });
        };
        await OnlineAsync();

        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(_endpoint.Address, "documents/a%2Fb/0?parts=7"));
        using var response = await Http.SendAsync(request, Token);

        Assert.Equal(("PUT", "/documents/a%2Fb/0", "7"), (asked!.Method, asked.Path, asked.Parts));
        Assert.Equal((HttpStatusCode.NotFound, "application/json"), (response.StatusCode, response.Content.Headers.ContentType?.ToString()));
    }

    [Fact]
    public async Task Fault_InTheJobApi_IsAnsweredWithoutTheReason()
    {
        _handle = (_, _) => throw new InvalidOperationException("CN=Payroll");
        await OnlineAsync();

        var (status, answer) = await PutAsync([1]);

        Assert.Equal((HttpStatusCode.InternalServerError, "GWB6008"), (status, CodeOf(answer)));
        Assert.DoesNotContain("Payroll", System.Text.Encoding.UTF8.GetString(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_ThatCannotBeWritten_DoesNotLookLikeSuccess()
    {
        _handle = (_, _) => Task.FromResult(new ListenerResponse { Status = 200, ContentType = "text/plain\r\nX: y", Body = "ok"u8.ToArray() });
        await OnlineAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, (await PutAsync([1])).Status);
    }

    [Fact]
    public async Task Requests_AHundredAtOnce_AreEachAnsweredWithTheirOwn()
    {
        await OnlineAsync();
        var bodies = Enumerable.Range(0, 100).Select(index => RandomNumberGenerator.GetBytes(1 + index * 100)).ToList();

        var answers = await Task.WhenAll(bodies.Select(body => PutAsync(body)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Equal(bodies, answers.Select(answer => answer.Body));
    }

    [Fact]
    public async Task ControlChannel_ThatDrops_IsMadeAgainByTheClientItself()
    {
        await OnlineAsync();

        _endpoint.Drop();
        await FakeRelay.UntilAsync(() => _endpoint.Listens == 2 && _endpoint.HasListener
            && _transport.State is { Phase: TransportPhase.Online, LastError.Code: "GWB6407" });
        var (status, _) = await PutAsync([1]);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Single(_links);
    }

    [Fact]
    public async Task HybridConnection_DeletedAndDeployedAgain_IsOpenedAnewByTheSupervision()
    {
        await OnlineAsync();

        _endpoint.Exists = false;
        _endpoint.Drop();
        await FakeRelay.UntilAsync(() => _transport.State.Phase == TransportPhase.Offline);
        Assert.Equal("GWB6406", _transport.State.LastError?.Code);
        (await PauseAsync()).Pass();
        var second = await PauseAsync();
        _endpoint.Exists = true;
        second.Pass();
        await FakeRelay.UntilAsync(() => _transport.State.Phase == TransportPhase.Online);
        var (status, _) = await PutAsync([1]);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(3, _links.Count);
    }

    [Fact]
    public async Task Identity_WithoutTheRole_IsToldAndLetInOnceItHasIt()
    {
        _endpoint.MayListen = _ => false;
        Start();

        var pause = await PauseAsync();
        Assert.Equal((TransportPhase.Offline, "GWB6405"), (_transport.State.Phase, _transport.State.LastError?.Code));
        _endpoint.MayListen = _ => true;
        pause.Pass();
        await FakeRelay.UntilAsync(() => _transport.State.Phase == TransportPhase.Online);

        Assert.Equal(HttpStatusCode.OK, (await PutAsync([1])).Status);
    }

    [Fact]
    public async Task SignIn_ThatFails_IsToldAndTriedAgain()
    {
        _tokens.Fault = new Azure.Identity.CredentialUnavailableException("no agent");
        Start();

        var pause = await PauseAsync();
        Assert.Equal("GWB6404", _transport.State.LastError?.Code);
        _tokens.Fault = null;
        pause.Pass();
        await FakeRelay.UntilAsync(() => _transport.State.Phase == TransportPhase.Online);
    }

    [Fact]
    public async Task Token_OfEntra_IsSentBareAndForTheRelayOnly()
    {
        await OnlineAsync();

        Assert.Equal(["entra-1"], _endpoint.Tokens);
        Assert.Equal(["https://relay.azure.net/.default"], _tokens.Scopes.Distinct());
    }

    [Fact]
    public async Task Token_NearItsEnd_IsRenewedOnTheOpenChannel()
    {
        await OnlineAsync();

        FireRenewal(Assert.Single(_links));
        await FakeRelay.UntilAsync(() => _endpoint.Tokens.Count == 2);

        Assert.Equal(["entra-1", "entra-2"], _endpoint.Tokens);
        Assert.Equal(1, _endpoint.Listens);
        Assert.Equal(HttpStatusCode.OK, (await PutAsync([1])).Status);
    }

    [Theory]
    [InlineData(60, 56)]
    [InlineData(5, 1)]
    [InlineData(2, 1)]
    [InlineData(-5, 1)]
    public void Token_TellsTheClientToRenewBeforeItEndsAndNeverInThePast(int lifeMinutes, int renewedAfter)
    {
        var now = new DateTimeOffset(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);

        var token = new EntraToken(new AccessToken("jwt", now.AddMinutes(lifeMinutes)), "http://contoso.servicebus.windows.net/aadc01/", now);

        Assert.Equal(now.AddMinutes(renewedAfter).UtcDateTime, token.ExpiresAtUtc);
        Assert.Equal("jwt", token.TokenString);
    }

    [Fact]
    public async Task Socket_OfASender_IsRefused()
    {
        await OnlineAsync();

        Assert.Equal("404", await _endpoint.OfferSocketAsync());
    }

    [Fact]
    public async Task Stop_AnswersWhatWasBegunAndThenHangsUp()
    {
        var work = new TaskCompletionSource<ListenerResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _handle = (_, _) =>
        {
            asked.TrySetResult();
            return work.Task;
        };
        await OnlineAsync();
        var begun = PutAsync([1]);
        await asked.Task.WaitAsync(Token);

        var stopping = _transport.DisposeAsync().AsTask();
        var late = await PutAsync([2]);
        work.SetResult(new() { Status = 202, ContentType = "text/plain", Body = "done"u8.ToArray() });
        var (status, answer) = await begun;
        await stopping.WaitAsync(Token);
        await FakeRelay.UntilAsync(() => !_endpoint.HasListener);

        Assert.Equal((HttpStatusCode.Accepted, "done"), (status, System.Text.Encoding.UTF8.GetString(answer)));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "GWB6003"), (late.Status, CodeOf(late.Body)));
        Assert.Equal(HttpStatusCode.BadGateway, (await PutAsync([3])).Status);
    }

    [Fact]
    public async Task Proxy_ThatIsNamed_CarriesTheControlChannelAndTheSocketsOfLargeAnswers()
    {
        using var proxy = new ConnectProxy();
        _handle = (_, _) => Task.FromResult(new ListenerResponse { Status = 200, ContentType = "text/plain", Body = new byte[100_000] });
        Start(new() { Kind = RelayProxyKind.Explicit, Address = proxy.Address });
        await FakeRelay.UntilAsync(() => _transport.State.Phase == TransportPhase.Online && _endpoint.HasListener);

        var (_, answer) = await PutAsync([1]);

        Assert.Equal(100_000, answer.Length);
        Assert.Equal([$"localhost:{_endpoint.Port}", $"localhost:{_endpoint.Port}"], proxy.Targets);
    }

    void Start(RelayProxy? proxy = null)
    {
        var options = new RelayOptions
        {
            Namespace = $"localhost:{_endpoint.Port}",
            HybridConnection = RelayEndpoint.Connection,
            Development = true,
            Proxy = proxy ?? new() { Kind = RelayProxyKind.None },
        };
        _transport = RelayTransport.Start(
            options,
            (report, request) =>
            {
                var link = new HybridConnectionLink(options, new EntraTokenProvider(_tokens), report, request);
                _links.Enqueue(link);
                return link;
            },
            (request, cancellationToken) => _handle(request, cancellationToken), TimeProvider.System, NullLogger.Instance,
            (time, cancellationToken) =>
            {
                var wait = new FakeWait(time, cancellationToken);
                _waits.Enqueue(wait);
                return wait.Task;
            });
    }

    async Task OnlineAsync()
    {
        Start();
        await FakeRelay.UntilAsync(() => _transport.State.Phase == TransportPhase.Online && _endpoint.HasListener);
    }

    /// <summary>The supervision's next pause. How long a link may reconnect is waited for as well, and never passes here.</summary>
    async Task<FakeWait> PauseAsync()
    {
        FakeWait? wait = null;
        await FakeRelay.UntilAsync(() => _waits.TryDequeue(out wait) && wait.Time != RelaySupervisor.Patience);
        return wait!;
    }

    async Task<(HttpStatusCode Status, byte[] Body)> PutAsync(byte[] body, bool chunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(_endpoint.Address, "documents/x/0")) { Content = new ByteArrayContent(body) };
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await Http.SendAsync(request, Token);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(Token));
    }

    static string CodeOf(byte[] answer) => JsonSerializer.Deserialize<CommandError>(answer, ContractJson.Options)!.Code;

    /// <summary>Lets the client's own timer, which never takes less than four minutes, run out now.</summary>
    static void FireRenewal(HybridConnectionLink link)
    {
        object listener = Field(link, "_listener");
        var timer = (Timer)Field(Field(Field(listener, "controlConnection"), "tokenRenewer"), "renewTimer");
        timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        static object Field(object of, string name) => of.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(of)!;
    }

    sealed class Tokens : TokenCredential
    {
        int _given;

        public ConcurrentQueue<string> Scopes { get; } = new();

        public Exception? Fault { get; set; }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            foreach (string scope in requestContext.Scopes) { Scopes.Enqueue(scope); }
            return Fault is null
                ? ValueTask.FromResult(new AccessToken($"entra-{++_given}", DateTimeOffset.UtcNow.AddHours(1)))
                : ValueTask.FromException<AccessToken>(Fault);
        }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
