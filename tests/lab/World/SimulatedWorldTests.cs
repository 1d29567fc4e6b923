using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Lab.Connect;
using GwbCloud.Lab.Time;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Lab.World;

public sealed class SimulatedWorldTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task World_OfDefaultOptions_HasWhatTheMigrationMeets()
    {
        await using var lab = await LabWorld.StartAsync(new WorldOptions());
        var world = lab.World;

        Assert.Equal(200, lab.SecurityGroups);
        world.Store.Read(() =>
        {
            var written = world.Groups.Values.Where(g => g is { WritebackEnabled: true, Unified: false }).ToList();
            Assert.Equal(200, written.Count);
            Assert.Contains(written, g => g.Members.Count == 0);
            Assert.Contains(written, g => g.Members.Count > 100);
            Assert.Contains(written, g => g.Dynamic);
            Assert.Contains(written, g => g.Members.Any(m => world.Groups.Find(m) is { OnPremisesSynced: false }));
            Assert.Contains(written, g => g.Members.Any(m => world.Principals.Find(m)?.Kind == PrincipalKind.Device));
            Assert.Contains(written, g => g.Members.Any(m => world.Principals.Find(m)?.Kind == PrincipalKind.SyncedGroup));
            Assert.Contains(written, g => g.DisplayName.Contains('"', StringComparison.Ordinal));
            Assert.Equal(40, world.Groups.Values.Count(g => g.Unified));
            Assert.Equal(3, world.Groups.Values.Count(g => g.DisplayName.StartsWith("GWB Canary", StringComparison.Ordinal) && g.Members.Count == 1));
            Assert.Equal([false, true], world.Servers.Values.Select(s => s.Staging));
            Assert.All(world.ConnectorObjects.Values, o => Assert.Null(o.Pending));
            return true;
        });
    }

    [Fact]
    public async Task World_OfTheSameSeed_IsTheSameAndOfAnotherIsNot()
    {
        await using var first = await LabWorld.StartAsync();
        await using var second = await LabWorld.StartAsync();
        await using var other = await LabWorld.StartAsync(LabWorld.Small with { Seed = 2 });
        await first.PassAsync(TimeSpan.FromDays(1));
        await second.PassAsync(TimeSpan.FromDays(1));

        Assert.Equal(State(first.World), State(second.World));
        Assert.NotEqual(State(first.World), State(other.World));
    }

    [Fact]
    public async Task World_KilledAtEveryRecord_GoesOnToTheSameEnd()
    {
        var options = LabWorld.Small with { Groups = 6, M365 = 3 };
        using var folder = new TempFolder();
        string whole = await RunAsync(folder.File("whole"));
        string journal = Path.Combine(folder.File("whole"), "world.journal");
        long[] ends = await EndsAsync(journal);
        Assert.True(ends.Length > 40);

        // From the first record of the running world on; the making of a world is another test's.
        for (int i = ends.Length - 40; i < ends.Length; i++)
        {
            string again = folder.File($"cut{i}");
            Directory.CreateDirectory(again);
            byte[] bytes = await File.ReadAllBytesAsync(journal, Stop);
            await File.WriteAllBytesAsync(Path.Combine(again, "world.journal"), bytes[..(int)ends[i]], Stop);

            Assert.Equal(whole, await RunAsync(again));
        }

        async Task<string> RunAsync(string directory)
        {
            using var clock = VirtualClock.Open(directory);
            await using var world = await SimulatedWorld.OpenAsync(Path.Combine(directory, "world.journal"), clock, options);
            // Held to the end: without a hold the clock would run on while the world closes.
            _ = clock.Busy("test");
            await world.Connect.StartAsync();
            await clock.SleepUntilAsync(VirtualClock.Start + TimeSpan.FromHours(6), Stop);
            return State(world, runs: false);
        }
    }

    [Fact]
    public async Task World_KilledWhileItIsMade_IsMadeAgain()
    {
        using var folder = new TempFolder();
        string path = folder.File("world.journal");
        using var clock = VirtualClock.InMemory();
        string whole;
        await using (var world = await SimulatedWorld.OpenAsync(path, clock, LabWorld.Small)) { whole = State(world); }
        byte[] bytes = await File.ReadAllBytesAsync(path, Stop);

        foreach (int part in (int[])[2, 3, 5])
        {
            await File.WriteAllBytesAsync(path, bytes[..(bytes.Length / part)], Stop);
            await using var world = await SimulatedWorld.OpenAsync(path, clock, LabWorld.Small);
            Assert.Equal(whole, State(world));
        }
        await using var again = await SimulatedWorld.OpenAsync(path, clock, LabWorld.Small with { Groups = 1 });
        Assert.Equal(whole, State(again));
    }

    [Fact]
    public async Task Cycle_ThatRanWhenTheWorldWasClosed_EndsAtItsTime()
    {
        using var folder = new TempFolder();
        string path = folder.File("world.journal");
        DateTimeOffset ends;
        using (var clock = VirtualClock.Open(folder.Path))
        {
            await using var world = await SimulatedWorld.OpenAsync(path, clock, LabWorld.Small);
            // Held to the end: without a hold the clock would run on while the world closes.
            _ = clock.Busy("test");
            await world.Connect.StartAsync();
            await world.Connect.StartCycleAsync("AADC01", CyclePolicy.Initial);
            ends = world.Store.Read(() => world.Servers["AADC01"].Cycle!.EndsAt);
            await clock.SleepAsync(TimeSpan.FromMinutes(5), Stop);
        }

        using var later = VirtualClock.Open(folder.Path);
        await using var again = await SimulatedWorld.OpenAsync(path, later, LabWorld.Small);
        using var busy = later.Busy("test");
        await again.Connect.StartAsync();
        await later.SleepUntilAsync(ends - TimeSpan.FromSeconds(1), Stop);
        Assert.NotNull(again.Store.Read(() => again.Servers["AADC01"].Cycle));
        await later.SleepUntilAsync(ends, Stop);
        await later.SleepAsync(TimeSpan.FromTicks(1), Stop);

        Assert.Null(again.Store.Read(() => again.Servers["AADC01"].Cycle));
    }

    [Fact]
    public void SabotageName_OfEach_ParsesBack()
    {
        Assert.All(Enum.GetValues<Sabotage>(), s => Assert.Equal(s, SabotageName.Parse(SabotageName.Of(s))));
        Assert.Equal("late-gc-replication", SabotageName.Of(Sabotage.LateGcReplication));
        Assert.Null(SabotageName.Parse("NoStamp"));
    }

    static string State(SimulatedWorld world, bool runs = true) => world.Store.Read(() => JsonSerializer.Serialize(new object[]
    {
        world.Groups.Values, world.Principals.Values, world.Objects.Values, world.Servers.Values, world.ConnectorObjects.Values, runs ? world.Runs.Values : [], world.Tenant, world.ForestFacts,
    }));

    static async Task<long[]> EndsAsync(string journal)
    {
        // Frame: mark, length of the payload, checksum, offset; after the signature of eight bytes.
        byte[] bytes = await File.ReadAllBytesAsync(journal, Stop);
        var ends = new List<long>();
        for (long at = 8; at < bytes.Length;)
        {
            at += 20 + BitConverter.ToInt32(bytes, (int)at + 4);
            ends.Add(at);
        }
        return [.. ends];
    }
}
