using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Waits for the provisioning job, and stops at once where it is not well.</summary>
static class JobWatch
{
    static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(5);
    static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    /// <summary>A first cycle over ten thousand groups takes hours; one that takes a day stands still.</summary>
    static readonly TimeSpan LongestToSteady = TimeSpan.FromHours(24);

    /// <summary>One cycle may fail as a whole for reasons of its own; three in a row don't.</summary>
    const int CompleteFailuresBorne = 2;

    /// <summary>A cycle that ended after <paramref name="since"/>.</summary>
    /// <exception cref="StageStoppedException">Quarantine, failing cycles, or no cycle within six hours.</exception>
    public static Task<JobStatus> UntilCycleAsync(StageRun run, CloudSyncInput input, DateTimeOffset since)
        => UntilAsync(run, input, since, Longest, status => status.LastCycleEnded > since, Notices.NoCycle);

    /// <summary>Everything in scope was taken over: the job stands where it has nothing left to do, for the first time since <paramref name="since"/>.</summary>
    /// <exception cref="StageStoppedException">Quarantine, failing cycles, or no steady state within a day.</exception>
    public static Task<JobStatus> UntilSteadyAsync(StageRun run, CloudSyncInput input, DateTimeOffset since)
        => UntilAsync(run, input, since, LongestToSteady, status => status.LastCycleEnded > since && status.SteadyState > since, Notices.NotSteady);

    static async Task<JobStatus> UntilAsync(
        StageRun run, CloudSyncInput input, DateTimeOffset since, TimeSpan longest, Func<JobStatus, bool> reached, Func<JobStatus, Notice> overdue)
    {
        JobStatus status;
        do
        {
            await run.DelayAsync(LookEvery);
            status = await run.CallAsync<JobStatus>("ReadJob", input);
            if (status.QuarantineReason is not null) { throw new StageStoppedException(Notices.JobUnwell(status.Code, status.QuarantineReason)); }
            if (status.CompleteFailures > CompleteFailuresBorne) { throw new StageStoppedException(Notices.CyclesFail(status)); }
            if (!reached(status) && run.Now - since > longest) { throw new StageStoppedException(overdue(status)); }
        }
        while (!reached(status));
        return status;
    }
}
