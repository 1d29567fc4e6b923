using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Starts the job for a ring that has just come into scope, and proves that nothing became of its groups but their new writer.</summary>
/// <remarks>
/// Nothing is concluded from time that has passed. In this order, the directory read after each: Cloud Sync has taken everything over and stands
/// (steady state); a Connect cycle begins and ends, so that what Connect makes of Cloud Sync's writing is written; a further Cloud Sync cycle ends.
/// What differs between the last two readings while Entra did not change is two engines that write against each other.
/// Active Directory is the first witness, the provisioning log the second, the job's own counts the third.
/// </remarks>
sealed class RingProof(StageRun run, CloudSyncInput input, ScopeInput scope, ScopeFacts assigned)
{
    /// <summary>The log of a ring is read from a little before its start: its lines bear the time of their cycle's beginning.</summary>
    static readonly TimeSpan LogOverlap = TimeSpan.FromMinutes(5);

    /// <summary>Everybody whom Cloud Sync writes from now on; who came too early is among them.</summary>
    IReadOnlyList<DocumentReference> TakenOver => [.. scope.Earlier, scope.Groups, .. assigned.Joined is { } joined ? [joined] : Array.Empty<DocumentReference>()];

    /// <summary>Why the ring does not count, each with its code; empty when it does.</summary>
    /// <exception cref="StageStoppedException">It can't be judged: the job is not well, or a server does not answer.</exception>
    public async Task<IReadOnlyList<Notice>> ProveAsync()
    {
        run.Facts = run.Facts with { EscrowedBefore = run.Facts.EscrowedBefore ?? (await run.CallAsync<JobStatus>("ReadJob", input)).Escrowed };
        var started = run.Now;
        await run.CallAsync<JobStatus>("StartJob", input);

        await ShowAsync("Cloud Sync takes over");
        await JobWatch.UntilSteadyAsync(run, input, started);
        // At once, before Connect can put right what Cloud Sync did wrong, and hide it.
        if (await DirectoryWatch.CompareAsync(run, TakenOver) is { Reasons.Count: > 0 } wrong) { return await ReasonsAsync(wrong, started); }

        await ShowAsync("a Connect cycle passes");
        await ConnectCycleAsync();
        var first = await DirectoryWatch.CompareAsync(run, TakenOver);
        if (first.Reasons.Count > 0) { return await ReasonsAsync(first, started); }

        await ShowAsync("a second Cloud Sync cycle passes");
        await JobWatch.UntilCycleAsync(run, input, run.Now);
        return await ReasonsAsync(await DirectoryWatch.CompareAsync(run, TakenOver, first), started);
    }

    async Task<IReadOnlyList<Notice>> ReasonsAsync(DirectoryJudgement directory, DateTimeOffset started)
    {
        var after = await run.CallAsync<JobStatus>("ReadJob", input);
        var log = await run.CallAsync<ProvisioningLog>(
            "ReadProvisioningLog", new LogInput { Job = input.Job!, Since = started - LogOverlap, Groups = TakenOver });
        var inScope = await run.CallAsync<ScopeFacts>("ReadScope", scope);
        List<Notice> notices = [];
        if (!inScope.Clean || inScope.TooEarly > assigned.TooEarly) { notices.Add(Notices.ScopeWrong(inScope)); }
        if (after.Escrowed > run.Facts.EscrowedBefore) { notices.Add(Notices.Escrowed($"Ring {scope.Ring}", run.Facts.EscrowedBefore.Value, after.Escrowed)); }
        if (directory.Alternating.Count > 0) { notices.Add(Notices.Alternating(scope.Ring, directory.Alternating)); }
        if (log.Reasons.Count > 0) { notices.Add(Notices.LogWitness(scope.Ring, log.Reasons)); }
        if (directory.Reasons.Count > 0) { notices.Add(Notices.RingWrong(scope.Ring, directory.Reasons)); }
        return notices;
    }

    /// <summary>A whole cycle that began after this moment: one that runs already may have read the directory before Cloud Sync wrote.</summary>
    async Task ConnectCycleAsync()
    {
        foreach (var cycle in await run.CyclesAsync(CyclePolicy.Delta, run.Lead))
        {
            if (cycle.Stopped is not null) { throw new StageStoppedException(cycle.Stopped); }
        }
    }

    Task ShowAsync(string what) => run.ShowAsync(StageState.Running, $"ring {scope.Ring} of {scope.Of}: {what}");
}
