using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Verifies every planned group, part by part; groups that differ get the time of further cycles, because a tenant is never still.</summary>
static class GroupVerification
{
    /// <summary>A member that came or went in Entra is written in the next cycle, or the one after.</summary>
    const int Rounds = 3;

    /// <exception cref="StageStoppedException">The job is not well.</exception>
    public static async Task<Verification> RunAsync(StageRun run, CloudSyncInput input)
    {
        var plan = await run.CallAsync<VerificationPlan>("PlanVerification", new VerificationInput
        {
            Groups = run.Groups,
            Job = input.Job!,
            Since = run.View.Stages.Single(s => s.Name == StageName.StartCloudSync).StartedAt ?? run.Request.Window.Start,
        });
        List<DocumentReference> parts = [.. plan.Parts];
        var done = 0;
        var verdicts = new List<DocumentReference>();
        for (var round = 1; round <= Rounds && parts.Count > 0; round++)
        {
            if (round > 1)
            {
                await run.ShowAsync(StageState.Running, $"{parts.Sum(p => p.Count)} groups wait for a further cycle", done, run.Groups.Count);
                await JobWatch.UntilCycleAsync(run, input, run.Now);
                await DirectoryWatch.CompareAsync(run, [run.Groups]);
            }
            var failing = new List<DocumentReference>();
            foreach (var part in parts)
            {
                var now = await run.OnLeadAsync(new SnapshotGroups { Groups = part });
                var verified = await run.CallAsync<VerificationPart>("VerifyGroups", new VerifyGroupsInput
                {
                    Part = part,
                    Snapshot = now.Snapshot,
                    Comparison = run.Facts.Comparison!,
                    Log = plan.Log,
                    Groups = run.Groups,
                    ForestDomains = run.Plan.ForestDomains,
                    Accepted = run.Facts.Accepted,
                });
                verdicts.Add(verified.Verdicts);
                if (verified.Failing is { } left) { failing.Add(left); }
                done += part.Count - (verified.Failing?.Count ?? 0);
                await run.ShowAsync(StageState.Running, "groups verified", done, run.Groups.Count);
            }
            parts = failing;
        }
        var readAt = run.Now;
        return await run.CallAsync<Verification>("JoinVerdicts", new JoinVerdictsInput { Verdicts = verdicts }) with { ReadAt = readAt };
    }
}
