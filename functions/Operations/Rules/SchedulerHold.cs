using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Operations.Rules;

/// <summary>Connect at rest while an operation works: the scheduler off, no cycle under way, and the scheduler as it was afterwards, also after a failure.</summary>
/// <param name="work">The running operation.</param>
/// <param name="changes">Document of <see cref="ValueChange"/>: the plan's, with which the scheduler's value is kept.</param>
sealed class SchedulerHold(OperationWork work, DocumentReference changes)
{
    /// <summary>Part under which the scheduler's value before is kept: behind those of the operation.</summary>
    const int SchedulerPart = 99_999;

    const string SchedulerTarget = "scheduler";

    /// <summary>A full synchronisation of a large tenant takes hours.</summary>
    const int MostLooks = 12 * 60;

    static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    /// <param name="server">Whom the scheduler is set by; what it is counts for all.</param>
    /// <param name="idle">Servers whose cycles are waited for.</param>
    /// <param name="act">What is done meanwhile.</param>
    public async Task<OperationResult> WithinAsync(string server, IReadOnlyList<string> idle, Func<Task<OperationResult>> act)
    {
        var scheduler = await HoldAsync(server);
        OperationResult result;
        try
        {
            foreach (var one in idle) { await AwaitIdleAsync(one); }
            result = await act();
        }
        catch (Exception failed) when (Notices.WhyOf(failed) is not null)
        {
            await ResumeAsync(server, scheduler);
            throw;
        }

        await ResumeAsync(server, scheduler);
        return result;
    }

    /// <summary>Turns the scheduler off; whether it was on is kept once, so that a second run still knows.</summary>
    async Task<bool> HoldAsync(string server)
    {
        var before = (await work.AskAsync(server, new SetScheduler { Enabled = false })).Before.Enabled ? WritebackWords.On : WritebackWords.Off;
        var part = work.View.Backwards ? SchedulerPart - 1 : SchedulerPart;
        var kept = await work.CallAsync<KeptPart>(nameof(RuleActivities.KeepRuleValue), new RuleKeep
        {
            Part = new() { OperationId = work.Request.OperationId, Kind = ValueKind.ServerRule, Changes = changes, Part = part, From = part, Count = 1 },
            Changes = [new() { Target = SchedulerTarget, Before = before, After = "held" }],
            Now = new() { [SchedulerTarget] = before },
        });
        return kept.Values.Any(value => value.Before == WritebackWords.On);
    }

    async Task ResumeAsync(string server, bool enabled)
    {
        if (enabled) { await work.AskAsync(server, new SetScheduler { Enabled = true }); }
    }

    async Task AwaitIdleAsync(string server)
    {
        for (var look = 0; look < MostLooks; look++)
        {
            if (await work.AskAsync(server, new InspectServer()) is { Scheduler.CycleInProgress: false }) { return; }
            await work.Context.CreateTimer(Look, CancellationToken.None);
        }

        throw new StageStoppedException(Notices.ServerStaysBusy(server));
    }
}
