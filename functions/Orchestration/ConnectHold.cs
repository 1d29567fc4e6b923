using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Keeps the active server from exporting by itself while a ring is proved, and looks at what it would export before it does.</summary>
/// <remarks>
/// Connect calculates first and exports then. With the scheduler off its imports and synchronisations are run without the export to Active
/// Directory ("Entra only"), and the pending exports show what it would make of the groups that Cloud Sync has just taken over. So two engines
/// that write against each other are found on the groups themselves, before the second one has written.
/// </remarks>
static class ConnectHold
{
    /// <summary>Steps of "Entra only", which must all have come to their end.</summary>
    static readonly int Steps = Enum.GetValues<EntraOnlyStep>().Length;

    /// <summary>The scheduler off, and the cycle that ran ended.</summary>
    /// <exception cref="StageStoppedException">The server stays busy.</exception>
    public static async Task TakeAsync(StageRun run)
    {
        run.Facts = run.Facts with { SchedulerHeld = true, SchedulerOffSince = run.Facts.SchedulerOffSince ?? run.Now };
        await run.OnLeadAsync(new SetScheduler { Enabled = false });
        await run.RestAsync(run.Lead);
    }

    /// <summary>Gives the scheduler back, unless a guard turned it off meanwhile: then it is no longer the ring's.</summary>
    public static Task GiveBackAsync(StageRun run) => run.Facts.SchedulerHeld ? Restore.SchedulerAsync(run) : Task.CompletedTask;

    /// <summary>No cycle of ours may export where a guard has just kept the server from it.</summary>
    /// <exception cref="StageStoppedException">A guard turned the scheduler off.</exception>
    public static void DemandNoGuard(StageRun run)
    {
        if (run.Facts is { SchedulerHeld: false, SchedulerOffSince: not null }) { throw new StageStoppedException(Notices.SchedulerStaysOff(run.Lead)); }
    }

    /// <summary>Gives the scheduler back where a ring could not be judged for reasons that are not Connect's.</summary>
    public static async Task GiveUpAsync(StageRun run, Exception why)
    {
        var dangerous = why is StageStoppedException { Notice.Code: var code } && code == OrchestrationError.ConnectWouldWrite.Code;
        if (dangerous || run.StopAsked) { return; }
        try
        {
            await GiveBackAsync(run);
        }
        catch (Exception refused) when (refused is StageStoppedException or TaskFailedException)
        {
            // Why the ring could not be judged says more; that the scheduler is off must be known too.
            run.Tell(Notices.SchedulerStaysOff(run.Lead));
        }
    }

    /// <summary>What Connect would write of these groups without any reason in Entra; empty when it may go on.</summary>
    /// <exception cref="StageStoppedException">It could not be read to the end: unknown is not harmless.</exception>
    public static async Task<IReadOnlyList<ReviewItem>> PeekAsync(StageRun run, int ring, IReadOnlyList<DocumentReference> takenOver)
    {
        var round = await run.OnLeadAsync(new RunEntraOnly());
        if (round.Steps.Count < Steps) { throw new StageStoppedException(Notices.ConnectUnread(ring, $"only {round.Steps.Count} of {Steps} runs came to their end")); }

        var pending = await run.OnLeadAsync(new ReadPendingExports());
        var writes = await run.CallAsync<ConnectWrites>("PickConnectWrites", new PickConnectInput { Pending = pending.Details, TakenOver = takenOver });
        if (writes.Exports.Count == 0) { return []; }

        var now = await run.OnLeadAsync(new SnapshotGroups { Groups = writes.Groups });
        var judged = await run.CallAsync<ConnectJudgement>(
            "JudgeConnectWrites",
            new JudgeConnectInput { Writes = writes, Snapshot = now.Snapshot, Planned = run.Groups, ForestDomains = run.Plan.ForestDomains, Accepted = run.Facts.Accepted });
        return judged.Found;
    }
}
