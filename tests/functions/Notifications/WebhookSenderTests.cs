using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Azure.Identity;
using GwbCloud.Functions;
using GwbCloud.Functions.Notifications;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Tests.Functions.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GwbCloud.Tests.Functions.Notifications;

public sealed class WebhookSenderTests
{
    const string Address = "https://prod-1.example/workflows/1?sig=topsecret";

    static readonly ChannelOptions Teams = new() { Name = "teams", Address = Address };

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.OK, DeliveryState.Delivered, null)]
    [InlineData(HttpStatusCode.Accepted, DeliveryState.Delivered, null)]
    [InlineData(HttpStatusCode.RequestTimeout, DeliveryState.Waiting, "GWB5101")]
    [InlineData(HttpStatusCode.TooManyRequests, DeliveryState.Waiting, "GWB5101")]
    [InlineData(HttpStatusCode.BadGateway, DeliveryState.Waiting, "GWB5101")]
    [InlineData(HttpStatusCode.Found, DeliveryState.Failed, "GWB5103")]
    [InlineData(HttpStatusCode.PermanentRedirect, DeliveryState.Failed, "GWB5103")]
    [InlineData(HttpStatusCode.BadRequest, DeliveryState.Failed, "GWB5102")]
    [InlineData(HttpStatusCode.Unauthorized, DeliveryState.Failed, "GWB5102")]
    [InlineData(HttpStatusCode.NotFound, DeliveryState.Failed, "GWB5102")]
    public async Task Answer_OfEachKind_IsJudgedByItsStatusAlone(HttpStatusCode status, DeliveryState state, string? code)
    {
        var wire = new Wire(() => new(status) { Headers = { Location = new("https://elsewhere.example/") }, Content = new StringContent("the flow says: " + Address) });

        var attempt = await wire.SendAsync(Teams);

        Assert.Equal((state, code, 1), (attempt.State, attempt.Code, wire.Requests));
        Assert.DoesNotContain("topsecret", JsonSerializer.Serialize(attempt));
    }

    [Theory]
    [InlineData(90, 90)]
    [InlineData(90_000, 3_600)]
    public async Task Answer_ThatWantsAPause_IsLeftAloneSoLong(int wish, int pause)
    {
        var wire = new Wire(() => new(HttpStatusCode.TooManyRequests) { Headers = { RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(wish)) } });

        Assert.Equal(pause, (await wire.SendAsync(Teams)).RetryAfterSeconds);
    }

    [Fact]
    public async Task Channel_ThatCantBeReached_IsTriedAgainAndNamesNoAddress()
    {
        var noName = await new Wire(() => throw new HttpRequestException($"no such host {Address}")).SendAsync(Teams);
        var noTime = await new Wire(() => throw new TaskCanceledException(Address)).SendAsync(Teams);

        Assert.All([noName, noTime], attempt => Assert.Equal(DeliveryAttempt.Again(NotificationError.NoAnswer), attempt));
    }

    [Fact]
    public async Task Sending_ThatTheHostStops_IsNoAnswerOfTheChannel()
    {
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new Wire(() => new(HttpStatusCode.OK)).SendAsync(Teams, stopped.Token));
    }

    [Fact]
    public async Task Token_WhereTheChannelWantsOne_IsShown()
    {
        var wire = new Wire(() => new(HttpStatusCode.Accepted));

        await wire.SendAsync(new() { Name = "teams", Address = Address, TokenScope = "https://service.flow.microsoft.com//.default" });

        Assert.Equal("Bearer token of https://service.flow.microsoft.com//.default", wire.Headers["Authorization"]);
    }

    [Fact]
    public async Task Token_ThatIsNotThere_SendsNothing()
    {
        var wire = new Wire(() => new(HttpStatusCode.Accepted));

        var attempt = await wire.SendAsync(new() { Name = "teams", Address = Address, TokenScope = "https://none/.default" });

        Assert.Equal((DeliveryState.Waiting, "GWB5104", 0), (attempt.State, attempt.Code, wire.Requests));
    }

    /// <summary>The outgoing request carries what docs/notifications.md says, and nothing more.</summary>
    [Theory]
    [InlineData(ChannelFormat.Teams)]
    [InlineData(ChannelFormat.Json)]
    public async Task Request_CarriesNoMoreThanDocumented(ChannelFormat format)
    {
        using var tracing = new Activity("stage").Start();
        var documented = NotificationDocs.Table("Headers");
        foreach (var sample in Views.Samples)
        {
            var wire = new Wire(() => new(HttpStatusCode.Accepted));

            await wire.SendAsync(new() { Name = "one", Address = Address, Format = format, TokenScope = "https://scope/.default" }, message: Views.Message(sample));

            Assert.Equal(documented.Order(), wire.Headers.Keys.Order());
            var body = JsonElement.Parse(wire.Body);
            Assert.Empty(NotificationDocs.Paths(body).Except(NotificationDocs.Table(format == ChannelFormat.Teams ? "Card" : "JSON")));
            Assert.DoesNotContain("topsecret", wire.Body);
        }
    }

    [Fact]
    public void Client_OfTheProduct_FollowsNoRedirectAndAddsNoHeader()
    {
        var services = new ServiceCollection();
        var settings = new ConfigurationBuilder().AddInMemoryCollection(ApiHost.Settings("x")).Build();
        using var provider = services.AddLogging().AddGwbCloud(settings).BuildServiceProvider();

        HttpMessageHandler handler = provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(WebhookSender.HttpClientName);
        while (handler is DelegatingHandler { InnerHandler: { } inner }) { handler = inner; }

        var sockets = Assert.IsType<SocketsHttpHandler>(handler);
        Assert.Equal((false, false), (sockets.AllowAutoRedirect, sockets.UseCookies));
        Assert.Null(sockets.ActivityHeadersPropagator);
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient(WebhookSender.HttpClientName);
        Assert.Empty(client.DefaultRequestHeaders);
        Assert.Equal(TimeSpan.FromSeconds(20), client.Timeout);
    }

    /// <summary>Some webhooks have their secret in the path, which a trace of an outgoing request would show.</summary>
    [Fact]
    public async Task Client_OfTheProduct_LeavesNoTraceOfTheAddress()
    {
        var services = new ServiceCollection();
        var settings = new ConfigurationBuilder().AddInMemoryCollection(ApiHost.Settings("x")).Build();
        using var provider = services.AddLogging().AddGwbCloud(settings).BuildServiceProvider();
        using var stage = new Activity("stage").Start();
        List<string> traced = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "System.Net.Http",
            Sample = (ref options) => options.Parent.TraceId == stage.TraceId ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = activity => traced.AddRange(activity.Tags.Select(tag => $"{tag.Value}")),
        };
        ActivitySource.AddActivityListener(listener);
        var factory = provider.GetRequiredService<IHttpClientFactory>();
        using var webhook = factory.CreateClient(WebhookSender.HttpClientName);
        using var other = factory.CreateClient("another");

        await Assert.ThrowsAsync<HttpRequestException>(() => webhook.GetAsync(new Uri("http://127.0.0.1:1/hooks/topsecret"), Token));
        await Assert.ThrowsAsync<HttpRequestException>(() => other.GetAsync(new Uri("http://127.0.0.1:1/hooks/another"), Token));

        Assert.Contains(traced, value => value.Contains("/hooks/another", StringComparison.Ordinal));
        Assert.DoesNotContain(traced, value => value.Contains("topsecret", StringComparison.Ordinal));
    }

    /// <summary>The network, with what went out.</summary>
    sealed class Wire(Func<HttpResponseMessage> answer) : HttpMessageHandler, IHttpClientFactory, IWebhookTokens
    {
        public int Requests { get; private set; }

        public Dictionary<string, string> Headers { get; private set; } = [];

        public string Body { get; private set; } = "";

        public Task<DeliveryAttempt> SendAsync(ChannelOptions channel, CancellationToken? stop = null, Notification? message = null) =>
            new WebhookSender(this, this, Options.Create(new NotificationOptions { PagesAddress = "https://pages.example/" }), TimeProvider.System)
                .SendAsync(channel, message ?? Views.Message(NotificationKind.Reminder), stop ?? Token);

        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        public ValueTask<string> GetAsync(string scope, string? clientId, CancellationToken cancellationToken) => scope.Contains("none", StringComparison.Ordinal)
            ? throw new AuthenticationFailedException("no identity")
            : ValueTask.FromResult($"token of {scope}");

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Requests++;
            Assert.Equal((HttpMethod.Post, new Uri(Address)), (request.Method, request.RequestUri!));
            Body = Encoding.UTF8.GetString(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
            Headers = request.Headers.Concat(request.Content.Headers).ToDictionary(h => h.Key, h => string.Join(",", h.Value));
            return answer();
        }
    }
}
