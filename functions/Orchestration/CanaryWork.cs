using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Functions.Orchestration;

/// <summary>The canaries' end: out of scope, then their objects, each only by its recorded objectGUID and its own anchor.</summary>
static class CanaryWork
{
    public static async Task RemoveAsync(StageRun run, CloudSyncInput input)
    {
        await run.CallAsync<CloudSyncFacts>("UnassignCanaries", input);
        await RemoveObjectsAsync(run);
    }

    public static async Task RemoveObjectsAsync(StageRun run)
    {
        // One that the canary cycle made and that was never looked at is found by its anchor, which only our canaries bear.
        var found = await run.OnLeadAsync(new FindByAnchor { Anchors = [Anchors.Of(run.Plan.Canaries.New), Anchors.Of(run.Plan.Canaries.Match)] });
        var canaries = run.Facts.CanaryObjects
            .Concat(found.Objects.Select(o => new CanaryIdentity { ObjectGuid = o.Group.ObjectGuid, Anchor = o.Group.ExternalDirectoryObjectId! }))
            .DistinctBy(c => c.ObjectGuid);
        await run.OnLeadAsync(new RemoveCanaryObjects { Canaries = [.. canaries] });
        run.Facts = run.Facts with { CanaryObjects = [] };
    }
}
