using GwbCloud.Functions.Api;
using GwbCloud.Tests.Functions.Support;

namespace GwbCloud.Tests.Functions.Api;

/// <summary>One start at a time among several instances of the app, which have nothing but the store in common.</summary>
public sealed class StartTurnTests : IDisposable
{
    const int Hosts = 2, Starts = 20;

    readonly TempFolder _folder = new();
    readonly List<IDisposable> _opened = [];

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _opened.ForEach(opened => opened.Dispose());
        _folder.Dispose();
    }

    [Fact]
    public async Task Turn_ThatAnotherInstanceHas_IsWaitedFor()
    {
        var first = await Instance().TakeAsync(Stop);
        var looks = 0;
        var other = Instance(async _ =>
        {
            if (++looks == 3) { await first.DisposeAsync(); }
        });

        await using var second = await other.TakeAsync(Stop);

        Assert.Equal(3, looks);
        await second.ConfirmAsync(Stop);
    }

    [Fact]
    public async Task Turn_OfAnInstanceThatDied_IsTakenOver_AndLostForIt()
    {
        var dead = await Instance().TakeAsync(Stop);

        await using var taken = await Instance().TakeAsync(Stop);
        var late = await Assert.ThrowsAsync<ApiException>(() => dead.ConfirmAsync(Stop));
        await dead.DisposeAsync();

        Assert.Equal("GWB1258", late.Refusal.Code);
        await taken.ConfirmAsync(Stop);
    }

    [Fact]
    public async Task Turn_OfAnInstanceThatLives_IsNeverTakenOver()
    {
        await using var first = await Instance().TakeAsync(Stop);
        var looks = 0;
        var other = Instance(async stop =>
        {
            if (++looks % (StartTurn.LooksAtOne - 1) == 0) { await first.ConfirmAsync(stop); }
        });

        var refused = await Assert.ThrowsAsync<ApiException>(() => other.TakeAsync(Stop));

        Assert.Equal(("GWB1258", StartTurn.LooksInAll), (refused.Refusal.Code, looks));
        await first.ConfirmAsync(Stop);
    }

    /// <summary>What it is there for: whoever has the turn sees what everybody before him has started.</summary>
    [Fact]
    public async Task Starts_OfTwoInstances_AreNeverBesideEachOther()
    {
        var (inside, most, started) = (0, 0, 0);
        var instances = Enumerable.Range(0, Hosts).Select(_ => Instance(stop => Task.Delay(1, stop))).ToList();

        await Parallel.ForAsync(0, Starts, new ParallelOptions { MaxDegreeOfParallelism = Starts, CancellationToken = Stop }, async (at, stop) =>
        {
            await using var mine = await instances[at % Hosts].TakeAsync(stop);
            most = Math.Max(most, Interlocked.Increment(ref inside));
            var before = started;
            await mine.ConfirmAsync(stop);
            started = before + 1;
            Interlocked.Decrement(ref inside);
        });

        Assert.Equal((1, Starts), (most, started));
    }

    /// <summary>An instance of the app, with a connection of its own to the store; without a pause its waiting takes no time.</summary>
    StartTurn Instance(Func<CancellationToken, Task>? pause = null)
    {
        var store = Stores.Open(_folder);
        var turn = new StartTurn(store, pause ?? (_ => Task.CompletedTask));
        _opened.AddRange([turn, store]);
        return turn;
    }
}
