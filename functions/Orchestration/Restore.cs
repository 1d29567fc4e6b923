using GwbCloud.Contracts.Commands;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Settings of the servers, put back to what they were at the freeze; used on the way forward and on the way back.</summary>
static class Restore
{
    public static async Task SchedulerAsync(StageRun run)
    {
        if (run.Facts.SchedulerBefore is not { } before) { return; }
        var change = await run.OnLeadAsync(new SetScheduler { Enabled = before });
        if (change.After.Enabled != before) { throw new StageStoppedException(Notices.SchedulerNotRestored(run.Lead, before)); }
    }

    public static async Task AutoUpgradeAsync(StageRun run)
    {
        foreach (var before in run.Facts.AutoUpgradeBefore.DistinctBy(b => b.Server))
        {
            await run.OnServerAsync(before.Server, new SetAutoUpgrade { State = before.State });
        }
    }
}
