using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.CloudSync;
using GwbCloud.Lab.Connect;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.World;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Switch;

namespace GwbCloud.Lab.People;

/// <summary>What a task asks of a person, done in the simulated world: wizard, portal, script, and the switch in an own session.</summary>
/// <remarks>Each deed is such that doing it again changes nothing: a kill may have come between the deed and its note. The caller owns exactly one hold of the clock.</remarks>
/// <param name="world">Where it is done.</param>
/// <param name="user">Who does it: a user name.</param>
/// <param name="switches">The listener's own session at a server.</param>
/// <param name="scopeList">Reads the list of a task that assigns groups, by the task's id.</param>
public sealed class TaskDeeds(
    SimulatedWorld world, string user, Func<string, InteractiveSwitch> switches, Func<string, CancellationToken, Task<ScopeList>> scopeList)
{
    readonly ConnectWizard _wizard = new(world);
    readonly Portal _portal = new(world);

    /// <summary>Does what the task says; what somebody was told on the way, or null.</summary>
    public async Task<string?> DoAsync(OperatorTask task, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        switch (task.Kind)
        {
            case TaskKind.EnterStaging or TaskKind.LeaveStaging:
                await _wizard.SetStagingAsync(task.Server!, task.Kind == TaskKind.EnterStaging, cancellationToken);
                break;
            case TaskKind.MembersSwitch:
                await _portal.SetMembersSwitchAsync(Job().Id, on: true);
                break;
            case TaskKind.AssignGroups:
                var list = await scopeList(task.Id, cancellationToken);
                await _portal.RunAssignmentScriptAsync(list.ServicePrincipal, list.Groups);
                break;
            case TaskKind.UnassignCanaries:
                await _portal.RunUnassignmentScriptAsync(Job().ServicePrincipalId, world.Store.Read(() => world.Groups.Values
                    .Where(g => g.DisplayName is WorldSeeder.CanaryNew or WorldSeeder.CanaryMatch or WorldSeeder.CanaryUnassigned).Select(g => g.Id).ToList()));
                break;
            case TaskKind.CorrectConfiguration:
                var instructions = new PortalInstructions(world);
                foreach (string step in task.Steps) { await instructions.FollowAsync(Job().Id, step); }
                break;
            case TaskKind.EntraOnly:
                await _wizard.SetStagingAsync(task.Server!, on: false, cancellationToken);
                break;
            case TaskKind.ConfirmReachable:
                // Choosing "Check now" is the whole of it.
                break;
            case TaskKind.InteractiveSwitch:
                return await SwitchAsync(task.Server!, cancellationToken);
        }

        return null;
    }

    async Task<string> SwitchAsync(string server, CancellationToken cancellationToken)
    {
        try
        {
            var result = await switches(server).RunAsync(user, cancellationToken);
            return $"hears from the listener: {result.Outcome}{string.Concat(result.Reasons.Select(r => $", {r.Code}"))}";
        }
        catch (CommandFailedException e)
        {
            // The listener says no; what is true is read back by the product.
            return $"hears from the listener: {e.Message}";
        }
    }

    JobState Job() => world.Store.Read(() => world.Jobs.Values.Last(j => j.TemplateId == CloudSyncEngine.JobTemplate));
}
