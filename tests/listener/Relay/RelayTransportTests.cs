using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Hosting;
using GwbCloud.RelayListener.Relay;
using Microsoft.Extensions.Logging.Abstractions;

namespace GwbCloud.Tests.Listener.Relay;

public sealed class RelayTransportTests
{
    readonly FakeRelay _relay = new();
    readonly FakeRelay _probed = new();
    readonly TaskCompletionSource<CancellationToken> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource<ListenerResponse> _work = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly FakeExchange _exchange = new("/aadc01/health");
    readonly RelayTransport _transport;

    public RelayTransportTests() => _transport = RelayTransport.Start(
        new() { Namespace = "contoso.servicebus.windows.net", HybridConnection = "aadc01", DrainSeconds = 7 }, _relay.Connect,
        (_, cancellationToken) =>
        {
            _asked.SetResult(cancellationToken);
            return _work.Task.WaitAsync(cancellationToken);
        },
        _relay.Clock, NullLogger.Instance, _relay.WaitAsync);

    Task<CommandError?> ProbeAsync() => RelayTransport.ProbeAsync(
        new() { Namespace = "contoso.servicebus.windows.net", HybridConnection = "aadc01" }, _probed.Connect, TestContext.Current.CancellationToken);

    static ListenerResponse Ok { get; } = new() { Status = 200, ContentType = "text/plain", Body = "ok"u8.ToArray() };

    [Fact]
    public async Task Start_WithoutARelay_ReturnsAndTellsThatItConnects()
    {
        Assert.Equal((TransportPhase.Connecting, new Uri("https://contoso.servicebus.windows.net/aadc01/")), (_transport.State.Phase, _transport.Address));

        await _transport.DisposeAsync();

        Assert.Equal(TransportPhase.Stopped, _transport.State.Phase);
    }

    [Fact]
    public async Task Probe_OfARelayThatLetsItIn_LeavesAgainAndAnswersNothing()
    {
        var probing = ProbeAsync();
        var link = await _probed.NextLinkAsync();
        link.Request(_exchange);
        await _exchange.Closed;
        link.Open();

        Assert.Null(await probing);
        Assert.True(link.IsDisposed);
        Assert.Equal((503, "GWB6003"), (_exchange.Answer!.Status, _exchange.Code));
    }

    [Fact]
    public async Task Probe_OfARelayThatDoesNot_TellsWhy()
    {
        var probing = ProbeAsync();
        var link = await _probed.NextLinkAsync();
        link.Refuse(RelayError.NotAllowed.Exception("401", transient: true));

        Assert.Equal("GWB6405", (await Assert.ThrowsAsync<CommandFailedException>(() => probing)).Error.Code);
        Assert.True(link.IsDisposed);
    }

    [Fact]
    public async Task Stop_WithARequestInFlight_KeepsTheLinkUntilItIsAnswered()
    {
        var link = await _relay.OnlineAsync();
        link.Request(_exchange);
        await _asked.Task;

        var stopping = _transport.DisposeAsync().AsTask();
        var limit = await _relay.NextWaitAsync();
        Assert.False(link.IsDisposed);
        _work.SetResult(Ok);
        await stopping;

        Assert.Equal(TimeSpan.FromSeconds(7), limit.Time);
        Assert.Equal(200, _exchange.Answer!.Status);
        Assert.True(link.IsDisposed);
    }

    [Fact]
    public async Task Stop_WithARequestThatDoesNotEnd_EndsItAndItself()
    {
        var link = await _relay.OnlineAsync();
        link.Request(_exchange);
        var request = await _asked.Task;

        var stopping = _transport.DisposeAsync().AsTask();
        (await _relay.NextWaitAsync()).Pass();
        await stopping;

        Assert.True(request.IsCancellationRequested);
        Assert.Equal(500, _exchange.Answer!.Status);
        Assert.True(link.IsDisposed);
    }
}
