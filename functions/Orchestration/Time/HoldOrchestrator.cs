using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Waits before a stage until an operator releases it. Silence never releases: at its bound a hold ends the other way.</summary>
public static class HoldOrchestrator
{
    static readonly int[] Reminders = [25, 50, 75, 90];

    [Function(nameof(HoldBeforeStage))]
    public static async Task<StageOutcome> HoldBeforeStage([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var run = new StageRun(context, context.GetInput<StageInput>() ?? throw new InvalidOperationException("A hold has no input."));
        var until = new TimeLimits(run.Request, run.Plan, run.Facts).HoldUntil(run.Stage, run.Now);
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
        await Alarms.BesideAsync(run, waiting, [.. Alarm.Along($"hold-{run.Stage}", run.Now, until, u => Notices.HoldWaits(run.Stage, u), Reminders), .. run.TimeAlarms()]);
        var ending = await waiting;
        await run.ShowAsync(run.View with { State = before.State, Hold = null });
        await run.AuditAsync(ending switch { null => "hold.released", Ending.Expired => "hold.expired", _ => "hold.ended" });
        return run.Keep(ending switch
        {
            null => run.Done("released"),
            Ending.Expired when run.Facts.SwitchedOff => run.Blocked(Notices.HoldExpired(run.Stage, until)),
            Ending.Expired => run.Ended(Ending.Expired, Notices.HoldExpired(run.Stage, until)),
            _ => run.Ended(ending.Value, Notices.GateEnded("hold", $"an operator asked for another end before {run.Stage}")),
        });
    }

    /// <summary>Null when it was released.</summary>
    static async Task<Ending?> WaitAsync(StageRun run, DateTimeOffset until)
    {
        using var stop = new CancellationTokenSource();
        var bound = run.Context.CreateTimer(until.UtcDateTime, stop.Token);
        var asked = run.Context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.OperatorRequest, stop.Token);
        Ending? ending = Ending.Expired;
        while (await Task.WhenAny(asked, bound) == asked)
        {
            var request = await asked;
            if (request.Action == OperatorAction.Release)
            {
                ending = null;
                break;
            }
            // Past the switch there is only stop, which holds in the main orchestration.
            if (request.Ending() is { } other && (!run.Facts.SwitchedOff || request.Action == OperatorAction.Stop))
            {
                ending = other;
                break;
            }
            asked = run.Context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.OperatorRequest, stop.Token);
        }
        stop.Cancel();
        return ending;
    }
}
