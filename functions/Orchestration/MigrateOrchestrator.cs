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
        try
        {
            return request.TakenUp > 0 ? await TakeUpAsync(run) : await RunAsync(run);
        }
        catch (Exception fault) when (fault is TaskFailedException || StageRun.IsOurs(fault))
        {
            // Not a stage, which ends blocked, but what leads from one to the next. What was done by then must still find its way.
            return await run.FailAsync(fault);
        }
    }

    static async Task<MigrationResult> RunAsync(Migration run)
    {
        // Nothing stands still yet: what is written here nobody notices.
        StageName[] preparation = [StageName.PrepareCloudSync, StageName.StampAnchors, StageName.RehearseOnStandby, StageName.ApprovePlan];
        // The window: from here to the end of staging the tenant's exports stand still.
        StageName[] window = [StageName.FreezeAndDrain, StageName.EnterStagingMode, StageName.CoexistenceRules, StageName.FirstFullSync];
        foreach (var stage in (StageName[])[.. preparation, .. window])
        {
            var end = await run.StageAsync(stage);
            // An approval that is void before the window opens is asked for again.
            while (end is { End: StageEnd.AskAgain }) { end = await run.StageAsync(StageName.ApprovePlan) ?? await run.StageAsync(stage); }
            if (end is not null) { return await GoBackAsync(run, stage, end); }
        }

        if (await run.SwitchAsync() is { } ended)
        {
            return ended.End == StageEnd.Parked
                ? await run.EndAsync(MigrationOutcome.NeedsAttention)
                : await GoBackAsync(run, StageName.DisableGroupWritebackV2, ended);
        }

        // There is no way back from here, only forward.
        return await GoForwardAsync(run, WayForward.AfterSwitch);
    }

    /// <summary>One that ended in needsAttention, or failed whole, goes on from its end: back when the flag was on, forward when it was off.</summary>
    static async Task<MigrationResult> TakeUpAsync(Migration run)
    {
        var standing = await run.TakeUpAsync() ?? throw new InvalidOperationException("Nothing was kept of the migration that is to be taken up.");
        return run.Facts.SwitchedOff ? await GoForwardAsync(run) : await GoBackAsync(run, standing.Stage, standing.Ending);
    }

    /// <summary>Back, unless somebody else switched.</summary>
    static Task<MigrationResult> GoBackAsync(Migration run, StageName stage, StageOutcome end)
        => end.End == StageEnd.SwitchedElsewhere ? GoForwardAsync(run) : GoBackAsync(run, stage, end.Ending);

    /// <summary>Back; and forward all the same when the flag turns out to be off.</summary>
    static async Task<MigrationResult> GoBackAsync(Migration run, StageName stage, Ending? ending)
    {
        var back = await run.GoBackAsync(stage, ending);
        return run.Facts.SwitchedOff ? await GoForwardAsync(run) : back;
    }

    /// <summary>Not straight from the switch: what the servers show decides where the way forward is entered.</summary>
    static async Task<MigrationResult> GoForwardAsync(Migration run) => await run.WayForwardAsync() is { } stages
        ? await GoForwardAsync(run, stages)
        : await run.EndAsync(MigrationOutcome.NeedsAttention);

    static async Task<MigrationResult> GoForwardAsync(Migration run, IReadOnlyList<StageName> stages)
    {
        foreach (var stage in stages)
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
