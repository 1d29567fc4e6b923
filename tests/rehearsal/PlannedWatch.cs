using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>Listens to the world's tables from the start: what was there for a moment only is seen too.</summary>
sealed class PlannedWatch(IRehearsalView inner, Action<LabHost>? started = null, Action<LabPerson, string>? said = null) : IRehearsalView
{
    readonly Lock _lock = new();
    readonly HashSet<Guid> _assigned = [], _written = [], _created = [], _stamped = [], _stampedTwice = [];

    /// <summary>Planned groups that were ever assigned to an enterprise application.</summary>
    public int EverAssigned => Count(_assigned);

    /// <summary>Planned groups that a provisioning job ever changed in Active Directory.</summary>
    public int EverWritten => Count(_written);

    /// <summary>Planned groups for which Cloud Sync ever made an object: each a duplicate, or a new group in place of the one that was there.</summary>
    public int EverCreated => Count(_created);

    /// <summary>Objects of the world's beginning whose anchor was ever set.</summary>
    public int EverStamped => Count(_stamped);

    /// <summary>Those whose anchor was set more than once.</summary>
    public int StampedTwice => Count(_stampedTwice);

    public void Started(LabHost host)
    {
        var world = host.World;
        Dictionary<string, Guid> planned = world.Store.Read(() => world.Groups.Values
            .Where(g => g is { WritebackEnabled: true, Unified: false, OnPremisesSynced: false }).ToDictionary(g => g.Anchor, g => g.Id, StringComparer.Ordinal));
        HashSet<Guid> ids = [.. planned.Values];
        world.Assignments.Changed += (_, _, after) => Note(_assigned, after is not null && ids.Contains(after.GroupId) ? after.GroupId : null);
        world.ProvisioningLog.Changed += (_, _, after) => Note(_written, after is { Status: "success" } && ids.Contains(after.GroupId) ? after.GroupId : null);
        world.Objects.Changed += (_, before, after) =>
            Note(_created, before is null && after is { MadeBy: "cloudSync", ExternalDirectoryObjectId: { } anchor } && planned.TryGetValue(anchor, out var id) ? id : null);
        world.Objects.Changed += (_, before, after) =>
        {
            if (before is null || after is not { ExternalDirectoryObjectId: { Length: > 0 } anchor, ObjectGuid: var id } || before.ExternalDirectoryObjectId == anchor) { return; }
            lock (_lock)
            {
                if (!_stamped.Add(id)) { _stampedTwice.Add(id); }
            }
        };
        started?.Invoke(host);
        inner.Started(host);
    }

    public void Said(LabPerson who, string what)
    {
        said?.Invoke(who, what);
        inner.Said(who, what);
    }

    public void Assessed(AssessmentOutcome outcome) => inner.Assessed(outcome);

    public void Saw(MigrationView view) => inner.Saw(view);

    public Task EndedAsync(RehearsalResult result) => inner.EndedAsync(result);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    void Note(HashSet<Guid> of, Guid? group)
    {
        if (group is not { } id) { return; }
        lock (_lock) { of.Add(id); }
    }

    int Count(HashSet<Guid> of)
    {
        lock (_lock) { return of.Count; }
    }
}
