using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.CloudSync;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration.Stages;

/// <summary>Cloud Sync takes over in rings, each judged in Active Directory before the next. Step 7 of the how-to.</summary>
public static class StartCloudSyncStage
{
    /// <summary>A Connect cycle and a little: what Connect would still do to a ring has happened by then.</summary>
    static readonly TimeSpan ConnectCycle = TimeSpan.FromMinutes(35);

    [Function(nameof(StartCloudSyncStage))]
    public static Task<StageOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context) => StageRun.RunAsync(context, RunAsync);

    static async Task<StageOutcome> RunAsync(StageRun run)
    {
        var input = new CloudSyncInput { MigrationId = run.Request.MigrationId, Plan = run.Request.Plan, Job = run.Facts.Job };
        var rings = (await run.CallAsync<RingPlan>("PlanRings", new RingInput { Plan = run.Request.Plan, Groups = run.Groups })).Rings;
        // Tried again, it takes back what somebody undid of the names that groups keep.
        if (run.Facts.Job is { KeepsNames: true }) { await run.CallAsync<CloudSyncFacts>("RefreshGroupDn", input); }
        var since = run.Now;
        var total = rings.Sum(r => r.Count);
        var done = 0;
        using var closed = new CancellationTokenSource();
        var asked = run.Context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.OperatorRequest, closed.Token);
        for (var i = 0; i < rings.Count; i++)
        {
            await run.ShowAsync(StageState.Running, $"ring {i + 1} of {rings.Count}", done, total);
            var scope = new ScopeInput
            {
                MigrationId = run.Request.MigrationId,
                Plan = run.Request.Plan,
                Job = input.Job!,
                Ring = i + 1,
                Of = rings.Count,
                Groups = rings[i],
                Earlier = [.. rings.Take(i)],
            };
            if (i > 0) { await run.CallAsync<JobStatus>("PauseJob", input); }
            if ((await run.CallAsync<CloudSyncFacts>("ReadCloudSync", input)).Deviations is { Count: > 0 } deviations)
            {
                return run.Blocked(Notices.CloudSyncDeviates(deviations));
            }
            await ScopeDesk.AssignAsync(run, scope);
            if (i == 0)
            {
                await run.CallAsync<CloudSyncFacts>("LiftCanaryFilter", input);
                since = run.Now;
            }
            if (asked.IsCompleted) { return await StoppedAsync(run, input); }
            await run.CallAsync<JobStatus>("StartJob", input);
            var reasons = await JudgeOrPauseAsync(run, input, rings.Take(i + 1), since);
            if (reasons.Count > 0)
            {
                await run.CallAsync<JobStatus>("PauseJob", input);
                return run.Blocked(Notices.RingWrong(i + 1, reasons));
            }
            if (asked.IsCompleted) { return await StoppedAsync(run, input); }
            done += rings[i].Count;
        }
        closed.Cancel();
        await run.ShowAsync(StageState.Running, "all rings", done, total);
        return run.Done($"{done} groups in {rings.Count} rings");
    }

    /// <summary>After the switch an operator can only stop. The pause is repeated: it may have come just before our own start.</summary>
    static async Task<StageOutcome> StoppedAsync(StageRun run, CloudSyncInput input)
    {
        await run.CallAsync<JobStatus>("PauseJob", input);
        return run.Blocked(Notices.StoppedByOperator());
    }

    /// <summary>A ring that can't be judged is no reason to let the job go on writing.</summary>
    static async Task<IReadOnlyList<string>> JudgeOrPauseAsync(StageRun run, CloudSyncInput input, IEnumerable<DocumentReference> rings, DateTimeOffset since)
    {
        try
        {
            return await JudgeAsync(run, input, rings, since);
        }
        catch (StageStoppedException)
        {
            await run.CallAsync<JobStatus>("PauseJob", input);
            throw;
        }
    }

    static async Task<IReadOnlyList<string>> JudgeAsync(StageRun run, CloudSyncInput input, IEnumerable<DocumentReference> rings, DateTimeOffset since)
    {
        var assigned = run.Now;
        await run.DelayAsync(ConnectCycle);
        await JobWatch.UntilCycleAsync(run, input, assigned + ConnectCycle);
        var judged = await DirectoryWatch.CompareAsync(run, rings);
        var log = await run.CallAsync<ProvisioningLog>("ReadProvisioningLog", new LogInput { Job = input.Job!, Since = since });
        var reasons = judged.Reasons.ToList();
        // The second witness: a create of a planned group is a duplicate, whatever the directory shows yet.
        if (log.Creates > 0) { reasons.Add($"the provisioning log shows {log.Creates} creates"); }
        if (log.Deletes > 0) { reasons.Add($"the provisioning log shows {log.Deletes} deletes"); }
        if (log.Failures > 0) { reasons.Add($"the provisioning log shows {log.Failures} failures: {string.Join(", ", log.Errors.Take(3))}"); }
        return reasons;
    }
}
