using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.CloudSync;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Starts the job for a ring that has just come into scope, and proves that nothing became of its groups but their new writer.</summary>
/// <remarks>
/// Nothing is concluded from time that has passed. In this order, the directory read after each: Cloud Sync has taken everything over and stands
/// (steady state); in the small rings what Connect would export now, before it does; a Connect cycle begins and ends, so that what Connect makes
/// of Cloud Sync's writing is written; a further Cloud Sync cycle ends. What differs between the last two readings while Entra did not change is
/// two engines that write against each other. Active Directory is the first witness, the provisioning log the second, the job's own counts the third.
/// </remarks>
sealed class RingProof(StageRun run, CloudSyncInput input, ScopeInput scope, ScopeFacts assigned)
{
    /// <summary>The log of a ring is read from a little before its start: its lines bear the time of their cycle's beginning.</summary>
    static readonly TimeSpan LogOverlap = TimeSpan.FromMinutes(5);

    /// <summary>
    /// One ordinary group, then one of every kind: what Connect does to these it does to all. Later rings take hours, in which its scheduler runs as ever.
    /// </summary>
    const int RingsUnderHold = 2;

    /// <summary>Everybody whom Cloud Sync writes from now on; who came too early is among them.</summary>
    IReadOnlyList<DocumentReference> TakenOver => [.. scope.Earlier, scope.Groups, .. assigned.Joined is { } joined ? [joined] : Array.Empty<DocumentReference>()];

    bool Holds => scope.Ring <= RingsUnderHold;

    /// <summary>Why the ring does not count, each with its code; empty when it does. What a person must look at is in the view's review.</summary>
    /// <exception cref="StageStoppedException">It can't be judged: the job is not well, or a server does not answer.</exception>
    public async Task<IReadOnlyList<Notice>> ProveAsync()
    {
        if (!Holds) { return await ProveRingAsync(); }

        await ShowAsync("Connect's scheduler waits");
        try
        {
            await ConnectHold.TakeAsync(run);
            var notices = await ProveRingAsync();
            // Only what it would export is a reason to keep it off; what Cloud Sync did wrong it may even put right.
            if (notices.All(n => n.Code != OrchestrationError.ConnectWouldWrite.Code)) { await ConnectHold.GiveBackAsync(run); }
            return notices;
        }
        catch (Exception failed) when (failed is StageStoppedException or TaskFailedException)
        {
            await ConnectHold.GiveUpAsync(run, failed);
            throw;
        }
    }

    async Task<IReadOnlyList<Notice>> ProveRingAsync()
    {
        var before = run.Facts.EscrowedBefore ?? (await run.CallAsync<JobStatus>("ReadJob", input)).Escrowed;
        // Not across the wait: a guard works beside, and writes facts as well.
        run.Facts = run.Facts with { EscrowedBefore = before };
        var started = run.Now;
        await run.CallAsync<JobStatus>("StartJob", input);

        await ShowAsync("Cloud Sync takes over");
        var steady = await JobWatch.UntilSteadyAsync(run, input, started);
        // At once, before Connect can put right what Cloud Sync did wrong, and hide it.
        if (await DirectoryWatch.CompareAsync(run, TakenOver) is { Found.Count: > 0 } wrong) { return await ReasonsAsync(wrong, started); }

        if (Holds)
        {
            await ShowAsync("what Connect would export is looked at");
            if (await ConnectHold.PeekAsync(run, scope.Ring, TakenOver) is { Count: > 0 } writes)
            {
                await run.ReviewAsync(writes);
                return [Notices.ConnectWouldWrite(scope.Ring, [.. writes.Select(item => item.Text)])];
            }
        }

        await ShowAsync("a Connect cycle passes");
        await ConnectCycleAsync();
        var first = await DirectoryWatch.CompareAsync(run, TakenOver);
        if (first.Found.Count > 0) { return await ReasonsAsync(first, started); }

        await ShowAsync("a second Cloud Sync cycle passes");
        await JobWatch.UntilCycleAsync(run, input, run.Now);
        return await ReasonsAsync(await DirectoryWatch.CompareAsync(run, TakenOver, first), started, steady.Exported);
    }

    /// <param name="directory">The first witness.</param>
    /// <param name="started">When the ring was started.</param>
    /// <param name="exported">What the job said that it wrote, once the log had its time to show it.</param>
    async Task<IReadOnlyList<Notice>> ReasonsAsync(DirectoryJudgement directory, DateTimeOffset started, long exported = 0)
    {
        var after = await run.CallAsync<JobStatus>("ReadJob", input);
        var log = await run.CallAsync<ProvisioningLog>(
            "ReadProvisioningLog", new LogInput { Job = input.Job!, Since = started - LogOverlap, Groups = TakenOver });
        var inScope = await run.CallAsync<ScopeFacts>("ReadScope", scope);
        var before = run.Facts.EscrowedBefore!.Value;
        var escrowed = Open(after.Escrowed > before ? [ReviewItem.Of("escrow", $"{after.Escrowed} objects are in escrow, {before} were before the first ring", seen: $"{after.Escrowed}")] : []);
        var logged = Open(log.Reasons.Select(reason => ReviewItem.Of("log", reason)));
        var gap = Open(exported > 0 && log.Creates + log.Updates + log.Deletes + log.Failures == 0
            ? [ReviewItem.Of("logGap", $"the job wrote {exported} objects in ring {scope.Ring}, and the log names none")]
            : []);
        await run.ReviewAsync([.. escrowed, .. directory.Alternating, .. logged, .. gap, .. directory.Found]);

        List<Notice> notices = [];
        if (!inScope.Clean || inScope.TooEarly > assigned.TooEarly) { notices.Add(Notices.ScopeWrong(inScope)); }
        if (escrowed.Count > 0) { notices.Add(Notices.Escrowed($"Ring {scope.Ring}", before, after.Escrowed)); }
        if (directory.Alternating.Count > 0) { notices.Add(Notices.Alternating(scope.Ring, [.. directory.Alternating.Select(item => item.Text)])); }
        if (logged.Count > 0) { notices.Add(Notices.LogWitness(scope.Ring, [.. logged.Select(item => item.Text)])); }
        if (gap.Count > 0) { notices.Add(Notices.LogGap(scope.Ring, exported)); }
        if (directory.Found.Count > 0) { notices.Add(Notices.RingWrong(scope.Ring, directory.Reasons)); }
        return notices;
    }

    IReadOnlyList<ReviewItem> Open(IEnumerable<ReviewItem> items) => ReviewItem.Open(items, run.Facts.Accepted);

    /// <summary>A whole cycle that began after this moment: one that runs already may have read the directory before Cloud Sync wrote.</summary>
    async Task ConnectCycleAsync()
    {
        ConnectHold.DemandNoGuard(run);
        await run.DeltaAsync();
    }

    Task ShowAsync(string what) => run.ShowAsync(StageState.Running, $"ring {scope.Ring} of {scope.Of}: {what}");
}
