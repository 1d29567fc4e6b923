using GwbCloud.Contracts.Commands;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration.Stages;

/// <summary>Rules and an Initial cycle on the standby servers, which export nothing: what would happen is seen before anybody decides.</summary>
public static class RehearseOnStandbyStage
{
    [Function(nameof(RehearseOnStandbyStage))]
    public static Task<StageOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context) => StageRun.RunAsync(context, RunAsync);

    static async Task<StageOutcome> RunAsync(StageRun run)
    {
        string[] standbys = [.. run.Plan.Standbys.Select(s => s.Name)];
        if (standbys.Length == 0) { return run.Skipped("no staging server: the first gate rests on the assessment"); }

        // What was there before the rules: errors and pending exports of every day.
        var before = await CycleProof.BaselineAsync(run, standbys, takesNewErrors: true);
        run.Facts = run.Facts with { KnownErrors = before.KnownErrors, PendingBaseline = before.Pending };

        await run.PushUndoAsync(UndoKind.RemoveStandbyRules);
        await CoexistenceRuleWork.AddAsync(run, standbys);
        var cycles = await run.CyclesAsync(CyclePolicy.Initial, standbys);
        await CycleProof.DemandAsync(run, cycles, before, afterSwitch: false);
        run.Facts = run.Facts with { Rehearsal = await EvidenceWork.RehearsalAsync(run, before) };
        return run.Done($"{string.Join(", ", standbys)}: every planned group held by the JoinNoFlow rule, nothing pending that was not there before");
    }
}
