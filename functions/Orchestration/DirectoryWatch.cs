using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;

namespace GwbCloud.Functions.Orchestration;

/// <summary>The directory compared with the frozen snapshot, and every difference held against what was announced and what Entra says now.</summary>
static class DirectoryWatch
{
    /// <param name="run">The stage.</param>
    /// <param name="groups">The groups that Cloud Sync has taken over; their members are held against Entra.</param>
    /// <param name="cloudSyncWrites">False before Cloud Sync starts: then no planned group may lose a member.</param>
    public static async Task<DirectoryJudgement> CompareAsync(StageRun run, DocumentReference groups, bool cloudSyncWrites)
    {
        var comparison = await run.OnLeadAsync(new CompareWithSnapshot { Snapshot = run.Facts.FrozenSnapshot! });
        var judged = await run.CallAsync<DirectoryJudgement>("JudgeDirectory", new JudgeDirectoryInput
        {
            Plan = run.Request.Plan,
            Comparison = comparison,
            Planned = run.Groups,
            TakenOver = cloudSyncWrites ? groups : null,
        });
        run.Facts = run.Facts with { Comparison = judged.Comparison };
        return judged;
    }
}
