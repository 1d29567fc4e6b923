using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Assessment.Risks;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.CloudSync;
using GwbCloud.Lab.Connect;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;
using GwbCloud.Lab.World.Deeds;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Switch;

namespace GwbCloud.Lab.People;

/// <summary>Does the tasks that only a person can do: wizard, portal, script, and the switch in an own session.</summary>
sealed class Operator(LabPerson who, ProductApi api, PeopleMemory memory, SimulatedWorld world, LabIssuer issuer, Func<string, InteractiveSwitch> switches, Story story, IPeopleWatch watch, TimeSpan offset)
    : Person(who, api, memory, world.Clock, offset)
{
    readonly ConnectWizard _wizard = new(world);
    readonly Portal _portal = new(world);

    bool IsAway => world.Deeds.IsAway(LabRole.Operator);

    protected override async Task<TimeSpan?> ActAsync(CancellationToken cancellationToken)
    {
        var known = Memory.Requester;
        if (known.EndedAt is not null) { return null; }
        if (known.MigrationId is not { } migration) { return await ResolveAsync(known, cancellationToken); }
        var view = await Api.MigrationAsync(migration, cancellationToken);
        if (view.Outcome is not null) { return story.GoesOn ? await ResolveAsync(known, cancellationToken) : null; }
        if (story.Operators == OperatorMode.Passive || IsAway) { return PauseAt(view); }
        foreach (var task in view.Tasks.Where(t => t.State == TaskState.Open && !Declines(t) && Memory.Task(t.Id) is not { Told: true }))
        {
            var note = Memory.Task(task.Id);
            if (note is null)
            {
                watch.Said(Who, Lower(task.Title));
                await DoAsync(migration, task, cancellationToken);
                note = new TaskMemory { DoneAt = Clock.GetUtcNow() };
                await Memory.KeepAsync(task.Id, note);
            }

            // Told again when a kill came before the answer: the product may never have heard of it.
            await Api.CheckAsync(migration, task.Id, cancellationToken);
            await Memory.KeepAsync(task.Id, note with { Told = true });
        }

        return PauseAt(view);
    }

    /// <summary>Whoever will not be there until the window's end does not say that he will.</summary>
    bool Declines(OperatorTask task) => task.Kind == TaskKind.ConfirmReachable && world.Suffers(Sabotage.NobodyForUndo);

    /// <summary>Takes the groups at risk of the last assessment out of danger, and has each looked at.</summary>
    async Task<TimeSpan?> ResolveAsync(RequesterMemory known, CancellationToken cancellationToken)
    {
        if (story.Operators == OperatorMode.Passive || IsAway || known.Assessments is not [.., var assessment]
            || await Api.AssessmentAsync(assessment, cancellationToken) is not { State: AssessmentState.Blocked, Tasks.Count: > 0 })
        {
            return Later;
        }

        await foreach (var task in Api.RiskTasksAsync(assessment, cancellationToken))
        {
            if (task.State != RiskTaskState.Open || Memory.Task(task.Id) is { Told: true }) { continue; }
            watch.Said(Who, Lower(task.Title));
            if (RiskDeeds.For(task) is { } deed) { await world.Deeds.DoAsync(task.Id, deed); }
            await Api.CheckRiskAsync(assessment, task.Id, cancellationToken);
            await Memory.KeepAsync(task.Id, new TaskMemory { DoneAt = Clock.GetUtcNow(), Told = true });
        }

        return Later;
    }

    /// <summary>Each is such that doing it again changes nothing: a kill may have come between the deed and its note.</summary>
    async Task DoAsync(string migration, OperatorTask task, CancellationToken cancellationToken)
    {
        switch (task.Kind)
        {
            case TaskKind.EnterStaging or TaskKind.LeaveStaging:
                await _wizard.SetStagingAsync(task.Server!, task.Kind == TaskKind.EnterStaging, cancellationToken);
                break;
            case TaskKind.MembersSwitch:
                await _portal.SetMembersSwitchAsync(Job().Id, on: true);
                break;
            case TaskKind.AssignGroups:
                var list = await Api.ScopeListAsync(migration, task.Id, cancellationToken);
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
                await SwitchAsync(task.Server!, cancellationToken);
                break;
        }
    }

    async Task SwitchAsync(string server, CancellationToken cancellationToken)
    {
        try
        {
            var result = await switches(server).RunAsync(issuer.UserName(Who), cancellationToken);
            watch.Said(Who, $"hears from the listener: {result.Outcome}{string.Concat(result.Reasons.Select(r => $", {r.Code}"))}");
        }
        catch (CommandFailedException e)
        {
            // The listener says no; what is true is read back by the product.
            watch.Said(Who, $"hears from the listener: {e.Message}");
        }
    }

    JobState Job() => world.Store.Read(() => world.Jobs.Values.Last(j => j.TemplateId == CloudSyncEngine.JobTemplate));

    static string Lower(string title) => char.ToLowerInvariant(title[0]) + title[1..];
}
