using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Waits until every global catalog shows every anchor: Cloud Sync asks one of them, and nobody knows which.</summary>
static class AnchorWatch
{
    /// <exception cref="StageStoppedException">Duplicates, or not everywhere within the replication wait.</exception>
    public static async Task<AnchorVerification> UntilEverywhereAsync(StageRun run, DocumentReference groups)
    {
        var until = run.Now + TimeSpan.FromHours(run.Settings.ReplicationWaitHours);
        var pause = TimeSpan.FromMinutes(1);
        while (true)
        {
            var seen = await run.OnLeadAsync(new VerifyAnchors { Groups = groups });
            if (seen.Duplicates.Count > 0) { throw new StageStoppedException(Notices.AnchorDuplicates(seen)); }
            if (seen.Catalogs.All(c => c.Missing == 0)) { return seen; }
            if (run.Now >= until) { throw new StageStoppedException(Notices.AnchorsMissing(seen)); }

            await run.ShowAsync(StageState.Running, "waiting for the global catalogs", seen.Expected - seen.Catalogs.Max(c => c.Missing), seen.Expected);
            await run.DelayAsync(pause);
            pause = pause < TimeSpan.FromMinutes(15) ? pause * 2 : pause;
        }
    }
}
