using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.CloudSync;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>One click: the provisioning job is paused and the scheduler is off, whatever else is under way.</summary>
public static class StopNowOrchestrator
{
    [Function(nameof(StopNowOrchestrator))]
    public static async Task<StageOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var run = new StageRun(context, context.GetInput<StageInput>() ?? throw new InvalidOperationException("Stop has no input."));
        await run.AuditAsync("stop.asked");
        try
        {
            await StopAsync(run);
        }
        catch (StageStoppedException stop)
        {
            // What could not be stopped is told; a person can still do it by hand.
            return run.Blocked(stop.Notice);
        }
        await run.AuditAsync("stop.done");
        return run.Done("stopped");
    }

    static async Task StopAsync(StageRun run)
    {
        if (run.Facts.Job is { } job)
        {
            await run.CallAsync<JobStatus>("PauseJob", new CloudSyncInput { MigrationId = run.Request.MigrationId, Plan = run.Request.Plan, Job = job });
        }
        // Only what the freeze will put back is switched off: before it, the tenant's ordinary life is not ours to stop.
        if (run.Facts.SchedulerBefore is not null) { await run.OnLeadAsync(new SetScheduler { Enabled = false }); }
    }
}
