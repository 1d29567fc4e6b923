using GwbCloud.Contracts.Commands;
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

        var undoing = UndoAsync(run, input.Ending, input.Most ?? int.MaxValue);
        await Alarms.BesideAsync(run, undoing, run.TimeAlarms());
        var (stopped, flagSawFalse) = await undoing;
        await run.AuditAsync(stopped ? "undo.incomplete" : "undo.complete");
        return new WayBackOutcome { Complete = !stopped, OnlyForward = flagSawFalse, Facts = run.KeptFacts, View = run.View };
    }

    /// <summary>The steps themselves.</summary>
    static async Task<(bool Stopped, bool FlagSawFalse)> UndoAsync(StageRun run, Ending? ending, int most)
    {
        var flagSawFalse = false;
        var stopped = false;
        var held = run.Facts.RulesMadeOn.Count > 0;
        // Asked anew after each step: one that has to go into staging mode again pushes what undoes that.
        for (var done = 0; !stopped && done < most && InOrder(run.Facts, ending) is [var kind, ..]; done++)
        {
            try
            {
                if (kind == UndoKind.RemoveRules && run.Facts.SwitchAttempted) { await DemandFlagTrueForADayAsync(run); }
                if (FlagWatch.Guards(kind)) { await FlagWatch.DemandOnAsync(run, kind); }
                await UndoSteps.DoAsync(run, kind);
                run.Facts = run.Facts with { Undo = [.. run.Facts.Undo.Where(u => u.Kind != kind)] };
                await run.KeepFactsAsync();
                await run.ShowAsync(run.View with { Stages = StageUndo.Mark(run.View.Stages, kind, run.Facts.Undo) });
                await run.AuditAsync("undo.done", detail: kind.ToString());
            }
            catch (StageStoppedException stop)
            {
                stopped = true;
                flagSawFalse = stop.Notice.Code == Notices.UndoRefused("").Code;
                run.Tell(flagSawFalse ? stop.Notice : Notices.UndoStuck(kind.ToString(), stop.Notice));
                await run.AuditAsync("undo.stopped", stop.Notice.Code, kind.ToString());
            }
            catch (TaskFailedException failure)
            {
                stopped = true;
                run.Tell(Notices.UndoStuck(kind.ToString(), Notices.ActivityFailed(failure)));
                await run.AuditAsync("undo.stopped", detail: kind.ToString());
            }
        }
        if (held && run.Facts.RulesMadeOn.Count == 0) { await Orphans.TellAsync(run); }
        return (stopped, flagSawFalse);
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

    /// <summary>A call whose answer was lost may still take effect hours later.</summary>
    static async Task DemandFlagTrueForADayAsync(StageRun run)
    {
        var until = run.Now + FlagMustReadTrueFor;
        while (run.Now < until)
        {
            await FlagWatch.DemandOnAsync(run, UndoKind.RemoveRules);
            await run.DelayAsync(TimeSpan.FromHours(1));
        }
    }
}

public sealed record WayBackInput
{
    /// <summary>The stage that ended, with facts and view.</summary>
    public required StageInput From { get; init; }

    /// <summary>What people decided; null when a condition failed, which is undone whole.</summary>
    public Ending? Ending { get; init; }

    /// <summary>So many steps, and back to whoever asked; null is all of them.</summary>
    public int? Most { get; init; }
}

public sealed record WayBackOutcome
{
    /// <summary>No step stopped it.</summary>
    public required bool Complete { get; init; }

    /// <summary>The flag no longer reads true: what is left must not be undone.</summary>
    public required bool OnlyForward { get; init; }
    public required MigrationFacts Facts { get; init; }
    public required MigrationView View { get; init; }
}
