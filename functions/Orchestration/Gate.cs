using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Orchestration.Guards;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Waits at a gate, guarded, until people have decided or its time is up. Expiry never approves.</summary>
static class Gate
{
    /// <summary>Opens the gate and waits. A change that voids the approval closes it whatever was decided; the caller asks again, or not.</summary>
    public static async Task<GateEnd> WaitAsync(StageRun run, OpenGate gate, GuardPhase phase)
    {
        var context = run.Context;
        await run.ShowAsync(run.View with { Gate = gate, State = MigrationState.Waiting });
        await run.ShowAsync(StageState.Waiting, $"waits for {gate.Required} approvals");
        await run.AuditAsync("gate.opened", gate.EvidenceDigest);

        using var stop = new WaitScope();
        var deadline = context.CreateTimer(gate.Deadline.UtcDateTime, stop.Token);
        var decision = context.WaitForExternalEvent<DecisionArrived>(MigrationEvents.Decision, stop.Token);
        var request = context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.OperatorRequest, stop.Token);
        await using var guard = GuardPost.Open(run, phase);
        var verdict = GuardVerdict.Nothing;
        OperatorRequest? asked = null;
        var tally = await TallyAsync();
        while (tally.State == GateState.Pending && asked is null && verdict.Effect < GuardEffect.AskAgain)
        {
            var first = await Task.WhenAny(decision, request, deadline, guard.Noticed);
            if (first == guard.Noticed)
            {
                verdict = await guard.TakeAsync();
                continue;
            }
            if (first == request)
            {
                var wish = await request;
                request = context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.OperatorRequest, stop.Token);
                if (wish.Ending() is not null) { asked = wish; }
                continue;
            }
            if (first == decision)
            {
                decision = context.WaitForExternalEvent<DecisionArrived>(MigrationEvents.Decision, stop.Token);
            }
            tally = await TallyAsync();
            // A decision that came in before the deadline counts, even when its event is late.
            if (first == deadline && tally.State == GateState.Pending) { tally = tally with { State = GateState.Expired }; }
            await run.ShowAsync(run.View with { Gate = gate with { Approved = tally.Approvals } });
        }
        // An uncancelled timer would keep the instance running.
        stop.Cancel();
        var last = await guard.CloseAsync();
        if (last.Effect > verdict.Effect) { verdict = last; }
        // What people want otherwise than to go on needs no fresh evidence; but somebody else's switch leaves nothing to deny.
        var isVoid = verdict.Effect == GuardEffect.Forward
            || (verdict.Effect >= GuardEffect.AskAgain && asked is null && tally.State is GateState.Pending or GateState.Approved);
        await run.AuditAsync(isVoid ? "gate.void" : asked is not null ? "gate.ended" : $"gate.{tally.State}".ToLowerInvariant(), gate.EvidenceDigest, isVoid ? null : asked?.Action.ToString());
        if (isVoid && verdict.Effect < GuardEffect.Stop) { run.Tell(GuardError.Void($"{gate.Gate}".ToLowerInvariant(), verdict.Changes)); }
        await run.ShowAsync(run.View with { Gate = null, State = MigrationState.Running });
        return new GateEnd { Tally = tally, Void = isVoid ? verdict : null, Asked = isVoid ? null : asked };

        Task<GateTally> TallyAsync() => run.CallAsync<GateTally>(
            "TallyGate", new TallyInput { MigrationId = run.Request.MigrationId, Gate = gate });
    }

    /// <summary>Waits, with no gate open, until nothing contradicts the plan any longer.</summary>
    /// <returns>Null when it may be asked again; otherwise why it is not.</returns>
    public static async Task<NotAskedAgain?> UntilClearAsync(StageRun run, GuardPhase phase, DateTimeOffset deadline)
    {
        await run.ShowAsync(StageState.Waiting, "waits until things are as the plan says again");
        using var stop = new WaitScope();
        var late = run.Context.CreateTimer(deadline.UtcDateTime, stop.Token);
        var request = run.Context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.OperatorRequest, stop.Token);
        await using var guard = GuardPost.Open(run, phase, untilClear: true);
        NotAskedAgain? end = null;
        GuardVerdict? verdict = null;
        while (end is null && verdict is not { Clear: true } and not { Effect: >= GuardEffect.Stop })
        {
            var first = await Task.WhenAny(request, late, guard.Noticed);
            if (first == guard.Noticed) { verdict = await guard.TakeAsync(); }
            else if (first == late) { end = new NotAskedAgain(); }
            else
            {
                var wish = await request;
                end = wish.Ending() is null ? null : new NotAskedAgain { Asked = wish };
                request = run.Context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.OperatorRequest, stop.Token);
            }
        }
        stop.Cancel();
        GuardDuty.Raise(await guard.CloseAsync());
        if (verdict is not null) { GuardDuty.Raise(verdict); }
        return end;
    }
}

/// <summary>How a gate ended.</summary>
sealed record GateEnd
{
    public required GateTally Tally { get; init; }

    /// <summary>What voided whatever was decided; null when the tally counts.</summary>
    public GuardVerdict? Void { get; init; }

    /// <summary>The operator's request that ended it before people had decided; the tally says nothing then.</summary>
    public OperatorRequest? Asked { get; init; }
}

/// <summary>Why a gate that was void is not opened again.</summary>
sealed record NotAskedAgain
{
    /// <summary>An operator asked for another end; null when the time is up.</summary>
    public OperatorRequest? Asked { get; init; }
}
