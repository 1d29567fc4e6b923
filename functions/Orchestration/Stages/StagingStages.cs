using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Orchestration.Guards;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration.Stages;

/// <summary>The active server stops exporting. Step 2 of the how-to; the wizard is the only supported way.</summary>
public static class EnterStagingModeStage
{
    [Function(nameof(EnterStagingModeStage))]
    public static Task<StageOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context) => StageRun.RunAsync(context, RunAsync);

    static async Task<StageOutcome> RunAsync(StageRun run)
    {
        // From here on rather than from the moment it reads on: people turn it on some minutes before that is looked at.
        run.Facts = run.Facts with { StagingSince = run.Now };
        await run.PushUndoAsync(UndoKind.LeaveStagingMode);
        await TaskDesk.StagingAsync(
            run, run.Lead, on: true, TimeSpan.FromMinutes(run.Settings.WindowTaskMinutes), phase: run.Facts.SwitchedOff ? GuardPhase.AfterTheirSwitch : GuardPhase.Drained);
        return run.Done($"{run.Lead} is in staging mode");
    }
}

/// <summary>Both rules on every server. Steps 3 and 4 of the how-to.</summary>
public static class CoexistenceRulesStage
{
    [Function(nameof(CoexistenceRulesStage))]
    public static Task<StageOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context) => StageRun.RunAsync(context, RunAsync);

    static async Task<StageOutcome> RunAsync(StageRun run)
    {
        await run.PushUndoAsync(UndoKind.RemoveRules);
        if (!run.Facts.SwitchedOff) { await GuardDuty.LookAsync(run, GuardPhase.Staging); }
        await CoexistenceRuleWork.AddAsync(run, run.Servers);
        return run.Done($"both rules as specified on {string.Join(", ", run.Servers)}");
    }
}

/// <summary>An Initial cycle on each server, all in staging: what would be exported is looked at. Step 5 of the how-to.</summary>
public static class FirstFullSyncStage
{
    [Function(nameof(FirstFullSyncStage))]
    public static Task<StageOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context) => StageRun.RunAsync(context, RunAsync);

    static async Task<StageOutcome> RunAsync(StageRun run)
    {
        // A full cycle of a server that exports acts before anybody can look at it.
        await GuardDuty.LookAsync(run, GuardPhase.Staging);
        await GuardDuty.BesideAsync(run, GuardPhase.RulesInPlace, async () =>
        {
            var cycles = await run.CyclesAsync(CyclePolicy.Initial, run.Servers);
            await CycleProof.DemandAsync(run, cycles, run.Baseline, afterSwitch: false);
        });
        return run.Done("every group held by the JoinNoFlow rule on every server, nothing pending that was not allowed");
    }
}

/// <summary>An Initial cycle on each server after the switch, still in staging. Step 5 of the how-to.</summary>
public static class SecondFullSyncStage
{
    [Function(nameof(SecondFullSyncStage))]
    public static Task<StageOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context) => StageRun.RunAsync(context, RunAsync);

    static async Task<StageOutcome> RunAsync(StageRun run)
    {
        // Nobody may have touched them since, or they are made good: without them an Initial lets the groups go.
        await CoexistenceRuleWork.AddAsync(run, run.Servers);
        await GuardDuty.LookAsync(run, GuardPhase.SwitchedOff);
        await GuardDuty.BesideAsync(run, GuardPhase.SwitchedOff, async () =>
        {
            var cycles = await run.CyclesAsync(CyclePolicy.Initial, run.Servers);
            await CycleProof.DemandAsync(run, cycles, run.Baseline, afterSwitch: true);
        });
        run.Facts = run.Facts with { WentEntraOnly = false };
        return run.Done("the difference to be exported is within what was approved");
    }
}

/// <summary>Staging off with the scheduler still off, one supervised Delta, and the OU compared. Step 6 of the how-to.</summary>
public static class LeaveStagingModeStage
{
    [Function(nameof(LeaveStagingModeStage))]
    public static Task<StageOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context) => StageRun.RunAsync(context, RunAsync);

    static async Task<StageOutcome> RunAsync(StageRun run)
    {
        // Since the proof a hold, or a person who was waited for, may have taken days.
        if ((await run.OnLeadAsync(new InspectServer())).Staging) { await CycleProof.DemandPendingAsync(run, run.Lead, run.Baseline, afterSwitch: true); }
        await TaskDesk.StagingAsync(run, run.Lead, on: false, TimeSpan.FromMinutes(run.Settings.WindowTaskMinutes), phase: GuardPhase.LeavingStaging);
        run.Facts = run.Facts with { StagingSince = null };
        // The export that follows acts on whatever the rules are now.
        await GuardDuty.LookAsync(run, GuardPhase.LeavingStaging);
        await run.DeltaAsync();
        var judged = await DirectoryWatch.CompareAsync(run, takenOver: []);
        return judged.Reasons.Count == 0
            ? run.Done($"one supervised Delta; {judged.Summary}")
            : run.Blocked(Notices.DirectoryChanged(judged.Reasons));
    }
}

/// <summary>The scheduler and automatic upgrade as they were. End of step 5 of the how-to, put last because only now nothing is left to look at.</summary>
public static class ResumeSchedulerStage
{
    [Function(nameof(ResumeSchedulerStage))]
    public static Task<StageOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context) => StageRun.RunAsync(context, RunAsync);

    static async Task<StageOutcome> RunAsync(StageRun run)
    {
        await Restore.SchedulerAsync(run);
        await Restore.AutoUpgradeAsync(run);
        return run.Done($"scheduler {(run.Facts.SchedulerBefore == true ? "on" : "as before: off")}, automatic upgrade as before");
    }
}
