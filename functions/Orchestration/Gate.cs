using GwbCloud.Functions.Approvals;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Waits at a gate until people have decided or its time is up. Expiry never approves.</summary>
static class Gate
{
    public static async Task<GateTally> WaitAsync(StageRun run, OpenGate gate)
    {
        var context = run.Context;
        await run.ShowAsync(run.View with { Gate = gate, State = MigrationState.Waiting });
        await run.ShowAsync(StageState.Waiting, $"waits for {gate.Required} approvals");
        await run.AuditAsync("gate.opened", gate.EvidenceDigest);

        using var stop = new CancellationTokenSource();
        var deadline = context.CreateTimer(gate.Deadline.UtcDateTime, stop.Token);
        var decision = context.WaitForExternalEvent<DecisionArrived>(MigrationEvents.Decision, stop.Token);
        var request = context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.OperatorRequest, stop.Token);
        var tally = await TallyAsync();
        while (tally.State == GateState.Pending)
        {
            var first = await Task.WhenAny(decision, request, deadline);
            if (first == request)
            {
                var ending = (await request).Ending();
                request = context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.OperatorRequest, stop.Token);
                if (ending is not null) { tally = tally with { State = ending == Ending.Postponed ? GateState.Postponed : GateState.Denied }; }
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
        await run.AuditAsync($"gate.{tally.State}".ToLowerInvariant(), gate.EvidenceDigest);
        await run.ShowAsync(run.View with { Gate = null, State = MigrationState.Running });
        return tally;

        Task<GateTally> TallyAsync() => run.CallAsync<GateTally>(
            "TallyGate", new TallyInput { MigrationId = run.Request.MigrationId, Gate = gate });
    }
}
