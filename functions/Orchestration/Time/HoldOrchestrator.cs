using GwbCloud.Functions.Orchestration.Guards;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Waits before a stage until an operator releases it. Silence never releases: at its bound a hold ends the other way.</summary>
public static class HoldOrchestrator
{
    [Function(nameof(HoldBeforeStage))]
    public static async Task<StageOutcome> HoldBeforeStage([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var run = new StageRun(context, context.GetInput<StageInput>() ?? throw new InvalidOperationException("A hold has no input."));
        var until = run.Limits.HoldUntil(run.Stage, run.Now);
        if (until <= run.Now)
        {
            run.Tell(Notices.HoldNotPossible(run.Stage));
            return run.Keep(run.Done("not held"));
        }

        var before = run.View;
        await run.ShowAsync(run.View with { State = MigrationState.Waiting, Hold = new() { Before = run.Stage, Since = run.Now, Until = until } });
        await run.ShowAsync(StageState.Waiting, $"held, until {until:u} at the latest");
        await run.AuditAsync("hold.began");
        var waiting = WaitAsync(run, until);
        await Alarms.BesideAsync(run, waiting, [.. Alarm.Along($"hold-{run.Stage}", run.Now, until, u => Notices.HoldWaits(run.Stage, u), Reminders.Hold), .. run.TimeAlarms()]);
        var (ending, asked, verdict) = await waiting;
        await run.ShowAsync(run.View with { State = before.State, Hold = null });
        if (Stopped(run, verdict, released: ending is null) is { } stopped)
        {
            await run.AuditAsync("hold.stopped", stopped.View.Notices is [.., var last] ? last.Code : null);
            return run.Keep(stopped);
        }
        await run.AuditAsync(ending switch { null => "hold.released", Ending.Expired => "hold.expired", _ => "hold.ended" });
        return run.Keep(ending switch
        {
            null => run.Done("released"),
            Ending.Expired when run.Facts.SwitchedOff => run.Blocked(Notices.HoldExpired(run.Stage, until)),
            Ending.Expired => run.Ended(Ending.Expired, Notices.HoldExpired(run.Stage, until)),
            // Past the switch nothing ends: the main orchestration parks, and tells what the stop came to.
            _ when run.Facts.SwitchedOff => run.Ended(ending.Value, Notices.GateEnded("hold", $"an operator asked for a stop before {run.Stage}")),
            _ => run.EndedBy(asked!),
        });
    }

    /// <summary>What the guards saw counts more than a release; null when nothing speaks against going on.</summary>
    static StageOutcome? Stopped(StageRun run, GuardVerdict verdict, bool released) => verdict.Effect switch
    {
        GuardEffect.Forward => run.SwitchedElsewhere(GuardError.Notice(verdict.Changes[0])),
        GuardEffect.Stop => run.Blocked(GuardError.Notice(verdict.Changes[0])),
        // The stage behind acts on an approval; every other one looks, or asks, for itself.
        GuardEffect.AskAgain or GuardEffect.Hold when released && run.Stage == StageName.DisableGroupWritebackV2 => run.AskAgain(GuardError.Void("switch", verdict.Changes)),
        _ => null,
    };

    /// <summary>The ending is null when it was released; somebody asked for any other than expiry.</summary>
    static async Task<(Ending? Ending, OperatorRequest? Asked, GuardVerdict Verdict)> WaitAsync(StageRun run, DateTimeOffset until)
    {
        using var stop = new WaitScope();
        var bound = run.Context.CreateTimer(until.UtcDateTime, stop.Token);
        var asked = run.Context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.OperatorRequest, stop.Token);
        await using var guard = GuardPhases.Held(run.Stage, run.Facts.SwitchedOff) is { } phase ? GuardPost.Open(run, phase) : null;
        var verdict = GuardVerdict.Nothing;
        Ending? ending = Ending.Expired;
        OperatorRequest? wish = null;
        while (verdict.Effect < GuardEffect.Stop
            && await Task.WhenAny([asked, bound, .. guard is null ? Array.Empty<Task>() : [guard.Noticed]]) is var first && first != bound)
        {
            if (first == guard?.Noticed)
            {
                if (await guard.TakeAsync() is var taken && taken.Effect > verdict.Effect) { verdict = taken; }
                continue;
            }
            var request = await asked;
            if (request.Action == OperatorAction.Release)
            {
                ending = null;
                break;
            }
            // Past the switch there is only stop, which holds in the main orchestration.
            if (request.Ending() is { } other && (!run.Facts.SwitchedOff || request.Action == OperatorAction.Stop))
            {
                (ending, wish) = (other, request);
                break;
            }
            asked = run.Context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.OperatorRequest, stop.Token);
        }
        stop.Cancel();
        if (guard is not null && await guard.CloseAsync() is var last && last.Effect > verdict.Effect) { verdict = last; }
        return (ending, wish, verdict);
    }
}
