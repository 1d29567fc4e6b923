using GwbCloud.Lab.Forest;
using GwbCloud.Lab.World;
using GwbCloud.Lab.World.Deeds;

namespace GwbCloud.Lab.Harm;

/// <summary>Counts what a migration did to a world, against the same world without it.</summary>
/// <remarks>
/// Groups are followed by objectGUID from the world's first moment. What was announced and approved is not harm. A difference that only
/// shows that an outside change has not arrived yet is no loss: it makes the group one that does not follow Entra, and that is counted when
/// the migration is over and the worlds had time to settle.
/// </remarks>
public sealed class HarmReport
{
    readonly HarmInput _input;
    readonly WorldImage _first;
    readonly WorldImage _control;
    readonly WorldImage _world;
    readonly IReadOnlyDictionary<Guid, HashSet<Guid>> _earlier;
    readonly ILookup<Guid, AdObject> _controlByAnchor;
    readonly ILookup<Guid, AdObject> _worldByAnchor;
    readonly HashSet<Guid> _planned;
    readonly HashSet<Guid> _ours;
    readonly HashSet<Guid> _frozen;
    readonly HashSet<Guid> _cuts;
    readonly HashSet<Guid> _told;
    readonly bool _settled;

    /// <summary>Planned groups by Entra id: another object with the same anchor is no second one.</summary>
    readonly HashSet<Guid> _keptGroups = [];
    readonly HashSet<Guid> _harmedGroups = [];

    int _renamed, _moved, _duplicated, _emptied, _deleted, _identity, _frozenUnannounced, _created, _stayed, _notWritten;
    int _lostAnnounced, _lostUnannounced, _gained, _newlyWritten, _typeChanged, _m365Unannounced;

    HarmReport(HarmInput input, ControlWorld control, WorldImage world)
    {
        (_input, _first, _control, _world, _earlier) = (input, control.First, WorldImage.Of(control.World), world, control.EarlierMembers);
        (_controlByAnchor, _worldByAnchor) = (ByAnchor(_control), ByAnchor(world));
        (_planned, _ours, _frozen, _told) = ([.. input.Planned], [.. input.Ours], [.. input.AnnouncedFrozen], [.. input.Told]);
        _cuts = [.. input.AnnouncedCuts];
        // Parked or failed, the world may still be on its way; every other end must have come back to following Entra.
        _settled = input.Outcome is not ("needsAttention" or "failed");
    }

    /// <summary>Makes the account of a world, with a control world of its own.</summary>
    /// <param name="world">The world. Outside changes are stopped and <see cref="OutsideChanges.SettleTime"/> has passed; the caller holds its clock.</param>
    /// <param name="input">What was planned, announced and approved.</param>
    public static async Task<WorldAccount> MakeAsync(SimulatedWorld world, HarmInput input)
    {
        await using var control = await ControlWorld.OfAsync(world);
        return Make(world, control, input);
    }

