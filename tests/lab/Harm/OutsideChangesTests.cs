using GwbCloud.Lab.Harm;
using GwbCloud.Lab.Time;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Lab.Harm;

public sealed class OutsideChangesTests
{
    static readonly WorldOptions Small = new() { Groups = 20, M365 = 4 };

    [Fact]
    public async Task Schedule_ReopenedHalfWay_ChangesWhatAnUnbrokenOneDoes()
    {
        using var folder = new TempFolder();
        await RunAsync(folder.Path, TimeSpan.FromDays(2));
        var broken = await RunAsync(folder.Path, TimeSpan.FromDays(2));

        var unbroken = await RunAsync(null, TimeSpan.FromDays(4));

        Assert.InRange(unbroken.Done, 25, 40);
        Assert.Equal((unbroken.Done, unbroken.NextAt), (broken.Done, broken.NextAt));
        Assert.Equal(unbroken.Touched, broken.Touched);
    }

    [Fact]
    public async Task Schedule_Stopped_DoesNothingMoreAfterARestart()
    {
        using var folder = new TempFolder();
        var before = await RunAsync(folder.Path, TimeSpan.FromDays(1), stopAt: VirtualClock.Start + TimeSpan.FromDays(1));

        var after = await RunAsync(folder.Path, TimeSpan.FromDays(5));

        Assert.Equal(before.Done, after.Done);
    }

    [Fact]
    public async Task Schedule_StoppedForALaterMoment_GoesOnUntilThenAlsoOverARestart()
    {
        using var folder = new TempFolder();
        var unbroken = await RunAsync(null, TimeSpan.FromDays(2));

        await RunAsync(folder.Path, TimeSpan.FromDays(1), stopAt: VirtualClock.Start + TimeSpan.FromDays(2));
        var stopped = await RunAsync(folder.Path, TimeSpan.FromDays(5));

        Assert.Equal((unbroken.Done, unbroken.NextAt), (stopped.Done, stopped.NextAt));
    }

    [Fact]
    public async Task Schedule_OfNone_ChangesNothing()
    {
        var state = await RunAsync(null, TimeSpan.FromDays(5), perDay: 0);

        Assert.Equal(0, state.Done);
    }

    static async Task<OutsideState> RunAsync(string? folder, TimeSpan time, DateTimeOffset? stopAt = null, double perDay = 8)
    {
        using var clock = folder is null ? VirtualClock.InMemory() : VirtualClock.Open(folder);
        using var hold = clock.Busy("test");
        await using var world = await SimulatedWorld.OpenAsync(folder is null ? null : Path.Combine(folder, "world.journal"), clock, Small);
        using var outside = await OutsideChanges.StartAsync(world, new OutsideOptions { PerDay = perDay });
        await clock.SleepAsync(time, TestContext.Current.CancellationToken);
        if (stopAt is not null)
        {
            await outside.StopAsync(stopAt);
        }

        return OutsideChanges.Read(world)!;
    }
}
