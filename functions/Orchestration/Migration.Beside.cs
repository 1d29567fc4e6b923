using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration.Guards;
using GwbCloud.Functions.Repair;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>What an operator has done beside whatever the migration does: stop at once, repair groups.</summary>
sealed partial class Migration
{
    async Task BesideAsync(OperatorRequest asked, string orchestrator, string instance)
    {
        // The way back gives the scheduler back by itself: nobody else would after its end.
        await (asked.Action == OperatorAction.Repair ? RepairAsync(asked) : StopNowAsync(scheduler: orchestrator != nameof(WayBackOrchestrator)));
        if (orchestrator != nameof(ParkedOrchestrator)) { return; }
        // Somebody waits for it, and may decide by it.
        _context.SendEvent(instance, MigrationEvents.Told, new ToldBeside { Notices = _told });
        _told = [];
    }

    /// <summary>Nothing more is written: jobs and cycles are stopped and the scheduler is off. A person looks, then retries or goes back.</summary>
    /// <remarks>Its failure is told, and never thrown: the stage that runs meanwhile is still running.</remarks>
    async Task StopNowAsync(StageName stage = StageName.StartCloudSync, bool scheduler = true)
    {
        try
        {
            var stopped = await _context.CallSubOrchestratorAsync<StopOutcome>(
                nameof(StopNowOrchestrator), new StopInput { From = Input(stage), Scheduler = scheduler }, new SubOrchestrationOptions(instanceId: InstanceOf("stop")));
            _told = [.. _told, .. stopped.NotStopped];
            _jobStopped |= stopped.JobStopped;
            if (scheduler && stopped.SchedulerBefore is { } before) { _schedulerBefore = before || _schedulerBefore == true; }
        }
        catch (TaskFailedException failure)
        {
            _told = [.. _told, Notices.ActivityFailed(failure)];
        }
    }

    /// <summary>Brings back the groups that an operator named; the migration stands or runs as it did.</summary>
    async Task RepairAsync(OperatorRequest asked, StageName stage = StageName.StartCloudSync)
    {
        try
        {
            var repaired = await _context.CallSubOrchestratorAsync<RepairReport>(
                nameof(RepairOrchestrator), new RepairInput { From = Input(stage), Objects = asked.Objects! }, new SubOrchestrationOptions(instanceId: InstanceOf("repair")));
            _told = [.. _told, repaired.Notice];
        }
        catch (TaskFailedException failure)
        {
            _told = [.. _told, Notices.ActivityFailed(failure)];
        }
    }
}
