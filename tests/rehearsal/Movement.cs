using GwbCloud.Lab.CloudSync;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;
using GwbCloud.Lab.World.Deeds;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>What moved in a world and when: cycles of Connect, its scheduler, the job that migrates, and how many groups it had taken over.</summary>
sealed class Movement
{
    /// <summary>A listener, a cycle and the job are told one after the other.</summary>
    static readonly TimeSpan TimeToStop = TimeSpan.FromMinutes(10);

    readonly List<Moved> _moved = [];
    readonly Lock _lock = new();
    LabHost? _host;
    int _taken;

    /// <summary>Listens from the world's first moment on; for <see cref="Rehearsed.RunAsync"/>.</summary>
    public void Started(LabHost host)
    {
        _host = host;
        host.World.Servers.Changed += (_, before, after) =>
        {
            if (before?.Cycle != after?.Cycle) { Note(); }
        };
        host.World.Jobs.Changed += (_, _, after) =>
        {
            _taken = Math.Max(_taken, after?.LastEntitled ?? 0);
            Note();
        };
        host.World.Store.Table<TenantState>("tenant").Changed += (_, _, _) => Note();
        host.World.Store.Read(() => { Note(); return true; });
    }

    /// <summary>When the operator did what a story planned for him.</summary>
    public DateTimeOffset At<TDeed>()
        where TDeed : OperatorDeed => _host!.World.Deeds.Done.Single(d => d.Deed is TDeed).DoneAt!.Value;

    /// <summary>What is under way at a moment.</summary>
    public IReadOnlyList<string> Of(DateTimeOffset moment) => Last(moment)?.What ?? [];

    /// <summary>Groups that Cloud Sync had taken over by a moment.</summary>
    public int TakenOverBy(DateTimeOffset moment) => Last(moment)?.TakenOver ?? 0;

    /// <summary>Something moved when the operator stopped it, and nothing from soon after until a moment.</summary>
    public void AssertAtRestAfterStop(DateTimeOffset until, params IEnumerable<string> moving)
    {
        var stopped = At<StopPressed>();
        Assert.Superset(moving.ToHashSet(), Of(stopped).ToHashSet());
        var from = stopped + TimeToStop;
        Assert.True(from < until, $"stopped at {stopped:u}, and looked at until {until:u}");
        Assert.Empty(Of(from));
        lock (_lock) { Assert.All(_moved.Where(m => m.At > from && m.At < until), m => Assert.Empty(m.What)); }
        Assert.Equal(TakenOverBy(from), TakenOverBy(until));
    }

    /// <summary>What was under way when the operator stopped it ended at once, each for a moment at least; what moves then is the way back's.</summary>
    public void AssertBrokenOff(params IEnumerable<string> moving)
    {
        var stopped = At<StopPressed>();
        Assert.Superset(moving.ToHashSet(), Of(stopped).ToHashSet());
        lock (_lock)
        {
            Assert.All(moving, what => Assert.Contains(_moved, m => m.At > stopped && m.At <= stopped + TimeSpan.FromMinutes(1) && !m.What.Contains(what)));
        }
    }

    /// <summary>Called within a change of the world.</summary>
    void Note()
    {
        var world = _host!.World;
        List<string> what =
        [
            .. world.Servers.Values.Where(s => s.Cycle is not null).Select(s => $"cycle {s.Name}"),
            .. world.Jobs.Values.Where(j => j is { Started: true, TemplateId: CloudSyncEngine.JobTemplate }).Select(_ => "job"),
            .. world.Tenant.SyncCycleEnabled ? ["scheduler"] : Array.Empty<string>(),
        ];
        lock (_lock) { _moved.Add(new Moved { At = world.Clock.GetUtcNow(), What = what, TakenOver = _taken }); }
    }

    Moved? Last(DateTimeOffset moment)
    {
        lock (_lock) { return _moved.LastOrDefault(m => m.At <= moment); }
    }

    sealed record Moved
    {
        public required DateTimeOffset At { get; init; }
        public required IReadOnlyList<string> What { get; init; }
        public required int TakenOver { get; init; }
    }
}
