using GwbCloud.Functions.Orchestration;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Operations;

/// <summary>The two orchestrations of every operation: one reads and plans, one writes what was planned or takes it back.</summary>
/// <remarks>
/// A plan has an instance of its own, its id the operation's: it writes nothing, so any number may be made beside anything. Whatever writes has
/// the one instance <c>operation</c>, and the API starts it only while no migration is under way, as it starts no migration beside it.
/// </remarks>
public static class OperationOrchestrators
{
    public const string PlanName = "PlanOperation";
    public const string RunName = "RunOperation";

    [Function(PlanName)]
    public static async Task<OperationView> Plan([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var request = context.GetInput<OperationRequest>() ?? throw new InvalidOperationException("An operation has no request.");
        var operation = OperationKinds.Of(request.Terms);
        var work = new OperationWork(context, request, OperationViews.Fresh(request, context.CurrentUtcDateTime));
        await work.AuditAsync("operation.asked", operation.Kind, request.RequestedBy);
        try
        {
            var draft = await operation.PlanAsync(work);
            var bound = await work.CallAsync<BoundPlan>(nameof(OperationActivities.BindPlan), new OperationPlan
            {
                OperationId = request.OperationId,
                Terms = request.Terms,
                Draft = draft,
                PlannedAt = context.CurrentUtcDateTime,
                ValidUntil = context.CurrentUtcDateTime.AddHours(request.Settings.PlanValidHours),
            });
            await work.AuditAsync("operation.planned", $"{bound.Plan.Total} values, plan {bound.Hash}");
            await work.ShowAsync(view => OperationViews.Planned(view, bound, operation.ReadsOnly));
        }
        catch (Exception failed) when (Notices.WhyOf(failed) is not null)
        {
            await work.ShowAsync(view => OperationViews.Ended(view, OperationOutcome.NotPlanned, context.CurrentUtcDateTime) with { Notices = [Notices.WhyOf(failed)!] });
        }

        if (OperationVerbs.WaitsForApproval(work.View)) { await OperationApprovalWait.WaitAsync(work); }
        return work.View;
    }

    [Function(RunName)]
    public static async Task<OperationView> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var run = context.GetInput<OperationRun>() ?? throw new InvalidOperationException("An operation has no input.");
        var operation = OperationKinds.Of(run.Request.Terms);
        using var waiting = new WaitScope();
        var stop = context.WaitForExternalEvent<string>(OperationWork.StopEvent, waiting.Token);
        var work = new OperationWork(context, run.Request, OperationViews.Running(run, context.CurrentUtcDateTime), run, stop);
        try
        {
            await work.ShowAsync(view => view);
            if (await work.CallAsync<string>(nameof(OperationActivities.FindMigrationUnderWay), null) is { Length: > 0 } migration)
            {
                throw new StageStoppedException(OperationError.MigrationBegan.Notice($"{migration} is under way; nothing was written."));
            }

            await work.AuditAsync(run.Undo ? "operation.undo" : "operation.started", operation.Kind, run.By);
            var result = run.Undo ? await operation.UndoAsync(work) : await operation.RunAsync(work);
            if (result.Stopped)
            {
                result = result with { Notices = [.. result.Notices, OperationError.OperationStopped.Notice("It was stopped between two parts.")] };
            }

            var outcome = OperationViews.OutcomeOf(run.Undo, result);
            await work.AuditAsync("operation.ended", $"{outcome}, {result.Written} values written by it stand");
            await work.ShowAsync(view => OperationViews.Ended(view.Telling(result.Notices), outcome, context.CurrentUtcDateTime) with
            {
                Written = result.Written, Left = result.Left,
            });
        }
        catch (Exception failed) when (Notices.WhyOf(failed) is not null)
        {
            await work.AuditAsync("operation.failed", Notices.WhyOf(failed)!.Code);
            await work.ShowAsync(view => OperationViews.Ended(view.Telling(Notices.WhyOf(failed)!), OperationOutcome.Failed, context.CurrentUtcDateTime));
        }

        return work.View;
    }
}
