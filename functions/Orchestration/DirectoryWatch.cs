using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;

namespace GwbCloud.Functions.Orchestration;

/// <summary>The directory compared with the frozen snapshot, and every difference held against what was announced and what Entra says now.</summary>
static class DirectoryWatch
{
    /// <param name="run">The stage.</param>
    /// <param name="takenOver">Every list of groups that Cloud Sync writes by now; only these may show the losses that were announced.</param>
    /// <param name="earlier">The reading before, when all of these had been taken over already: members that went and came in between are told.</param>
    public static async Task<DirectoryJudgement> CompareAsync(StageRun run, IEnumerable<DocumentReference> takenOver, DirectoryJudgement? earlier = null)
    {
        var comparison = await run.OnLeadAsync(new CompareWithSnapshot { Snapshot = run.Facts.FrozenSnapshot! });
        var judged = await run.CallAsync<DirectoryJudgement>("JudgeDirectory", new JudgeDirectoryInput
        {
            Plan = run.Request.Plan,
            Comparison = comparison,
            Planned = run.Groups,
            TakenOver = [.. takenOver],
            Earlier = earlier?.Comparison,
            Accepted = run.Facts.Accepted,
        });
        run.Facts = run.Facts with { Comparison = judged.Comparison };
        return judged;
    }
}
