using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.CloudSync;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>One click: the provisioning job is paused and the scheduler is off, whatever else is under way.</summary>
public static class StopNowOrchestrator
{
    [Function(nameof(StopNowOrchestrator))]
    public static async Task<StopOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var run = new StageRun(context, context.GetInput<StageInput>() ?? throw new InvalidOperationException("Stop has no input."));
        await run.AuditAsync("stop.asked");
        var notStopped = new List<Notice>();
        if (run.Facts.Job is { } job)
        {
            var input = new CloudSyncInput { MigrationId = run.Request.MigrationId, Plan = run.Request.Plan, Job = job };
            await TryAsync(notStopped, () => run.CallAsync<JobStatus>("PauseJob", input));
        }
        // Only what the freeze will put back is switched off: before it, the tenant's ordinary life is not ours to stop.
        if (run.Facts.SchedulerBefore is not null) { await TryAsync(notStopped, () => run.OnLeadAsync(new SetScheduler { Enabled = false })); }
        await run.AuditAsync(notStopped.Count == 0 ? "stop.done" : "stop.incomplete", notStopped.FirstOrDefault()?.Code);
        return new StopOutcome { NotStopped = notStopped };
    }

    /// <summary>What could not be stopped is told, a person can still do it by hand; the rest is stopped all the same.</summary>
    static async Task TryAsync(List<Notice> notStopped, Func<Task> stop)
    {
        try
        {
            await stop();
        }
        catch (StageStoppedException refused)
        {
            notStopped.Add(refused.Notice);
        }
        catch (TaskFailedException failure)
        {
            notStopped.Add(Notices.ActivityFailed(failure.TaskName, failure.FailureDetails));
        }
    }
}

/// <summary>Output of the orchestration that stops.</summary>
public sealed record StopOutcome
{
    /// <summary>Why something is still running; empty when all of it stands.</summary>
    public required IReadOnlyList<Notice> NotStopped { get; init; }
}
