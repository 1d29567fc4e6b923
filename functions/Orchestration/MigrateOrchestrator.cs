using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>
/// The whole migration, in reading order: prepare, first gate, freeze, stage, second gate, switch, and forward from there.
/// </summary>
/// <remarks>
/// Stages are sub-orchestrations, so this history stays short at any size of tenant. Before the switch a stage that can't go on leads
/// back; after it the migration parks for a person and then goes on from the same stage.
/// </remarks>
public static class MigrateOrchestrator
{
    /// <summary>The name under which the API starts it.</summary>
    public const string Name = "Migrate";

    [Function(Name)]
    public static async Task<MigrationResult> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var request = context.GetInput<MigrationRequest>() ?? throw new InvalidOperationException("A migration has no request.");
        var plan = await context.CallActivityAsync<MigrationPlan>("LoadPlan", new DocumentBox { Document = request.Plan }, Retries.Standard);
        var run = new Migration(context, request, plan);

        // Nothing stands still yet: what is written here nobody notices.
        StageName[] preparation = [StageName.PrepareCloudSync, StageName.StampAnchors, StageName.RehearseOnStandby, StageName.ApprovePlan];
        foreach (var stage in preparation)
        {
            if (await run.StageAsync(stage) is { } end) { return await run.GoBackAsync(stage, end); }
        }

        // The window: from here to the end of staging the tenant's exports stand still.
        StageName[] window = [StageName.FreezeAndDrain, StageName.EnterStagingMode, StageName.CoexistenceRules, StageName.FirstFullSync];
        foreach (var stage in window)
        {
            if (await run.StageAsync(stage) is { } end) { return await run.GoBackAsync(stage, end); }
        }

        if (await run.SwitchAsync() is { } ended)
        {
            if (ended.End == StageEnd.Parked) { return await run.EndAsync(MigrationOutcome.NeedsAttention); }
            var back = await run.GoBackAsync(StageName.DisableGroupWritebackV2, ended);
            if (!run.Facts.SwitchedOff) { return back; }
        }

        // There is no way back from here, only forward.
        StageName[] forward =
        [
            StageName.SecondFullSync, StageName.LeaveStagingMode, StageName.ResumeScheduler, StageName.StartCloudSync, StageName.VerifyMigration,
        ];
        foreach (var stage in forward)
        {
            if (!await run.ForwardAsync(stage)) { return await run.EndAsync(MigrationOutcome.NeedsAttention); }
        }
        return await run.EndAsync(MigrationOutcome.Completed);
    }
}

/// <summary>Output of the orchestration <c>Migrate</c>.</summary>
public sealed record MigrationResult
{
    public required string MigrationId { get; init; }
    public required MigrationOutcome Outcome { get; init; }
}
