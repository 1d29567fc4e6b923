using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Orchestration.Guards;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration.Stages;

/// <summary>Every planned group once more after the soak, then the canaries go.</summary>
public static class VerifyMigrationStage
{
    [Function(nameof(VerifyMigrationStage))]
    public static Task<StageOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context) => StageRun.RunAsync(context, RunAsync);

    static async Task<StageOutcome> RunAsync(StageRun run)
    {
        await run.ShowAsync(StageState.Waiting, $"soaks for {run.Settings.SoakHours} hours");
        var input = run.CloudSyncInput;
        await TakeUpJobAsync(run, input);
        await GuardDuty.BaselineOfJobAsync(run, input);
        await GuardDuty.BesideAsync(run, GuardPhase.Soak, () => run.DelayAsync(TimeSpan.FromHours(run.Settings.SoakHours)));

        var status = await run.CallAsync<JobStatus>("ReadJob", input);
        if (status.QuarantineReason is not null) { return run.Blocked(Notices.JobUnwell(status.Code, status.QuarantineReason)); }
        if (run.Facts.EscrowedBefore is { } before && status.Escrowed > before) { return run.Blocked(Notices.Escrowed("After the soak", before, status.Escrowed)); }

        var judged = await DirectoryWatch.CompareAsync(run, [run.Groups]);
        if (judged.Found.Count > 0)
        {
            await run.ReviewAsync(judged.Found);
            return run.Blocked(Notices.DirectoryChanged(judged.Reasons));
        }

        var verification = await GroupVerification.RunAsync(run, input);
        run.Facts = run.Facts with { Verification = verification };
        if (verification.Verified < verification.Groups) { return run.Blocked(Notices.NotVerified(verification)); }

        await CanaryWork.RemoveAsync(run, input);
        // Scope and threshold are ours again: a guard that looks after a failure from here on must not take them for somebody else's.
        await GuardDuty.BaselineOfJobAsync(run, input);
        // The last look: without the canaries, and with the everyday threshold, the job must still be well.
        await JobWatch.UntilCycleAsync(run, input, run.Now);
        return run.Done($"{verification.Verified} of {verification.Groups} groups verified one by one; {judged.Summary}");
    }

    /// <summary>A job that a stop or a guard paused writes nothing, and a soak would prove nothing; nobody else starts it behind the rings. One that others paused is theirs.</summary>
    static async Task TakeUpJobAsync(StageRun run, CloudSyncInput input)
    {
        if (!run.Facts.JobStopped) { return; }
        await run.CallAsync<JobStatus>("StartJob", input);
        run.Facts = run.Facts with { JobStopped = false };
        await run.AuditAsync("job.started", detail: "paused by a stop or a guard");
    }
}
