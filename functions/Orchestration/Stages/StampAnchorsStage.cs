using GwbCloud.Contracts.Commands;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration.Stages;

/// <summary>Copies the anchor of every planned group and reads it back through every global catalog. Step 1 of the how-to.</summary>
/// <remarks>Idempotent: a group that carries the right anchor is left alone, another value is a conflict and never overwritten.</remarks>
public static class StampAnchorsStage
{
    [Function(nameof(StampAnchorsStage))]
    public static Task<StageOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context) => StageRun.RunAsync(context, RunAsync);

    static async Task<StageOutcome> RunAsync(StageRun run)
    {
        // Before the first write: how everything was.
        var before = await run.OnLeadAsync(new SnapshotGroups { Groups = run.Groups });
        run.Facts = run.Facts with { FirstSnapshot = before.Snapshot };

        await run.PushUndoAsync(UndoKind.UnstampAnchors);
        var stamped = await run.OnLeadAsync(new StampAnchors { Groups = run.Groups });
        if (stamped.LeftAlone > 0) { return run.Blocked(Notices.AnchorConflicts(stamped)); }

        var verified = await AnchorWatch.UntilEverywhereAsync(run, run.Groups);
        run.Facts = run.Facts with { AnchorsVerified = true };
        return run.Done($"{stamped.Written} written, {stamped.AlreadyEqual} already equal, on {verified.Catalogs.Count} global catalogs");
    }
}
