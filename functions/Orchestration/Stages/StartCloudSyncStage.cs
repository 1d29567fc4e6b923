using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Orchestration.Guards;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration.Stages;

/// <summary>Cloud Sync takes over in rings, each proved in Active Directory before the next. Step 7 of the how-to.</summary>
public static class StartCloudSyncStage
{
    [Function(nameof(StartCloudSyncStage))]
    public static Task<StageOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context) => StageRun.RunAsync(context, RunAsync);

    static async Task<StageOutcome> RunAsync(StageRun run)
    {
        var input = run.CloudSyncInput;
        var planned = (await run.CallAsync<RingPlan>("PlanRings", new RingInput { Plan = run.Request.Plan, Groups = run.Groups })).Rings;
        // Ring by ring: rings that were planned anew without them would no longer be those that are proved.
        var rings = await Orphans.LeaveOutAsync(run, planned);
        if (await AgentRights.MissingAsync(run) is { Count: > 0 } unwritable) { return run.Blocked(Notices.AgentsMayNotWrite(unwritable)); }
        // Tried again, it takes back what somebody undid of the names that groups keep.
        if (run.Facts.Job is { KeepsNames: true }) { await KeptNames.WriteAsync(run); }
        var total = rings.Sum(r => r.Count);
        var done = rings.Take(run.Facts.RingsProved).Sum(r => r.Count);
        for (var i = run.Facts.RingsProved; i < rings.Count; i++)
        {
            if (rings[i].Count < planned[i].Count && rings[i].Count == 0)
            {
                run.Facts = run.Facts with { RingsProved = i + 1 };
                continue;
            }
            await run.ShowAsync(StageState.Running, $"ring {i + 1} of {rings.Count}: comes into scope", done, total);
            // Nothing is written while a ring is half in scope; a stage that is tried again finds the job paused already.
            await run.CallAsync<JobStatus>("PauseJob", input);
            var facts = await run.CallAsync<CloudSyncFacts>("ReadCloudSync", input);
            if (facts.Deviations.Count > 0) { return run.Blocked(Notices.CloudSyncDeviates(facts.Deviations)); }
            // Nobody is asked to assign what may not start.
            if (await NotAsFrozenAsync(run, i + 1, rings[i]) is { } changed) { return changed; }

            var scope = new ScopeInput
            {
                MigrationId = run.Request.MigrationId,
                Plan = run.Request.Plan,
                Job = input.Job!,
                Ring = i + 1,
                Of = rings.Count,
                Groups = rings[i],
                Earlier = [.. rings.Take(i)],
                Untouched = facts.CanariesOnly,
            };
            var assigned = await ScopeDesk.AssignAsync(run, scope);
            // Once more, before anything starts: whoever was in the portal for the assignments may have chosen more than that.
            facts = await run.CallAsync<CloudSyncFacts>("ReadCloudSync", input);
            if (facts.Deviations.Count > 0) { return run.Blocked(Notices.CloudSyncDeviates(facts.Deviations)); }
            if (run.StopAsked) { return await StoppedAsync(run, input); }
            // The assignments may have taken hours.
            if (await NotAsFrozenAsync(run, i + 1, rings[i]) is { } meanwhile) { return meanwhile; }
            if (i == 0 || facts.CanariesOnly) { await run.CallAsync<CloudSyncFacts>("LiftCanaryFilter", input); }
            scope = scope with { Untouched = false };
            if (run.StopAsked) { return await StoppedAsync(run, input); }

            if (await ProveOrPauseAsync(run, input, scope, assigned) is [.. var others, var last])
            {
                await run.CallAsync<JobStatus>("PauseJob", input);
                others.ForEach(run.Tell);
                return run.Blocked(last);
            }
            if (run.StopAsked) { return await StoppedAsync(run, input); }
            done += rings[i].Count;
            // Its proof started the job.
            run.Facts = run.Facts with { RingsProved = i + 1, JobStopped = false };
        }
        await run.ShowAsync(StageState.Running, "all rings", done, total);
        return run.Done($"{done} groups in {rings.Count} rings");
    }

    /// <summary>The job stands, so nothing has come of what is found; null when the ring may start.</summary>
    static async Task<StageOutcome?> NotAsFrozenAsync(StageRun run, int ring, DocumentReference groups)
    {
        var judged = await DirectoryWatch.BeforeRingAsync(run, groups);
        if (judged.Found.Count == 0) { return null; }
        await run.ReviewAsync(judged.Found);
        return run.Blocked(Notices.RingNotAsFrozen(ring, judged.Reasons));
    }

    /// <summary>After the switch an operator can only stop. The pause is repeated: it may have come just before our own start.</summary>
    static async Task<StageOutcome> StoppedAsync(StageRun run, CloudSyncInput input)
    {
        await run.CallAsync<JobStatus>("PauseJob", input);
        return run.Blocked(Notices.StoppedByOperator());
    }

    /// <summary>A ring that can't be judged is no reason to let the job go on writing.</summary>
    static async Task<List<Notice>> ProveOrPauseAsync(StageRun run, CloudSyncInput input, ScopeInput scope, ScopeFacts assigned)
    {
        try
        {
            return [.. await GuardDuty.BesideAsync(run, GuardPhase.Rings, () => new RingProof(run, input, scope, assigned).ProveAsync())];
        }
        catch (Exception failed) when (failed is StageStoppedException or TaskFailedException)
        {
            await run.CallAsync<JobStatus>("PauseJob", input);
            throw;
        }
    }
}
