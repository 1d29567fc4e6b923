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
        if (run.Plan.Setup == CloudSyncSetupMode.VerifyOnly) { await AskForThresholdAsync(run, input); }
        await UnassignAsync(run, input);
        await RemoveObjectsAsync(run);
    }

    /// <summary>At the lowest threshold the canaries' leaving would put the job into quarantine, and the settings are not ours to write.</summary>
    static Task AskForThresholdAsync(StageRun run, CloudSyncInput input) => TaskDesk.DoAsync(
        run,
        new NewTask
        {
            Kind = TaskKind.CorrectConfiguration,
            Title = $"End the watch over every single delete ({run.Plan.Domain})",
            Why = "The migration is proved. At a threshold of one the job would stop itself at the first group that leaves its scope, the canaries first.",
            Steps =
            [
                PortalWords.OpenConfiguration(run),
                $"Properties: set the threshold of accidental delete prevention to its everyday value ({SecretsMerge.DefaultThreshold} by default).",
                "Save, come back and choose Check now.",
            ],
        },
        TimeSpan.FromHours(run.Settings.TaskHours),
        async _ =>
        {
            var facts = await run.CallAsync<CloudSyncFacts>("ReadCloudSync", input);
            return new ReadBack(!facts.StopsAtFirstDelete, facts.StopsAtFirstDelete ? "the first delete would stop the job" : "the threshold is above one");
        });

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
                    $"Open the enterprise application {PortalWords.Application(run)} in the Microsoft Entra admin center, Users and groups.",
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