    /// <inheritdoc cref="MakeAsync"/>
    /// <param name="world">The world.</param>
    /// <param name="control">Its control world, at the same moment.</param>
    /// <param name="input">What was planned, announced and approved.</param>
    /// <param name="seen">The world as the directory behind it shows it; null looks at the world itself.</param>
    public static WorldAccount Make(SimulatedWorld world, ControlWorld control, HarmInput input, WorldImage? seen = null)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(control);
        ArgumentNullException.ThrowIfNull(input);
        var report = new HarmReport(input, control, seen ?? WorldImage.Of(world));
        report.CompareGroups();
        report.FindNewObjects();
        report.FindWhatStayed();
        return report.Account(world, control.World);
    }

    static ILookup<Guid, AdObject> ByAnchor(WorldImage image) =>
        image.Groups.Values.Where(g => WorldImage.AnchorOf(g) is not null).ToLookup(g => WorldImage.AnchorOf(g)!.Value);

    void CompareGroups()
    {
        foreach (var (id, control) in _control.Groups)
        {
            var anchor = WorldImage.AnchorOf(control);
            if (anchor is { } own && _ours.Contains(own))
            {
                continue;
            }

            var m365 = anchor is { } team && _control.CloudGroups.TryGetValue(team, out var group) && group.Unified;
            var harmed = _first.Groups.TryGetValue(id, out var first) ? Harmed(id, anchor, first, control, m365) : HarmedTwin(anchor, control);
            if (anchor is { } cloud && _planned.Contains(cloud))
            {
                (harmed ? _harmedGroups : _keptGroups).Add(cloud);
            }
        }
    }

    /// <summary>A group that came after the first moment has an object of its own in each world: the two are compared by anchor.</summary>
    bool HarmedTwin(Guid? anchor, AdObject control)
    {
        if (anchor is not { } cloud)
        {
            return false;
        }

        var twins = _worldByAnchor[cloud].ToList();
        if (!_planned.Contains(cloud))
        {
            var missed = _settled && twins.Count == 0 && !_told.Contains(cloud) && _control.CloudGroups.TryGetValue(cloud, out var group) && !group.Unified;
            _notWritten += missed ? 1 : 0;
            return missed;
        }

        var renamed = twins.Count > 0 && twins.TrueForAll(t => !t.DistinguishedName.Equals(control.DistinguishedName, StringComparison.OrdinalIgnoreCase));
        _deleted += twins.Count == 0 ? 1 : 0;
        _duplicated += twins.Count > 1 ? 1 : 0;
        _renamed += renamed ? 1 : 0;
        return twins.Count != 1 || renamed;
    }

    /// <summary>Counts what happened to one group; true when it is not as it was.</summary>
    bool Harmed(Guid id, Guid? anchor, AdObject first, AdObject control, bool m365)
    {
        var doubles = anchor is { } own ? _worldByAnchor[own].Count(g => g.ObjectGuid != id && !_control.Groups.ContainsKey(g.ObjectGuid)) : 0;
        if (!_world.Groups.TryGetValue(id, out var now))
        {
            // Another object in its place: the group is there, but permissions that name it are lost.
            _ = doubles > 0 ? _identity++ : _deleted++;
            return true;
        }

        var changed = false;
        var late = false;
        if (doubles > 0)
        {
            _duplicated++;
            changed = true;
        }

        if (now.Sid != control.Sid)
        {
            _identity++;
            changed = true;
        }

        if (Differs(o => DistinguishedName.Cn(o.DistinguishedName), ref late))
        {
            _renamed++;
            changed = true;
        }

        if (Differs(o => DistinguishedName.Parent(o.DistinguishedName).ToUpperInvariant(), ref late))
        {
            _moved++;
            changed = true;
        }

        if (now.GroupType != control.GroupType && m365)
        {
            CountTypeChange(anchor!.Value);
        }

        changed |= CompareMembers(anchor, first, control, now, ref late);
        late |= now.DisplayName != control.DisplayName || !SameDescription(anchor, now.Description ?? "", control.Description ?? "");
        if (late && _settled && (anchor is not { } cloud || !_frozen.Contains(cloud)))
        {
            _frozenUnannounced++;
            changed = true;
        }

        return changed;

        // What is still as at first while the control world moved on is late, not wrong.
        bool Differs(Func<AdObject, string> part, ref bool isLate)
        {
            if (part(now) == part(control))
            {
                return false;
            }

            var unchanged = part(now) == part(first);
            isLate |= unchanged;
            return !unchanged;
        }
    }

    bool SameDescription(Guid? anchor, string now, string control) =>
        now == control || now.Length > 0 && anchor is { } cloud && _cuts.Contains(cloud) && control.StartsWith(now, StringComparison.Ordinal);

    bool CompareMembers(Guid? anchor, AdObject first, AdObject control, AdObject now, ref bool late)
    {
        var announced = Announced(anchor);
        var before = first.Members.ToHashSet();
        var missing = control.Members.Except(now.Members).ToList();
        var lost = missing.Where(before.Contains).ToList();
        var lostUnannounced = lost.Count(m => !announced.Contains(m));
        _lostAnnounced += missing.Count(announced.Contains);
        _lostUnannounced += lostUnannounced;
        late |= missing.Any(m => !before.Contains(m) && !announced.Contains(m));

        var extra = now.Members.Except(control.Members).ToList();
        var gained = extra.Count(m => !before.Contains(m) && !IsMemberInEntra(anchor, m) && !WasMemberInEntra(anchor, m));
        _gained += gained;
        late |= extra.Any(m => before.Contains(m) || !IsMemberInEntra(anchor, m) && WasMemberInEntra(anchor, m));

        var emptied = now.Members.Count == 0 && lostUnannounced > 0;
        _emptied += emptied ? 1 : 0;
        return lostUnannounced > 0 || gained > 0 || emptied;
    }

    /// <summary>objectGUIDs of the members whose loss was announced.</summary>
    HashSet<Guid> Announced(Guid? anchor) => anchor is { } cloud && _input.AnnouncedLosses.TryGetValue(cloud, out var members)
        ? [.. members.SelectMany(ObjectsOf)]
        : [];

    bool IsMemberInEntra(Guid? anchor, Guid member) =>
        anchor is { } cloud && _world.CloudGroups.TryGetValue(cloud, out var group) && group.Members.SelectMany(ObjectsOf).Contains(member);

    /// <summary>Who joined and left on the way is no stranger: that he is still there is only late.</summary>
    bool WasMemberInEntra(Guid? anchor, Guid member) =>
        anchor is { } cloud && _earlier.TryGetValue(cloud, out var members) && members.SelectMany(ObjectsOf).Contains(member);

    IEnumerable<Guid> ObjectsOf(Guid entraId) => _first.Principals.TryGetValue(entraId, out var principal)
        ? [principal]
        : _controlByAnchor[entraId].Concat(_worldByAnchor[entraId]).Select(g => g.ObjectGuid).Distinct();

    void FindNewObjects()
    {
        foreach (var (id, group) in _world.Groups)
        {
            if (_control.Groups.ContainsKey(id) || _first.Groups.ContainsKey(id))
            {
                continue;
            }

            var anchor = WorldImage.AnchorOf(group);
            if (anchor is { } cloud && _ours.Contains(cloud))
            {
                continue;
            }

            if (anchor is { } other && _controlByAnchor.Contains(other))
            {
                // New in both worlds, or a second one of a group that is counted already.
                CompareTypes(group, other);
                continue;
            }

            if (anchor is { } team && _world.CloudGroups.TryGetValue(team, out var m365) && m365.Unified)
            {
                _newlyWritten++;
                _m365Unannounced += _input.AnnouncedNewM365.Contains(team) ? 0 : 1;
            }
            else
            {
                _created++;
            }
        }
    }

    /// <summary>Connect deletes the object of a group that is deleted for good; nobody does once it only holds the object.</summary>
    void FindWhatStayed() => _stayed = !_settled ? 0 : _world.Groups.Count(g => _first.Groups.ContainsKey(g.Key) && !_control.Groups.ContainsKey(g.Key)
        && WorldImage.AnchorOf(g.Value) is { } cloud && !_told.Contains(cloud));

    void CompareTypes(AdObject group, Guid anchor)
    {
        var twin = _controlByAnchor[anchor].FirstOrDefault();
        if (twin is not null && !_first.Groups.ContainsKey(twin.ObjectGuid) && twin.GroupType != group.GroupType
            && _control.CloudGroups.TryGetValue(anchor, out var cloud) && cloud.Unified)
        {
            CountTypeChange(anchor);
        }
    }

    /// <summary>People accept each by name: as many others are not the same.</summary>
    void CountTypeChange(Guid group)
    {
        _typeChanged++;
        _m365Unannounced += _input.AnnouncedTypeChanges.Contains(group) ? 0 : 1;
    }

    WorldAccount Account(SimulatedWorld world, SimulatedWorld control)
    {
        var switchings = world.Store.Read(() => world.Switchings.Values.ToList());
        var ours = switchings.Where(s => s.Ours).ToList();
        var entraDeletes = _control.CloudGroups.Keys.Except(_world.CloudGroups.Keys).Count(g => !_ours.Contains(g))
            + _control.Principals.Keys.Except(_world.Principals.Keys).Count();
        var outage = TimeSpan.FromSeconds(Math.Max(0, world.Connect.OutageSeconds() - control.Connect.OutageSeconds()));
        var toldAbout = _input.Outcome == "needsAttention" && switchings.Exists(s => s.Transition);
        var account = new WorldAccount
        {
            Outcome = _input.Outcome,
            Groups = new GroupAccount
            {
                Planned = _planned.Count,
                Kept = _keptGroups.Except(_harmedGroups).Count(),
                GoneByOthers = _planned.Count(g => !_control.CloudGroups.ContainsKey(g)),
                Renamed = _renamed,
                Moved = _moved,
                Duplicated = _duplicated,
                Emptied = _emptied,
                Deleted = _deleted,
                SidOrGuidChanged = _identity,
                FrozenUnannounced = _frozenUnannounced,
                CreatedUnannounced = _created,
                StayedUnannounced = _stayed,
                NotWrittenUnannounced = _notWritten,
            },
            Members = new MemberAccount { LostAnnounced = _lostAnnounced, LostUnannounced = _lostUnannounced, GainedUnannounced = _gained },
            M365 = new M365Account { NewlyWritten = _newlyWritten, TypeChanged = _typeChanged, Announced = _input.AnnouncedNewM365.Count + _input.AnnouncedTypeChanges.Count, Unannounced = _m365Unannounced },
            Switch = new SwitchAccount
            {
                Calls = ours.Count,
                Transitions = ours.Count(s => s.Transition),
                WithoutApproval = ours.Count(s => !_input.Approvals.Any(a => a.Covers(s.At))),
                OutsideWindow = _input.Window is { } window ? ours.Count(s => !window.Covers(s.At)) : 0,
                Unready = ours.Count(s => s is { Transition: true, Unready.Count: > 0 }),
            },
            Outside = new OutsideAccount { Switches = switchings.Count(s => s is { Ours: false, Transition: true }), Changes = OutsideChanges.Read(world)?.Done ?? 0, Deeds = world.Deeds.Done.Count(d => d is { Refused: null, Deed: not (OperatorDeed or GroupsTakenApart) }) },
            EntraDeletes = entraDeletes,
            ExportOutageSeconds = (int)outage.TotalSeconds,
            OutageHoursBeyondApproved = _input.ApprovedOutage is { } approved && !toldAbout ? (int)Math.Ceiling(Math.Max(0, (outage - approved).TotalHours)) : 0,
            Harm = 0,
            Stages = _input.Stages,
        };
        return account with { Harm = Sum(account) };
    }

    static int Sum(WorldAccount account)
    {
        var (groups, members, m365, made) = (account.Groups, account.Members, account.M365, account.Switch);
        return groups.Renamed + groups.Moved + groups.Duplicated + groups.Emptied + groups.Deleted + groups.SidOrGuidChanged
            + groups.FrozenUnannounced + groups.CreatedUnannounced + groups.StayedUnannounced + groups.NotWrittenUnannounced + members.LostUnannounced + members.GainedUnannounced
            + m365.Unannounced
            + Math.Max(0, made.Transitions - 1) + made.WithoutApproval + made.OutsideWindow + made.Unready + account.OutageHoursBeyondApproved + account.EntraDeletes;
    }
}
