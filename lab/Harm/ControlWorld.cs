using GwbCloud.Lab.CloudSync;
using GwbCloud.Lab.Time;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Harm;

/// <summary>The same company without the migration: same seed, same outside changes, the same moment.</summary>
public sealed class ControlWorld : IAsyncDisposable
{
    readonly VirtualClock _clock;
    readonly OutsideChanges? _outside;

    /// <summary>Runs what ran before anybody thought of a migration.</summary>
    readonly CloudSyncEngine _cloudSync;

    ControlWorld(SimulatedWorld world, VirtualClock clock, OutsideChanges? outside, CloudSyncEngine cloudSync, WorldImage first, IReadOnlyDictionary<Guid, HashSet<Guid>> earlier)
    {
        (World, _clock, _outside, _cloudSync, First, EarlierMembers) = (world, clock, outside, cloudSync, first, earlier);
    }

    public SimulatedWorld World { get; }

    /// <summary>Who was ever a member in Entra of a group that changed, by the group's id.</summary>
    public IReadOnlyDictionary<Guid, HashSet<Guid>> EarlierMembers { get; }

    /// <summary>The world as it was made, before anything happened in it.</summary>
    public WorldImage First { get; }

    /// <summary>Makes the control world of a world and brings it to the same moment.</summary>
    /// <param name="world">The world; nothing may happen in it meanwhile, so the caller holds its clock.</param>
    /// <param name="byHand">What somebody does by hand in the control world, each at its moment, in their order.</param>
    public static async Task<ControlWorld> OfAsync(SimulatedWorld world, params IReadOnlyList<(DateTimeOffset At, Action<SimulatedWorld, WorldChange> Do)> byHand)
    {
        ArgumentNullException.ThrowIfNull(world);
        var outside = OutsideChanges.Read(world);
        var start = outside?.StartedAt ?? VirtualClock.Start;
        var clock = VirtualClock.InMemory(start);
        using var hold = clock.Busy("control world");
        var control = await SimulatedWorld.OpenAsync(path: null, clock, world.Options, world.Directory?.Unattended());
        var first = WorldImage.Of(control);
        var earlier = new Dictionary<Guid, HashSet<Guid>>();
        control.Groups.Changed += (key, before, after) =>
        {
            var id = Guid.Parse(key);
            if (!earlier.TryGetValue(id, out var members)) { earlier.Add(id, members = []); }
            members.UnionWith([.. before?.Members ?? [], .. after?.Members ?? []]);
        };
        var cloudSync = new CloudSyncEngine(control);
        var changes = outside is null ? null : await OutsideChanges.StartAsync(control, new OutsideOptions { PerDay = outside.PerDay }, outside.Done);
        await control.Deeds.RepeatAsync(world.Deeds.Done);
        await control.Connect.StartAsync();
        foreach (var (at, act) in byHand)
        {
            await clock.SleepUntilAsync(at, CancellationToken.None);
            await control.Store.ChangeAsync(change => act(control, change));
        }

        await clock.SleepUntilAsync(world.Clock.GetUtcNow(), CancellationToken.None);
        return new ControlWorld(control, clock, changes, cloudSync, first, earlier);
    }

    public async ValueTask DisposeAsync()
    {
        _outside?.Dispose();
        _cloudSync.Dispose();
        await World.DisposeAsync();
        _clock.Dispose();
    }
}
