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
        var seen = await LookAsync();
        while (seen.Catalogs.Any(c => c.Missing > 0))
        {
            if (run.Now >= until) { throw new StageStoppedException(Notices.AnchorsMissing(seen)); }

            await run.ShowAsync(StageState.Running, "waiting for the global catalogs", seen.Expected - seen.Catalogs.Max(c => c.Missing), seen.Expected);
            await run.DelayAsync(pause);
            pause = pause < TimeSpan.FromMinutes(15) ? pause * 2 : pause;
            seen = await LookAsync();
        }
        return seen;

        async Task<AnchorVerification> LookAsync()
        {
            var look = await run.OnLeadAsync(new VerifyAnchors { Groups = groups });
            return look.Duplicates.Count == 0 ? look : throw new StageStoppedException(Notices.AnchorDuplicates(look));
        }
    }
}
