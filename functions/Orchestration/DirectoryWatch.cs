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
        var judged = await JudgeAsync(run, input => input with { TakenOver = [.. takenOver], Earlier = earlier?.Comparison });
        run.Facts = run.Facts with { Comparison = judged.Comparison };
        return judged;
    }

    /// <summary>
    /// Whether a ring may be started: Cloud Sync matches by the anchor alone, so a group whose object is gone it would make anew, and one that was renamed or moved
    /// it would put elsewhere. Found after the start, the harm would be done.
    /// </summary>
    /// <param name="run">The stage.</param>
    /// <param name="ring">The groups that are about to be taken over.</param>
    /// <returns>What is not as it was frozen; empty when the ring may start.</returns>
    public static async Task<DirectoryJudgement> BeforeRingAsync(StageRun run, DocumentReference ring)
        => await JudgeAsync(run, input => input with { Starting = ring });

    static async Task<DirectoryJudgement> JudgeAsync(StageRun run, Func<JudgeDirectoryInput, JudgeDirectoryInput> of)
    {
        var comparison = await run.OnLeadAsync(new CompareWithSnapshot { Snapshot = run.Facts.FrozenSnapshot! });
        return await run.CallAsync<DirectoryJudgement>("JudgeDirectory", of(new()
        {
            Plan = run.Request.Plan,
            Comparison = comparison,
            Planned = run.Groups,
            TakenOver = [],
            Accepted = run.Facts.Accepted,
        }));
    }
}
