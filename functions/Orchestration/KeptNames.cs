using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Functions.Orchestration;

/// <summary>What groups hold in GroupDN, written and given back some groups at a time: a tenant's worth takes longer than an activity may.</summary>
static class KeptNames
{
    public static Task WriteAsync(StageRun run) => InPartsAsync(run, run.Stage, "WriteGroupDn", "groups get the names that they keep");

    public static Task GiveBackAsync(StageRun run) => InPartsAsync(run, StageName.PrepareCloudSync, "GiveBackGroupDn", "what groups held in GroupDN is given back");

    static async Task InPartsAsync(StageRun run, StageName shown, string activity, string what)
    {
        var part = new GroupDnInput { MigrationId = run.Request.MigrationId, Plan = run.Request.Plan, From = 0 };
        GroupDnProgress progress;
        do
        {
            progress = await run.CallAsync<GroupDnProgress>(activity, part);
            if (progress.Total > 0)
            {
                // The state of a stage that is undone is another's to say.
                await run.ShowAsync(run.View with
                {
                    Stages = [.. run.View.Stages.Select(s => s.Name == shown ? s with { Detail = what, Done = progress.Done, Total = progress.Total } : s)],
                });
            }
            part = part with { From = progress.Done };
        }
        while (progress.Done < progress.Total);
    }
}
