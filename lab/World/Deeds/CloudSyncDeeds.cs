using GwbCloud.Lab.CloudSync;
using GwbCloud.Lab.Tenant;

namespace GwbCloud.Lab.World.Deeds;

/// <summary>Starts or pauses in the portal the newest configuration of Cloud Sync to Active Directory.</summary>
public sealed record JobSet : Deed
{
    public required bool Started { get; init; }

    internal override DeedResult Do(SimulatedWorld world, WorldChange change) => PortalDesk.Edit(world, change, job => job.Started == Started ? job : job with
    {
        Started = Started,
        NextCycleAt = Started ? world.Clock.GetUtcNow() + CloudSyncEngine.FirstCycle : null,
    });
}

/// <summary>Chooses "All security groups" in the scoping filters of that configuration.</summary>
public sealed record ScopeSetToAll : Deed
{
    internal override DeedResult Do(SimulatedWorld world, WorldChange change) =>
        PortalDesk.Edit(world, change, job => job with { Secrets = new Dictionary<string, string>(job.Secrets) { ["SyncAll"] = "true" }, NeedsInitial = true });
}

/// <summary>Assigns groups to that configuration, or takes assignments away.</summary>
public sealed record GroupsAssigned : Deed
{
    /// <summary>As <see cref="SeededName"/> reads them.</summary>
    public required IReadOnlyList<string> Groups { get; init; }
    public bool Taken { get; init; }

    internal override IEnumerable<string> NamedGroups => Groups;

    internal override DeedResult Do(SimulatedWorld world, WorldChange change)
    {
        if (PortalDesk.Newest(world) is not { } job) { return DeedResult.Refuse("There is no configuration."); }
        foreach (var group in Groups.Select(world.SeededGroup).Where(g => world.Groups.Find(g) is { DeletedAt: null }))
        {
            if (Taken) { world.Assignments.Delete(change, world.AssignmentId(job.ServicePrincipalId, group)); }
            else { world.Assign(change, world.Apps[job.ServicePrincipalId], group, replicated: true); }
        }

        return DeedResult.Done;
    }
}

/// <summary>Provisioning agents stop, or start again.</summary>
public sealed record AgentsSet : Deed
{
    public required bool Active { get; init; }

    /// <summary>How many, from the first; null is all.</summary>
    public int? Count { get; init; }

    internal override DeedResult Do(SimulatedWorld world, WorldChange change)
    {
        var agents = world.ForestFacts.Agents;
        world.PutForest(change, world.ForestFacts with { Agents = [.. agents.Select((a, i) => i < (Count ?? agents.Count) ? a with { Active = Active } : a)] });
        return DeedResult.Done;
    }
}

static class PortalDesk
{
    /// <summary>In a list without an order that means anything, people take the one that was made last.</summary>
    public static JobState? Newest(SimulatedWorld world) => world.Jobs.Values.LastOrDefault(j => j.TemplateId == CloudSyncEngine.JobTemplate);

    public static DeedResult Edit(SimulatedWorld world, WorldChange change, Func<JobState, JobState> edit)
    {
        if (Newest(world) is not { } job) { return DeedResult.Refuse("There is no configuration."); }
        world.Jobs.Put(change, job.Id, edit(job));
        return DeedResult.Done;
    }
}
