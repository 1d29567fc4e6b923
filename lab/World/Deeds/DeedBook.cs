using System.Globalization;
using GwbCloud.Lab.Forest;

namespace GwbCloud.Lab.World.Deeds;

/// <summary>Which moments of its story a world has reached, and which deeds are due or done; and who is away.</summary>
/// <remarks>
/// A deed and its note are one record of the journal, so that none is lost or doubled by a kill. A world without deeds and absences keeps no
/// book at all.
/// </remarks>
public sealed class DeedBook : IDisposable
{
    readonly SimulatedWorld _world;
    readonly IReadOnlyList<PlannedDeed> _planned;
    readonly IReadOnlyList<Absence> _absences;
    readonly Table<DeedRecord> _deeds;
    readonly Table<ReachedMoment> _reached;
    readonly ITimer _timer;

    /// <summary>The control world repeats, and plans nothing.</summary>
    bool _repeats;

    internal DeedBook(SimulatedWorld world)
    {
        _world = world;
        var options = world.Options;
        _planned = [.. options.Deeds, .. options.Sabotage.SelectMany(SabotageStory.Deeds)];
        _absences = [.. options.Absences, .. options.Sabotage.SelectMany(SabotageStory.Absences)];
        _deeds = world.Store.Table<DeedRecord>("deeds");
        _reached = world.Store.Table<ReachedMoment>("moments");
        _timer = world.Clock.CreateTimer(_ => DoDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether anybody waits for a moment; nobody needs to be told of moments otherwise.</summary>
    public bool HasPlans => !_repeats && _planned.Count + _absences.Count > 0;

    /// <summary>Whether the story itself says what the operator does at the migration: then he does nothing of it on his own.</summary>
    public bool DirectsOperator => !_repeats && _planned.Any(p => p.Does is OperatorDeed);

    /// <summary>What has been done, in order; what only waited is left out.</summary>
    public IReadOnlyList<DeedRecord> Done => _world.Store.Read(() => _deeds.Values.Where(d => d is { DoneAt: not null, Waited: false }).OrderBy(d => d.DoneAt).ToList());

    /// <summary>The operator has something to do now. Whoever listens is called within a hold of the clock.</summary>
    internal event Action? Asked;

    /// <summary>What the operator was to do at the migration by now, the earliest first, whether he has or not.</summary>
    internal IReadOnlyList<AskedDeed> AskedSoFar => !HasPlans ? [] : _world.Store.Read(() => _deeds.Keys
        .Select(key => (Key: key, Row: _deeds[key]))
        .Where(d => d.Row is { DoneAt: not null, Deed: OperatorDeed })
        .OrderBy(d => d.Row.DoneAt)
        .Select(d => new AskedDeed { Key = $"deed {d.Key}", Deed = (OperatorDeed)d.Row.Deed })
        .ToList());

    /// <summary>The story begins, or goes on after a restart. The caller has a hold of the clock.</summary>
    public async Task StartAsync()
    {
        await ReachAsync(MomentKind.StoryBegins);
        Arm();
    }

    /// <summary>A moment is reached: what is due at once is done before this returns. Reaching it again changes nothing.</summary>
    /// <param name="at">What.</param>
    /// <param name="of">Which, as <see cref="Moment.Of"/> says.</param>
    public async Task ReachAsync(MomentKind at, string? of = null)
    {
        string key = Moment.KeyOf(at, of);
        if (!HasPlans || !_planned.Any(p => p.When.Key == key) && !_absences.Any(a => a.From.Key == key) || _world.Store.Read(() => _reached.Find(key)) is not null) { return; }
        await _world.Store.ChangeAsync(change =>
        {
            _reached.Put(change, key, new ReachedMoment { At = Now });
            foreach (var (number, plan) in _planned.Index())
            {
                if (plan.When.Key == key) { _deeds.Put(change, string.Create(CultureInfo.InvariantCulture, $"{number:D3}"), new DeedRecord { Deed = plan.Does, DueAt = Now.AddMinutes(plan.When.Minutes) }); }
            }
            DoDue(change);
        });
        Arm();
        Asked?.Invoke();
    }

    /// <summary>Somebody does a deed now because a task asks for it. The same key again does nothing: a kill may have come before the note of it.</summary>
    public async Task DoAsync(string key, Deed deed) => await _world.Store.ChangeAsync(change =>
    {
        if (_deeds.Find(key) is null) { _deeds.Put(change, key, new DeedRecord { Deed = deed, DueAt = Now, DoneAt = Now, Refused = Do(deed, change).Refused }); }
    });

    /// <summary>Whether somebody is away now.</summary>
    public bool IsAway(LabRole who) => _absences.Any(a => a.Who == who) && _world.Store.Read(() => _absences.Any(a => a.Who == who
        && _reached.Find(a.From.Key) is { } reached
        && Now - reached.At.AddMinutes(a.From.Minutes) is var gone && gone >= TimeSpan.Zero && (a.Minutes is null || gone < TimeSpan.FromMinutes(a.Minutes.Value))));

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    /// <summary>Does again what was done in another world, each deed at its moment.</summary>
    internal async Task RepeatAsync(IReadOnlyList<DeedRecord> done)
    {
        _repeats = true;
        await _world.Store.ChangeAsync(change =>
        {
            foreach (var (number, deed) in done.Where(d => d.Deed.InControl && d.Refused is null).Index())
            {
                _deeds.Put(change, string.Create(CultureInfo.InvariantCulture, $"{number:D5}"), new DeedRecord { Deed = deed.Deed, DueAt = deed.DoneAt!.Value });
            }
            // At once, like the first time: a timer of this very moment would leave open whether it comes before whoever looks next.
            DoDue(change);
        });
        Arm();
    }

    DateTimeOffset Now => _world.Clock.GetUtcNow();

    void Arm()
    {
        var next = _world.Store.Read(() => _deeds.Values.Where(d => d.DoneAt is null).Min(d => (DateTimeOffset?)d.DueAt));
        _timer.Change(next is { } due ? TimeSpan.FromTicks(Math.Max(0, (due - Now).Ticks)) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    // On the clock's own thread, to the end: a deed that fails must stop the rehearsal, not vanish in a task that nobody awaits.
    void DoDue()
    {
        using var hold = _world.Clock.Busy("a deed");
        _world.Store.ChangeAsync(DoDue).AsTask().GetAwaiter().GetResult();
        Arm();
        Asked?.Invoke();
    }

    void DoDue(WorldChange change)
    {
        while (_deeds.Keys.FirstOrDefault(k => _deeds[k] is { DoneAt: null } d && d.DueAt <= Now) is { } key)
        {
            var due = _deeds[key];
            var result = Do(due.Deed, change);
            _deeds.Put(change, key, due with { DoneAt = Now, Refused = result.Refused, Waited = result.Waits });
            if (result.Next is { } next && !_repeats)
            {
                _deeds.Put(change, $"{key}.", new DeedRecord { Deed = next, DueAt = Now + _world.Connect.Scaled(result.After) });
            }
        }
    }

    DeedResult Do(Deed deed, WorldChange change)
    {
        try
        {
            return deed.Do(_world, change);
        }
        catch (ForestException e)
        {
            return DeedResult.Refuse(e.Message);
        }
    }
}
