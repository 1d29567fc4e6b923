using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Operations;

/// <summary>A dangerous plan waits for a second person: people are reminded, and the plan expires when nobody has decided. Silence never approves.</summary>
static class OperationApprovalWait
{
    /// <summary>The decision is told by an event; should that be lost, it is found by looking.</summary>
    static readonly TimeSpan LookEvery = TimeSpan.FromHours(1);

    /// <summary>Waits until somebody has decided, and shows an end where that is one. Approved, the view belongs to whoever starts it.</summary>
    public static async Task WaitAsync(OperationWork work)
    {
        IWaiter who = work;
        var until = work.View.Plan!.ValidUntil;
        var waiting = DecidedAsync(work, who, until);
        await Alarms.BesideAsync(who, waiting, [.. Alarm.Along("approval", who.Now, until, OperationNotices.ApprovalWaits, Reminders.Approval)]);
        var answer = await waiting;
        if (answer.Decision is { Decision: Contracts.Approvals.ApprovalDecision.Approve }) { return; }

        var denied = answer.Decision is not null;
        await work.AuditAsync(denied ? "operation.denied" : "operation.expired");
        if (!denied) { who.Tell(OperationNotices.ApprovalExpired(until)); }
        await work.ShowAsync(view => OperationViews.Ended(view, denied ? OperationOutcome.Denied : OperationOutcome.Expired, who.Now));
    }

    static async Task<DecisionAnswer> DecidedAsync(OperationWork work, IWaiter who, DateTimeOffset until)
    {
        using var over = new WaitScope();
        var told = work.Context.WaitForExternalEvent<string>(OperationWork.DecisionEvent, over.Token);
        DecisionAnswer answer;
        do
        {
            using var stop = new WaitScope();
            var next = who.Now + LookEvery < until ? who.Now + LookEvery : until;
            if (await Task.WhenAny(told, work.Context.CreateTimer(next.UtcDateTime, stop.Token)) == told)
            {
                told = work.Context.WaitForExternalEvent<string>(OperationWork.DecisionEvent, over.Token);
            }

            answer = await work.Context.CallActivityAsync<DecisionAnswer>(nameof(OperationActivities.FindDecision), work.Request.OperationId, Retries.OwnStore);
        }
        while (answer.Decision is null && who.Now < until);
        return answer;
    }
}
