using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Waits for a whole cycle of the provisioning job.</summary>
static class JobWatch
{
    static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(5);
    static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    /// <summary>A cycle that ended after <paramref name="since"/>.</summary>
    /// <exception cref="StageStoppedException">Quarantine, or no cycle within six hours.</exception>
    public static async Task<JobStatus> UntilCycleAsync(StageRun run, CloudSyncInput input, DateTimeOffset since)
    {
        while (true)
        {
            await run.DelayAsync(LookEvery);
            var status = await run.CallAsync<JobStatus>("ReadJob", input);
            if (status.QuarantineReason is not null) { throw new StageStoppedException(Notices.JobUnwell(status.Code, status.QuarantineReason)); }
            if (status.LastCycleEnded > since) { return status; }
            if (run.Now - since > Longest) { throw new StageStoppedException(Notices.JobUnwell(status.Code, "no cycle ended within six hours")); }
        }
    }
}
