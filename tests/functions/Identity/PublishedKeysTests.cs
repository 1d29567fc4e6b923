using System.Net;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Identity;
using GwbCloud.Tests.Functions.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GwbCloud.Tests.Functions.Identity;

public sealed class PublishedKeysTests : IDisposable
{
    readonly TempFolder _folder = new();
    readonly FileDocumentStore _store;
    readonly SteppedClock _clock = new();
    readonly Address _address = new();

    public PublishedKeysTests() => _store = Stores.Open(_folder);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Keys_AreFetchedOnceAndKeptAsSeen()
    {
        using var keys = Open();
        await keys.RefreshAsync(unknownKey: false, Token);
        await keys.RefreshAsync(unknownKey: false, Token);
        _address.Body = null;

        using var afterRestart = Open();
        await afterRestart.RefreshAsync(unknownKey: false, Token);

        Assert.NotNull(keys.Find("k1"));
        Assert.NotNull(afterRestart.Find("k1"));
        Assert.Equal(1, _address.Calls);
    }

    [Fact]
    public async Task UnknownKey_IsLookedForOnceInHalfAMinute()
    {
        using var keys = Open();
        await keys.RefreshAsync(unknownKey: false, Token);

        await keys.RefreshAsync(unknownKey: true, Token);
        await keys.RefreshAsync(unknownKey: true, Token);
        var hammered = _address.Calls;
        _clock.Now += TimeSpan.FromSeconds(30);
        _address.Body = TestIssuer.Keys.Replace("\"k1\"", "\"k2\"", StringComparison.Ordinal);
        await keys.RefreshAsync(unknownKey: true, Token);

        Assert.Equal((1, 2), (hammered, _address.Calls));
        Assert.NotNull(keys.Find("k1"));
        Assert.NotNull(keys.Find("k2"));
    }

    [Fact]
    public async Task KeyWithAnIdThatWasSeen_DoesNotTakeItsPlace()
    {
        using var keys = Open();
        await keys.RefreshAsync(unknownKey: false, Token);
        var seen = keys.Find("k1");

        _clock.Now += TimeSpan.FromMinutes(1);
        _address.Body = TestIssuer.Keys.Replace("\"e\":\"AQAB\"", "\"e\":\"AQAD\"", StringComparison.Ordinal);
        await keys.RefreshAsync(unknownKey: true, Token);

        Assert.Equal(2, _address.Calls);
        Assert.Equal(seen, keys.Find("k1"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("<html>sign in</html>")]
    [InlineData("""{"keys":[]}""")]
    public async Task Address_ThatGivesNoKeys_LeavesNothingAndIsAskedAgainLater(string? body)
    {
        using var keys = Open();
        var good = _address.Body;
        _address.Body = body;
        await keys.RefreshAsync(unknownKey: false, Token);
        var before = keys.Find("k1");

        _address.Body = good;
        _clock.Now += TimeSpan.FromSeconds(30);
        await keys.RefreshAsync(unknownKey: false, Token);

        Assert.Null(before);
        Assert.NotNull(keys.Find("k1"));
    }

    [Fact]
    public async Task Keys_ThatAnotherInstanceSawMeanwhile_AreKeptToo()
    {
        using var one = Open();
        using var other = Open();
        await one.RefreshAsync(unknownKey: false, Token);
        await other.RefreshAsync(unknownKey: false, Token);

        _clock.Now += TimeSpan.FromMinutes(1);
        _address.Body = TestIssuer.Keys.Replace("\"k1\"", "\"k2\"", StringComparison.Ordinal);
        await one.RefreshAsync(unknownKey: true, Token);
        _address.Body = TestIssuer.Keys.Replace("\"k1\"", "\"k3\"", StringComparison.Ordinal);
        await other.RefreshAsync(unknownKey: true, Token);
        using var afterRestart = Open();
        await afterRestart.RefreshAsync(unknownKey: false, Token);

        Assert.All(["k1", "k2", "k3"], kid => Assert.NotNull(afterRestart.Find(kid)));
    }

    [Fact]
    public async Task Caller_WhoHangsUp_KeepsNobodyFromTheKeys()
    {
        using var keys = Open();
        using var caller = new CancellationTokenSource();
        _address.WhileAsked = caller.Cancel;

        await keys.RefreshAsync(unknownKey: true, caller.Token);

        Assert.NotNull(keys.Find("k1"));
    }

    PublishedKeys Open() => new(
        _address, _store, _clock, Options.Create(new IdentityOptions { KeysAddress = "https://login.test.example/keys" }), NullLogger<PublishedKeys>.Instance);

    sealed class SteppedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    sealed class Address : IHttpClientFactory
    {
        public string? Body { get; set; } = TestIssuer.Keys;

        public int Calls { get; private set; }

        public Action? WhileAsked { get; set; }

        public HttpClient CreateClient(string name) => new(new Handler(this));

        sealed class Handler(Address address) : HttpMessageHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                address.Calls++;
                address.WhileAsked?.Invoke();
                cancellationToken.ThrowIfCancellationRequested();
                return Task.FromResult(address.Body is { } body
                    ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body) }
                    : new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
            }
        }
    }
}
