using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.AdSync;

namespace GwbCloud.Tests.Listener;

public sealed class JobRecoveryTests
{
    [Fact]
    public async Task Jobs_ThatHadEnded_AreAnsweredFromDiskAndNotRunAgain()
    {
        await using var listener = await TestListener.StartAsync();
        var envelope = listener.Envelope(new SetScheduler { Enabled = false }, "ended");
        await listener.PostAsync(TestListener.Cloud.Sign(envelope));
        var before = await listener.EndedAsync("ended");

        await listener.KillAndOpenAsync();
        var after = await listener.StatusAsync("ended");

        Assert.Equal(before, after);
        Assert.Single(listener.AdSync.Calls);
    }

    [Fact]
    public async Task Jobs_ThatWaited_RunInTheirOrderAfterTheRestart()
    {
        await using var listener = await TestListener.StartAsync();
        var (reached, _) = listener.HoldWrites();
        var groups = await listener.UploadAsync("groups", listener.Ad.AddPlanned("A"));
        await listener.PostAsync(TestListener.Cloud.Sign(listener.Envelope(new StampAnchors { Groups = groups }, "first")));
        await reached.Task.WaitAsync(listener.Cancellation);
        await listener.PostAsync(TestListener.Cloud.Sign(listener.Envelope(new SetAutoUpgrade { State = AutoUpgradeState.Suspended }, "second")));
        await listener.PostAsync(TestListener.Cloud.Sign(listener.Envelope(new SetScheduler { Enabled = false }, "third")));

        listener.Kill();
        listener.Ad.BeforeWrite = null;
        await listener.OpenAsync();

        Assert.Equal(CommandState.Done, (await listener.EndedAsync("first")).State);
        Assert.Equal(CommandState.Done, (await listener.EndedAsync("third")).State);
        Assert.Equal(["autoUpgrade Suspended", "scheduler False"], listener.AdSync.Calls);
    }

    [Fact]
    public async Task Undo_AfterAKillInTheMiddle_StillKnowsWhatWasBefore()
    {
        await using var listener = await TestListener.StartAsync();
        var envelope = listener.Envelope(new SetScheduler { Enabled = false }, "scheduler");
        listener.AdSync.OnCall = (member, _) =>
        {
            // The write works, and the process dies before it can read back.
            if (member == nameof(IAdSync.SetSchedulerAsync)) { listener.Kill(); }
        };
        await listener.PostAsync(TestListener.Cloud.Sign(envelope)).ContinueWith(_ => { }, TaskScheduler.Default);
        while (listener.AdSync.Scheduler.SyncCycleEnabled) { await Task.Yield(); }

        listener.AdSync.OnCall = null;
        await listener.OpenAsync();
        var change = await listener.ReadResultAsync<SchedulerChange>(await listener.EndedAsync("scheduler"), envelope);

        Assert.Equal((true, false), (change.Before.Enabled, change.After.Enabled));
        Assert.Single(listener.AdSync.Calls);
    }

    [Fact]
    public async Task Stop_WhileAJobIsAtWork_EndsBetweenTwoItemsAndTheRestFollowsAfterTheStart()
    {
        await using var listener = await TestListener.StartAsync();
        var (reached, go) = listener.HoldWrites();
        var groups = await listener.UploadAsync("groups", Enumerable.Range(0, 5).Select(i => listener.Ad.AddPlanned($"Group {i}")));
        await listener.PostAsync(TestListener.Cloud.Sign(listener.Envelope(new StampAnchors { Groups = groups }, "stamp")));
        await reached.Task.WaitAsync(listener.Cancellation);

        var stopping = listener.Host.DisposeAsync();
        go.SetResult();
        await stopping;
        int beforeStart = listener.Ad.Writes.Count;
        await listener.OpenAsync();
        var ended = await listener.EndedAsync("stamp");

        Assert.Equal(1, beforeStart);
        Assert.Equal(CommandState.Done, ended.State);
        Assert.Equal(5, listener.Ad.Writes.Count);
    }

    [Fact]
    public async Task Clock_IsHeldWhileARequestOrAJobIsAtWorkAndFreeAfterwards()
    {
        int open = 0;
        var seen = new List<string>();
        await using var listener = await TestListener.StartAsync(one => one.Configure = options => options with
        {
            Busy = what =>
            {
                lock (seen) { seen.Add(what); }
                Interlocked.Increment(ref open);
                return new Released(() => Interlocked.Decrement(ref open));
            },
        });
        int during = 0;
        listener.AdSync.OnCall = (_, _) => during = Math.Max(during, Volatile.Read(ref open));

        await listener.RunAsync(new InspectServer());
        while (Volatile.Read(ref open) > 0) { await Task.Yield(); }

        Assert.InRange(during, 1, int.MaxValue);
        Assert.Contains(seen, what => what.Contains(nameof(InspectServer), StringComparison.Ordinal));
        Assert.Contains("AADC01 request", seen);
    }

    sealed class Released(Action release) : IDisposable
    {
        public void Dispose() => release();
    }
}
