using GwbCloud.Contracts.Commands;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Settings of the servers, put back to what they were at the freeze; used on the way forward and on the way back.</summary>
static class Restore
{
    public static async Task SchedulerAsync(StageRun run)
    {
        // We only ever turn it off: where it was off before there is nothing of ours, and who turned it on since had his reason.
        if (run.Facts.SchedulerBefore is not true) { return; }
        var change = await run.OnLeadAsync(new SetScheduler { Enabled = true });
        if (!change.After.Enabled) { throw new StageStoppedException(Notices.SchedulerNotRestored(run.Lead, wanted: true)); }
        run.Facts = run.Facts with { SchedulerOffSince = null, SchedulerHeld = false };
    }

    public static async Task AutoUpgradeAsync(StageRun run)
    {
        // Only ours is taken back: enabled before, suspended by us, and nobody has disabled it since.
        foreach (var before in run.Facts.AutoUpgradeBefore.DistinctBy(b => b.Server).Where(b => b.State == AutoUpgradeState.Enabled))
        {
            if ((await run.OnServerAsync(before.Server, new InspectServer())).AutoUpgrade != AutoUpgradeState.Suspended) { continue; }
            await run.OnServerAsync(before.Server, new SetAutoUpgrade { State = before.State });
        }
    }
}
