using GwbCloud.Lab.Tenant;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.CloudSync;

/// <summary>What people do by hand in the Entra portal or with a script, with their own rights.</summary>
public sealed class Portal(SimulatedWorld world)
{
    /// <summary>Sets "group membership to on-premises users" of a job. Graph neither shows nor takes it.</summary>
    /// <remarks>Under the sabotage members-switch-off the portal says done and nothing changed.</remarks>
    public async Task SetMembersSwitchAsync(string jobId, bool on)
    {
        if (world.Suffers(Sabotage.MembersSwitchOff))
        {
            return;
        }

        await world.Store.ChangeAsync(change => world.Jobs.Put(change, jobId, world.Jobs[jobId] with { MembersSwitch = on, NeedsInitial = true }));
    }

    /// <summary>Chooses "Selected security groups" in the scoping filters of a job.</summary>
    public async Task SelectGroupsAsync(string jobId) => await world.Store.ChangeAsync(change =>
    {
        var job = world.Jobs[jobId];
        world.Jobs.Put(change, jobId, job with { Secrets = new Dictionary<string, string>(job.Secrets) { ["SyncAll"] = "false" }, NeedsInitial = true });
    });

    /// <summary>Runs the generated script that assigns groups to the job's service principal; what is assigned already is left alone.</summary>
    /// <returns>How many assignments were made.</returns>
    public async Task<int> RunAssignmentScriptAsync(Guid servicePrincipalId, IEnumerable<Guid> groups)
    {
        var ids = groups.ToList();
        return await world.Store.ChangeAsync(change =>
        {
            bool planned = ids.Any(g => world.Groups.Find(g) is { WritebackEnabled: true });
            if (planned && world.Suffers(Sabotage.ScopeAll))
            {
                foreach (var job in world.Jobs.Values.Where(j => j.ServicePrincipalId == servicePrincipalId).ToList())
                {
                    world.Jobs.Put(change, job.Id, job with { Secrets = new Dictionary<string, string>(job.Secrets) { ["SyncAll"] = "true" }, NeedsInitial = true });
                }
            }

            if (planned && world.Suffers(Sabotage.TooEarlyAssignments))
            {
                ids = [.. world.Groups.Values.Where(g => g is { SecurityEnabled: true, Unified: false, MailEnabled: false, OnPremisesSynced: false }).Select(g => g.Id)];
            }

            var app = world.Apps[servicePrincipalId];
            return ids.Where(g => world.Groups.Find(g) is { DeletedAt: null }).Count(g => world.Assign(change, app, g, replicated: true) is not null);
        });
    }

    /// <summary>Takes assignments away; what is not assigned is left alone.</summary>
    /// <returns>How many assignments were removed.</returns>
    public async Task<int> RunUnassignmentScriptAsync(Guid servicePrincipalId, IEnumerable<Guid> groups)
    {
        var ids = groups.ToList();
        return await world.Store.ChangeAsync(change => ids.Count(g => world.Assignments.Delete(change, world.AssignmentId(servicePrincipalId, g))));
    }
}
