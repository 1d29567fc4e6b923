using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.CloudSync;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Undoes what the stages pushed, last first; stops for a person rather than guess.</summary>
/// <remarks>
/// Before each step that removes a rule, a stamp or the job, or lets a server export again, it reads the flag: false or unknown refuses the
/// step and turns to the way forward. After a disable call was ever issued, staging is left with the rules in place, and they go only once
/// the flag has read true for a day.
/// </remarks>
public static class WayBackOrchestrator
{
    static readonly TimeSpan FlagMustReadTrueFor = TimeSpan.FromHours(24);

    /// <summary>What stays when people only want to go on another day.</summary>
    static readonly UndoKind[] KeptWhenPostponed = [UndoKind.RemoveCanaryObjects, UndoKind.RemoveCloudSync, UndoKind.UnstampAnchors];

    [Function(nameof(WayBackOrchestrator))]
    public static async Task<WayBackOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var input = context.GetInput<WayBackInput>() ?? throw new InvalidOperationException("The way back has no input.");
        var run = new StageRun(context, input.From);
        await run.ShowAsync(run.View with { State = MigrationState.RollingBack });
        await run.AuditAsync("undo.started", detail: input.Ending?.ToString());

        var flagSawFalse = false;
        foreach (var kind in InOrder(run.Facts, input.Ending))
        {
            try
            {
                if (kind == UndoKind.RemoveRules && run.Facts.SwitchAttempted) { await DemandFlagTrueForADayAsync(run); }
                await DemandFlagTrueAsync(run, kind);
                await UndoAsync(run, kind);
                run.Facts = run.Facts with { Undo = [.. run.Facts.Undo.Where(u => u.Kind != kind)] };
                await run.ShowAsync(run.View with { Stages = StageUndo.Mark(run.View.Stages, kind, run.Facts.Undo) });
                await run.AuditAsync("undo.done", detail: kind.ToString());
            }
            catch (StageStoppedException stop)
            {
                flagSawFalse = stop.Notice.Code == Notices.UndoRefused("").Code;
                run.Tell(flagSawFalse ? stop.Notice : Notices.UndoStuck(kind.ToString(), stop.Notice));
                await run.AuditAsync("undo.stopped", stop.Notice.Code, kind.ToString());
                break;
            }
            catch (TaskFailedException failure)
            {
                run.Tell(Notices.UndoStuck(kind.ToString(), Notices.ActivityFailed(failure.TaskName, failure.FailureDetails)));
                await run.AuditAsync("undo.stopped", detail: kind.ToString());
                break;
            }
        }
        var left = InOrder(run.Facts, input.Ending).Count;
        await run.AuditAsync(left == 0 ? "undo.complete" : "undo.incomplete");
        return new WayBackOutcome { Complete = left == 0, OnlyForward = flagSawFalse, Facts = run.Facts, View = run.View };
    }

    /// <summary>Last pushed first; once a disable was issued the rules come after staging and scheduler.</summary>
    internal static IReadOnlyList<UndoKind> InOrder(MigrationFacts facts, Ending? ending)
    {
        if (ending == Ending.DeniedAndLeft) { return []; }
        var keep = ending is Ending.Postponed or Ending.Expired ? KeptWhenPostponed : [];
        UndoKind[] last = [.. facts.Undo.Reverse().Select(u => u.Kind).Distinct().Except(keep)];
        if (!facts.SwitchAttempted) { return last; }
        UndoKind[] rules = [UndoKind.RemoveRules, UndoKind.RemoveStandbyRules];
        UndoKind[] servers = [UndoKind.LeaveStagingMode, UndoKind.RestoreScheduler, UndoKind.RestoreAutoUpgrade];
        return [.. last.Where(servers.Contains), .. last.Where(rules.Contains), .. last.Except(servers).Except(rules)];
    }

    static async Task DemandFlagTrueAsync(StageRun run, UndoKind kind)
    {
        var touchesProtection = kind is UndoKind.RemoveRules or UndoKind.RemoveStandbyRules or UndoKind.UnstampAnchors or UndoKind.RemoveCloudSync;
        // Exporting again is as grave: the server acts on whatever the flag is, whoever switched it.
        if (!touchesProtection && kind is not (UndoKind.LeaveStagingMode or UndoKind.RestoreScheduler)) { return; }

        var flag = await ReadFlagAsync(run);
        if (flag == false) { throw new StageStoppedException(Notices.UndoRefused(kind.ToString())); }
        if (flag is null) { throw new StageStoppedException(Notices.SwitchUnknown()); }
    }

    /// <summary>Asked for a quarter of an hour before unknown is taken for an answer.</summary>
    static async Task<bool?> ReadFlagAsync(StageRun run)
    {
        var until = run.Now.AddMinutes(run.Settings.SwitchPollMinutes);
        var flag = await LookAsync();
        while (flag is null && run.Now < until)
        {
            await run.DelayAsync(TimeSpan.FromMinutes(1));
            flag = await LookAsync();
        }
        return flag;

        async Task<bool?> LookAsync() => (await run.OnLeadAsync(new InspectServer())).Features.GroupWritebackV2;
    }

    /// <summary>A call whose answer was lost may still take effect hours later.</summary>
    static async Task DemandFlagTrueForADayAsync(StageRun run)
    {
        var until = run.Now + FlagMustReadTrueFor;
        while (run.Now < until)
        {
            await DemandFlagTrueAsync(run, UndoKind.RemoveRules);
            await run.DelayAsync(TimeSpan.FromHours(1));
        }
    }

    static async Task UndoAsync(StageRun run, UndoKind kind)
    {
        var input = new CloudSyncInput { MigrationId = run.Request.MigrationId, Plan = run.Request.Plan, Job = run.Facts.Job };
        switch (kind)
        {
            case UndoKind.RemoveRules or UndoKind.RemoveStandbyRules:
                await RemoveRulesAsync(run);
                break;
            case UndoKind.LeaveStagingMode:
                await LeaveStagingAsync(run);
                break;
            case UndoKind.RestoreScheduler:
                await Restore.SchedulerAsync(run);
                break;
            case UndoKind.RestoreAutoUpgrade:
                await Restore.AutoUpgradeAsync(run);
                break;
            case UndoKind.UnstampAnchors:
                await run.OnLeadAsync(new UnstampAnchors { Groups = run.Groups });
                break;
            case UndoKind.RemoveCloudSync:
                // A configuration that was there before stays, and so would the canaries' assignments.
                if (input.Job is { Created: false }) { await CanaryWork.UnassignAsync(run, input); }
                await run.CallAsync<CloudSyncFacts>("RemoveCloudSync", input);
                await KeptNames.GiveBackAsync(run);
                break;
            case UndoKind.RemoveCanaryObjects:
                await CanaryWork.RemoveObjectsAsync(run);
                break;
        }
    }

    /// <summary>Rules off, then an Initial while nothing is exported, and a look at what would be.</summary>
    static async Task RemoveRulesAsync(StageRun run)
    {
        var servers = run.Facts.RulesMadeOn;
        if (servers.Count == 0) { return; }

        // From before the rules: the drained one of the freeze, before it the standbys' own.
        var baseline = new CycleBaseline { KnownErrors = run.Facts.KnownErrors!, Pending = run.Facts.PendingBaseline! };
        foreach (var server in servers)
        {
            var now = await run.OnServerAsync(server, new RemoveCoexistenceRules());
            // Rules that stay behind would freeze every group for good, and nobody would know.
            if (now is not { Inbound: RuleState.Absent, Outbound: RuleState.Absent }) { throw new StageStoppedException(Notices.RulesStayed(server, now)); }
        }
        var cycles = await run.CyclesAsync(CyclePolicy.Initial, servers);
        await CycleProof.DemandExportsAsync(run, cycles, baseline, afterSwitch: false);
        run.Facts = run.Facts with { RulesMadeOn = [] };
    }

    static async Task LeaveStagingAsync(StageRun run)
    {
        await TaskDesk.StagingAsync(run, run.Lead, on: false, TimeSpan.FromHours(run.Settings.TaskHours));
        foreach (var cycle in await run.CyclesAsync(CyclePolicy.Delta, run.Lead))
        {
            if (cycle.Stopped is not null) { throw new StageStoppedException(cycle.Stopped); }
        }
    }
}

public sealed record WayBackInput
{
    /// <summary>The stage that ended, with facts and view.</summary>
    public required StageInput From { get; init; }

    /// <summary>What people decided; null when a condition failed, which is undone whole.</summary>
    public Ending? Ending { get; init; }
}

public sealed record WayBackOutcome
{
    public required bool Complete { get; init; }

    /// <summary>The flag no longer reads true: what is left must not be undone.</summary>
    public required bool OnlyForward { get; init; }
    public required MigrationFacts Facts { get; init; }
    public required MigrationView View { get; init; }
}
