using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Hosting;
using GwbCloud.RelayListener.Relay;
using Microsoft.Extensions.Logging.Abstractions;

namespace GwbCloud.Tests.Listener.Relay;

public sealed class RelaySupervisorTests : IAsyncDisposable
{
    static readonly CommandFailedException Lost = RelayError.Unreachable.Exception("lost", transient: true);
    static readonly CommandFailedException Gone = RelayError.ConnectionUnknown.Exception("404", transient: true);

    readonly FakeRelay _relay = new();
    readonly RelaySupervisor _supervisor;
    double _chance;

    public RelaySupervisorTests()
    {
        _supervisor = new(report => _relay.Connect(report), _relay.Clock, _relay.WaitAsync, () => _chance, NullLogger.Instance);
        _supervisor.Start();
    }

    public ValueTask DisposeAsync() => _supervisor.DisposeAsync();

    [Fact]
    public async Task Relay_ThatIsNotThere_IsTriedForEverWithGrowingPauses()
    {
        List<double> pauses = [];

        for (int attempt = 0; attempt < 9; attempt++)
        {
            var pause = await _relay.RefuseAsync();
            pauses.Add(pause.Time.TotalSeconds);
            pause.Pass();
        }

        Assert.Equal([1, 2, 5, 10, 30, 60, 60, 60, 60], pauses);
        Assert.Equal((TransportPhase.Offline, "GWB6407"), (_supervisor.State.Phase, _supervisor.State.LastError?.Code));
    }

    [Fact]
    public async Task Pause_HasChanceInItButIsNeverShorterThanHalf()
    {
        _chance = 0.999;

        var pause = await _relay.RefuseAsync();

        Assert.InRange(pause.Time.TotalSeconds, 0.5, 0.51);
    }

    [Fact]
    public async Task Relay_ThatComesUpLate_IsOnlineWithTheErrorOfBefore()
    {
        (await _relay.RefuseAsync()).Pass();
        var failedAt = _relay.Clock.Now;
        _relay.Clock.Now += TimeSpan.FromSeconds(3);

        await _relay.OnlineAsync();
        await UntilAsync(TransportPhase.Online);

        Assert.Equal(_relay.Clock.Now, _supervisor.State.Since);
        Assert.Equal(("GWB6407", failedAt), (_supervisor.State.LastError!.Code, _supervisor.State.LastErrorAt));
    }

    [Fact]
    public async Task Link_ThatIsOfflineForGood_IsReplaced()
    {
        var first = await _relay.OnlineAsync();

        first.Report(TransportPhase.Offline, Gone);
        var pause = await _relay.NextWaitAsync();
        Assert.Equal((TransportPhase.Offline, "GWB6406"), (_supervisor.State.Phase, _supervisor.State.LastError!.Code));
        pause.Pass();
        await _relay.OnlineAsync();
        await UntilAsync(TransportPhase.Online);

        Assert.True(first.IsDisposed);
        Assert.Equal(2, _relay.Links);
    }

    [Fact]
    public async Task Link_ThatReconnectsByItself_IsLeftAlone()
    {
        var link = await _relay.OnlineAsync();

        link.Report(TransportPhase.Connecting, Lost);
        var patience = await _relay.NextWaitAsync();
        Assert.Equal(TransportPhase.Connecting, _supervisor.State.Phase);
        link.Report(TransportPhase.Online);
        await UntilAsync(TransportPhase.Online);
        await FakeRelay.UntilAsync(() => patience.IsCancelled);

        Assert.False(link.IsDisposed);
        Assert.Equal((1, RelaySupervisor.Patience), (_relay.Links, patience.Time));
    }

    [Fact]
    public async Task Link_ThatReconnectsForTooLong_IsReplacedHoweverOftenItTried()
    {
        var link = await _relay.OnlineAsync();

        link.Report(TransportPhase.Connecting, Lost);
        var patience = await _relay.NextWaitAsync();
        link.Report(TransportPhase.Connecting, Lost);
        link.Report(TransportPhase.Connecting, Gone);
        await FakeRelay.UntilAsync(() => _supervisor.State.LastError?.Code == "GWB6406");
        Assert.False(_relay.AnotherWait);
        patience.Pass();
        (await _relay.NextWaitAsync()).Pass();
        await _relay.OnlineAsync();
        await UntilAsync(TransportPhase.Online);

        Assert.True(link.IsDisposed);
        Assert.Equal(2, _relay.Links);
    }

    [Theory]
    [InlineData(60, 1)]
    [InlineData(10, 5)]
    public async Task Pause_AfterALinkThatWasOnline_IsTheShortestOnlyWhenItHadLasted(int seconds, int expected)
    {
        (await _relay.RefuseAsync()).Pass();
        (await _relay.RefuseAsync()).Pass();
        var link = await _relay.OnlineAsync();
        await UntilAsync(TransportPhase.Online);

        _relay.Clock.Now += TimeSpan.FromSeconds(seconds);
        link.Report(TransportPhase.Offline, Gone);
        var pause = await _relay.NextWaitAsync();

        Assert.Equal(expected, pause.Time.TotalSeconds);
    }

    [Fact]
    public async Task Since_WhileOneAttemptFailsAfterTheOther_IsTheFirst()
    {
        var since = _relay.Clock.Now;

        for (int attempt = 0; attempt < 3; attempt++)
        {
            (await _relay.RefuseAsync()).Pass();
            Assert.Equal((TransportPhase.Offline, since), (_supervisor.State.Phase, _supervisor.State.Since));
            _relay.Clock.Now += TimeSpan.FromMinutes(1);
        }

        Assert.Equal(since + TimeSpan.FromMinutes(2), _supervisor.State.LastErrorAt);
    }

    [Fact]
    public async Task Link_ThatCannotEvenBeMade_IsTriedAgain()
    {
        (await _relay.RefuseAsync()).Pass();
        var waiting = await _relay.NextLinkAsync();
        _relay.NoLink = new InvalidOperationException("a fault inside the client");

        waiting.Refuse(Lost);
        (await _relay.NextWaitAsync()).Pass();
        var pause = await _relay.NextWaitAsync();
        _relay.NoLink = null;
        pause.Pass();
        await _relay.OnlineAsync();
        await UntilAsync(TransportPhase.Online);

        Assert.Contains("InvalidOperationException", _supervisor.State.LastError!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_WhileOnline_ClosesTheLinkAndMakesNoOther()
    {
        var link = await _relay.OnlineAsync();
        await UntilAsync(TransportPhase.Online);

        await _supervisor.DisposeAsync();

        Assert.True(link.IsDisposed);
        Assert.Equal((TransportPhase.Stopped, 1), (_supervisor.State.Phase, _relay.Links));
    }

    [Fact]
    public async Task Stop_WhileConnecting_DoesNotWaitForTheRelay()
    {
        var link = await _relay.NextLinkAsync();

        await _supervisor.DisposeAsync();

        Assert.True(link.IsDisposed);
        Assert.Equal((TransportPhase.Stopped, 1), (_supervisor.State.Phase, _relay.Links));
    }

    [Fact]
    public async Task Stop_InAPause_DoesNotWaitForItsEnd()
    {
        await _relay.RefuseAsync();

        await _supervisor.DisposeAsync();

        Assert.Equal((TransportPhase.Stopped, 1), (_supervisor.State.Phase, _relay.Links));
    }

    Task UntilAsync(TransportPhase phase) => FakeRelay.UntilAsync(() => _supervisor.State.Phase == phase);
}
