using System.Globalization;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Harm;

/// <summary>How much others change while the migration runs.</summary>
public sealed record OutsideOptions
{
    /// <summary>Mean number of changes a day; 0 is none.</summary>
    public double PerDay { get; init; } = 8;
}

/// <summary>
/// What goes on in the company whatever the migration does: people join and leave groups, descriptions change, a team is founded, somebody
/// edits a user in Active Directory.
/// </summary>
/// <remarks>
/// A schedule in virtual time with a random stream of its own. What the n-th change is depends on seed and n and on the tenant alone, which the
/// migration does not alter, so it is the same in the world and in its control world. Each change and its number are one record of the
/// journal, so that none is lost or doubled by a kill.
/// </remarks>
public sealed class OutsideChanges : IDisposable
{
    const string Only = "only";

    readonly SimulatedWorld _world;
    readonly Table<OutsideState> _table;
    readonly ITimer _timer;
    readonly int _last;

    OutsideChanges(SimulatedWorld world, int last)
    {
        (_world, _last) = (world, last);
        _table = Table(world);
        _timer = world.Clock.CreateTimer(_ => Begin(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// How long outside changes go on after a migration's end: longer than the longest time in which nobody looks, so that how many there are
    /// follows from the end and not from when people learn of it.
    /// </summary>
    public static TimeSpan GoOnTime { get; } = TimeSpan.FromHours(2);

    /// <summary>How long both worlds are left alone before they are compared: time for every engine to carry over the last change.</summary>
    public static TimeSpan SettleTime { get; } = TimeSpan.FromHours(3);

    /// <summary>Starts the schedule, or goes on with the one of the journal.</summary>
    /// <param name="world">Where the changes happen.</param>
    /// <param name="options">Null is the default rate.</param>
    /// <param name="last">Number of changes after which it ends: the control world stops where the world did.</param>
    public static async Task<OutsideChanges> StartAsync(SimulatedWorld world, OutsideOptions? options = null, int last = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(world);
        var changes = new OutsideChanges(world, last);
        await world.Store.ChangeAsync(change =>
        {
            if (changes._table.Find(Only) is null)
            {
                var now = world.Clock.GetUtcNow();
                var state = new OutsideState { StartedAt = now, NextAt = now, PerDay = (options ?? new()).PerDay };
                changes._table.Put(change, Only, state with { NextAt = now + changes.Distance(state, 0) });
            }
        });
        changes.Schedule();
        return changes;
    }

    /// <summary>What the schedule has done so far; null when it never started.</summary>
    public static OutsideState? Read(SimulatedWorld world)
    {
        ArgumentNullException.ThrowIfNull(world);
        return world.Store.Read(() => Table(world).Find(Only));
    }

    /// <summary>Ends the schedule for good after a moment; a restart does not revive it.</summary>
    /// <param name="until">The last moment of a change; null is now.</param>
    public async Task StopAsync(DateTimeOffset? until = null)
    {
        await _world.Store.ChangeAsync(change => _table.Put(change, Only, _table[Only] with { Until = until ?? _world.Clock.GetUtcNow() }));
        Schedule();
    }

    public void Dispose() => _timer.Dispose();

    static Table<OutsideState> Table(SimulatedWorld world) => world.Store.Table<OutsideState>("outside");

    void Schedule()
    {
        var state = Read(_world)!;
        var wait = state.NextAt - _world.Clock.GetUtcNow();
        _timer.Change(IsOver(state) ? Timeout.InfiniteTimeSpan : wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    // On the clock's own thread, to the end: a change that fails must stop the rehearsal, not vanish in a task that nobody awaits.
    void Begin()
    {
        using var hold = _world.Clock.Busy("outside change");
        ApplyNextAsync().GetAwaiter().GetResult();
        Schedule();
    }

    async Task ApplyNextAsync() => await _world.Store.ChangeAsync(change =>
    {
        var state = _table[Only];
        if (IsOver(state) || state.NextAt > _world.Clock.GetUtcNow())
        {
            return;
        }

        var touched = Do(change, state.Done);
        _table.Put(change, Only, state with
        {
            Done = state.Done + 1,
            NextAt = state.NextAt + Distance(state, state.Done + 1),
            Touched = touched is { } group && !state.Touched.Contains(group) ? [.. state.Touched, group] : state.Touched,
        });
    });

    bool IsOver(OutsideState state) => state.NextAt > state.Until || state.Done >= _last || state.PerDay <= 0;

    // From half to one and a half times the mean.
    TimeSpan Distance(OutsideState state, int number) =>
        state.PerDay <= 0 ? TimeSpan.Zero : TimeSpan.FromDays(1 / state.PerDay) * (0.5 + Roll(number, "distance", 1000) / 1000.0);

    int Roll(int number, string what, int limit) => _world.Random.Next($"outside.{what}", number.ToString(CultureInfo.InvariantCulture), limit);

    /// <summary>The n-th change; the cloud group that it touched, if it was one.</summary>
    Guid? Do(WorldChange change, int number) => Roll(number, "kind", 100) switch
    {
        < 40 => ChangeGroup(change, number, Join),
        < 70 => ChangeGroup(change, number, Leave),
        < 85 => ChangeGroup(change, number, (group, n) => group with { Description = $"Reviewed, note {n}" }),
        < 92 => FoundTeam(change, number),
        _ => EditUser(change, number),
    };

    Guid? ChangeGroup(WorldChange change, int number, Func<CloudGroup, int, CloudGroup> edit)
    {
        var groups = _world.Groups.Values
            .Where(g => g is { DeletedAt: null, SecurityEnabled: true, MailEnabled: false, OnPremisesSynced: false, WritebackEnabled: true }).ToList();
        if (groups.Count == 0)
        {
            return null;
        }

        var group = groups[Roll(number, "group", groups.Count)];
        _world.Groups.Put(change, group.Id, edit(group, number));
        return group.Id;
    }

    CloudGroup Join(CloudGroup group, int number)
    {
        var users = Users();
        var user = users.Count == 0 ? (Guid?)null : users[Roll(number, "user", users.Count)].Id;
        return user is null || group.Members.Contains(user.Value) ? group : group with { Members = [.. group.Members, user.Value] };
    }

    // The last one stays: a group that empties by itself would look like one that was emptied.
    CloudGroup Leave(CloudGroup group, int number)
    {
        var users = group.Members.Where(m => _world.Principals.Find(m) is { Kind: PrincipalKind.User, ObjectGuid: not null }).ToList();
        return users.Count < 2 ? group : group with { Members = [.. group.Members.Where(m => m != users[Roll(number, "leaver", users.Count)])] };
    }

    Guid? FoundTeam(WorldChange change, int number)
    {
        var id = _world.Random.Id("outside.team", number.ToString(CultureInfo.InvariantCulture));
        _world.Groups.Put(change, id, new CloudGroup
        {
            Id = id,
            DisplayName = string.Create(CultureInfo.InvariantCulture, $"New team {number:d4}"),
            SecurityEnabled = false,
            MailEnabled = true,
            Unified = true,
            WritebackEnabled = _world.Tenant.WritebackOfNewTeams,
            Mail = string.Create(CultureInfo.InvariantCulture, $"new.team.{number:d4}@{_world.Tenant.Domain}"),
            Members = [.. Users().Take(3).Select(u => u.Id)],
        });
        return null;
    }

    Guid? EditUser(WorldChange change, int number)
    {
        var users = Users();
        if (users.Count > 0 && users[Roll(number, "edited", users.Count)].ObjectGuid is { } user && _world.Forest.Find(user) is not null)
        {
            _world.Forest.Update(change, user, o => o with { Description = string.Create(CultureInfo.InvariantCulture, $"Moved desk, note {number}") });
        }

        return null;
    }

    List<CloudPrincipal> Users() => _world.Principals.Values.Where(p => p is { Kind: PrincipalKind.User, ObjectGuid: not null }).ToList();
}

/// <summary>How far the schedule is.</summary>
public sealed record OutsideState
{
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset NextAt { get; init; }
    public required double PerDay { get; init; }
    public int Done { get; init; }

    /// <summary>The last moment of a change, once somebody has set an end.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Cloud groups that a change touched.</summary>
    public IReadOnlyList<Guid> Touched { get; init; } = [];
}
