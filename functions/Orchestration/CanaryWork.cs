using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Functions.Orchestration;

/// <summary>The canaries' end: out of scope, then their objects, each only by its recorded objectGUID and its own anchor.</summary>
static class CanaryWork
{
    public static async Task RemoveAsync(StageRun run, CloudSyncInput input)
    {
        await run.CallAsync<CloudSyncFacts>("RelaxThreshold", input);
        await UnassignAsync(run, input);
        await RemoveObjectsAsync(run);
    }

    /// <summary>Out of scope, by whom the plan says.</summary>
    public static async Task UnassignAsync(StageRun run, CloudSyncInput input)
    {
        if (run.Plan.AssignScope == ScopeAssignment.App)
        {
            await run.CallAsync<CloudSyncFacts>("UnassignCanaries", input);
            return;
        }

        await TaskDesk.DoAsync(
            run,
            new NewTask
            {
                Kind = TaskKind.UnassignCanaries,
                Title = $"Take the canaries out of scope ({run.Plan.Domain})",
                Why = "They proved Cloud Sync and are no longer needed. Scope assignments are yours, also their end.",
                Steps =
                [
                    $"Open the enterprise application '{run.Plan.Domain}' in the Microsoft Entra admin center, Users and groups.",
                    $"Remove the assignments of the groups {string.Join(", ", run.Plan.Canaries.All.Select(id => id.ToString("D")))}, those that are there.",
                    "Come back and choose Check now.",
                ],
            },
            TimeSpan.FromHours(run.Settings.TaskHours),
            async _ =>
            {
                var facts = await run.CallAsync<CloudSyncFacts>("ReadCloudSync", input);
                return new ReadBack(facts.CanariesInScope == 0, $"{facts.CanariesInScope} canaries are assigned");
            });
    }

    public static async Task RemoveObjectsAsync(StageRun run)
    {
        // One that the canary cycle made and that was never looked at is found by its anchor, which only our canaries bear.
        // So is the one that must stay out, if it did not.
        var found = await run.OnLeadAsync(new FindByAnchor { Anchors = [.. run.Plan.Canaries.All.Select(Anchors.Of)] });
        var canaries = run.Facts.CanaryObjects
            .Concat(found.Objects.Select(o => new CanaryIdentity { ObjectGuid = o.Group.ObjectGuid, Anchor = o.Group.ExternalDirectoryObjectId! }))
            .DistinctBy(c => c.ObjectGuid);
        await run.OnLeadAsync(new RemoveCanaryObjects { Canaries = [.. canaries] });
        run.Facts = run.Facts with { CanaryObjects = [] };
    }
}
