using System.Text;
using GwbCloud.RelayListener.Hosting;
using GwbCloud.RelayListener.Relay;
using Microsoft.Extensions.Logging.Abstractions;

namespace GwbCloud.Tests.Listener.Relay;

public sealed class RelayedRequestsTests
{
    readonly List<ListenerRequest> _asked = [];

    ListenerHandler _handle;
    RelayedRequests? _requests;

    public RelayedRequestsTests() => _handle = (request, _) =>
    {
        lock (_asked) { _asked.Add(request); }
        return Task.FromResult(Ok);
    };

    static ListenerResponse Ok { get; } = new() { Status = 200, ContentType = "text/plain", Body = "ok"u8.ToArray() };

    RelayedRequests Requests => _requests ??= new((request, cancellationToken) => _handle(request, cancellationToken), "/gwb/aadc01", NullLogger.Instance, default);

    [Theory]
    [InlineData("/gwb/aadc01/commands/m-1%2F2", "/commands/m-1%2F2", null)]
    [InlineData("/GWB/AADC01/health", "/health", null)]
    [InlineData("/gwb/aadc01/documents/abc/0?parts=3", "/documents/abc/0", "3")]
    [InlineData("/gwb/aadc01", "", null)]
    public async Task Path_BelowTheConnection_IsTheJobApis(string url, string path, string? parts)
    {
        var exchange = await BeginAsync(new(url, "PUT", 3));

        var asked = Assert.Single(_asked);
        Assert.Equal(("PUT", path, parts, 3), (asked.Method, asked.Path, asked.Parts, asked.Body.Length));
        Assert.Equal(200, exchange.Answer!.Status);
    }

    [Theory]
    [InlineData("/gwb/aadc02/health")]
    [InlineData("/gwb/aadc010/health")]
    [InlineData("/gwb/aadc01/../aadc02/health")]
    [InlineData("/")]
    public async Task Path_ElsewhereInTheNamespace_IsNotAnswered(string url)
    {
        var exchange = await BeginAsync(new(url));

        Assert.Empty(_asked);
        Assert.Equal((404, "GWB6001"), (exchange.Answer!.Status, exchange.Code));
    }

    [Fact]
    public async Task Body_AsLargeAsTheJobApiTakes_ComesWhole()
    {
        await BeginAsync(new("/gwb/aadc01/commands", "POST", ListenerApi.MaxBodyBytes));

        Assert.Equal(ListenerApi.MaxBodyBytes, Assert.Single(_asked).Body.Length);
    }

    [Fact]
    public async Task Body_LargerThanTheJobApiTakes_IsRefusedAndNotReadToItsEnd()
    {
        var endless = new Endless();

        var exchange = await BeginAsync(new("/gwb/aadc01/commands", "POST") { Body = endless });

        Assert.Empty(_asked);
        Assert.Equal((413, "GWB6004"), (exchange.Answer!.Status, exchange.Code));
        Assert.InRange(endless.Given, ListenerApi.MaxBodyBytes, 2 * ListenerApi.MaxBodyBytes);
    }

    [Fact]
    public async Task Fault_InTheJobApi_IsAnsweredWithoutTheReason()
    {
        _handle = (_, _) => throw new InvalidOperationException("CN=Payroll,OU=Groups");

        var exchange = await BeginAsync(new("/gwb/aadc01/health"));

        Assert.Equal((500, "GWB6008"), (exchange.Answer!.Status, exchange.Code));
        string body = Encoding.UTF8.GetString(exchange.Answer.Body.Span);
        Assert.DoesNotContain("Payroll", body, StringComparison.Ordinal);
        Assert.DoesNotContain("InvalidOperation", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Response_ThatCannotBeWritten_IsClosedAllTheSame()
    {
        await BeginAsync(new("/gwb/aadc01/health") { Broken = new IOException("the channel is gone") });

        await Requests.CloseAsync().WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Begin_WhileTheJobApiWorks_HasReturned()
    {
        var work = new TaskCompletionSource<ListenerResponse>();
        _handle = (_, _) => work.Task;
        var exchange = new FakeExchange("/gwb/aadc01/health");

        Requests.Begin(exchange);
        Assert.Null(exchange.Answer);
        work.SetResult(Ok);
        await exchange.Closed;

        Assert.Equal(200, exchange.Answer!.Status);
    }

    [Fact]
    public async Task Flood_BeyondWhatIsKeptInMemory_IsToldToComeLater()
    {
        var work = new TaskCompletionSource<ListenerResponse>();
        _handle = (_, _) => work.Task;
        var begun = Enumerable.Range(0, RelayedRequests.MostInFlight).Select(_ => new FakeExchange("/gwb/aadc01/health")).ToList();
        begun.ForEach(Requests.Begin);

        var refused = await BeginAsync(new("/gwb/aadc01/health"));
        work.SetResult(Ok);
        await Task.WhenAll(begun.Select(exchange => exchange.Closed));
        await FakeRelay.UntilAsync(() => TryAgain().Status == 200);

        Assert.Equal((503, "GWB6002"), (refused.Answer!.Status, refused.Code));

        ListenerResponse TryAgain() => BeginAsync(new("/gwb/aadc01/health")).GetAwaiter().GetResult().Answer!;
    }

    [Fact]
    public async Task Stop_LetsWhatWasBegunFinishAndTakesNothingNew()
    {
        var work = new TaskCompletionSource<ListenerResponse>();
        _handle = (_, _) => work.Task;
        var begun = new FakeExchange("/gwb/aadc01/health");
        Requests.Begin(begun);

        var stopped = Requests.CloseAsync();
        var late = await BeginAsync(new("/gwb/aadc01/health"));
        Assert.False(stopped.IsCompleted);
        work.SetResult(Ok);
        await stopped.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(200, begun.Answer!.Status);
        Assert.Equal((503, "GWB6003"), (late.Answer!.Status, late.Code));
    }

    async Task<FakeExchange> BeginAsync(FakeExchange exchange)
    {
        Requests.Begin(exchange);
        await exchange.Closed;
        return exchange;
    }

    /// <summary>A body without end.</summary>
    sealed class Endless : MemoryStream
    {
        public int Given { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Given += buffer.Length;
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
