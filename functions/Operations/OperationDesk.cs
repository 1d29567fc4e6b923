using System.Globalization;
using System.Text.Json;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Orchestration;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Operations;

/// <summary>Has operations planned, started, stopped and undone: everything that can be refused is refused here, before anything is written outside.</summary>
public sealed class OperationDesk(
    OperationCatalog operations, MigrationTakeUp unfinished, StartTurn turn, AuditLog audit, TimeProvider clock, IOptions<OperationOptions> options)
{
    /// <summary>The terms of a kind, read as strictly as every body.</summary>
    /// <exception cref="ApiException">400 with the field's path.</exception>
    public static OperationTerms ReadTerms(string kind, JsonElement? terms)
    {
        var operation = OperationKinds.Find(kind)
            ?? throw ApiException.BadRequest(ApiError.FieldInvalid, "kind", $"one of {string.Join(", ", OperationKinds.All.Select(known => known.Kind))}");
        OperationTerms read;
        try
        {
            // A kind that has nothing to choose needs none.
            var given = operation.Terms.GetProperties().Length > 0 ? RequestReader.Required(terms, "terms") : terms ?? JsonSerializer.SerializeToElement(new { });
            read = (OperationTerms?)given.Deserialize(operation.Terms, ContractJson.Options)
                ?? throw ApiException.BadRequest(ApiError.FieldMissing, "terms");
        }
        catch (JsonException refused)
        {
            var path = refused.Path is { Length: > 2 } below && below[0] == '$' ? $"terms{below[1..]}" : "terms";
            throw ApiException.BadRequest(ApiError.FieldInvalid, path, "missing, unknown, or of the wrong type or range");
        }

        return read.Objection() is { } objection ? throw ApiException.BadRequest(ApiError.FieldInvalid, $"terms.{objection.Field}", objection.Why) : read;
    }

    /// <summary>Has an operation planned; its id. Nothing is written outside by that, so it is never refused for what else goes on.</summary>
    public async Task<string> PlanAsync(OperationTerms terms, Principal caller, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(client);
        OperationRequest request;
        do
        {
            request = new() { OperationId = RunIds.New('o', clock.GetUtcNow()), Terms = terms, RequestedBy = caller.ObjectId, Settings = options.Value.ToSettings() };
        }
        while (!await operations.TryAddAsync(request, cancellationToken));

        await client.ScheduleNewOrchestrationInstanceAsync(
            OperationOrchestrators.PlanName, request, new StartOrchestrationOptions(request.OperationId).WithDedupeStatuses(Instances.AnyStatus), CancellationToken.None);
        return request.OperationId;
    }

    /// <summary>Starts what was planned, or goes on with it.</summary>
    /// <exception cref="ApiException">404 or 409.</exception>
    public Task StartAsync(string id, string planHash, Principal caller, DurableTaskClient client, CancellationToken cancellationToken) =>
        RunAsync(id, OperationVerb.Start, planHash, caller, client, cancellationToken);

    /// <summary>Takes back what is still the operation's own.</summary>
    /// <exception cref="ApiException">404 or 409.</exception>
    public Task UndoAsync(string id, Principal caller, DurableTaskClient client, CancellationToken cancellationToken) =>
        RunAsync(id, OperationVerb.Undo, planHash: null, caller, client, cancellationToken);

    /// <summary>Ends the run or undo between two parts.</summary>
    /// <exception cref="ApiException">404 or 409.</exception>
    public async Task StopAsync(string id, Principal caller, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(client);
        Demand(await operations.GetAsync(id, client, cancellationToken), OperationVerb.Stop);
        await client.RaiseEventAsync(Instances.Operation, OperationWork.StopEvent, caller.ObjectId, CancellationToken.None);
    }

    /// <summary>Tells the plan that waits for it of a decision that is in the store. Where nobody waits it is found by looking.</summary>
    public static async Task HearAsync(OperationDecision decision, string id, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decision);
        ArgumentNullException.ThrowIfNull(client);
        if (await client.GetInstanceAsync(id, getInputsAndOutputs: false, cancellationToken) is { IsCompleted: false })
        {
            await client.RaiseEventAsync(id, OperationWork.DecisionEvent, decision.DecisionId, CancellationToken.None);
        }
    }

    /// <summary>Has a task that is open read back now; saying that it is done is only a reason to look.</summary>
    /// <exception cref="ApiException">404 or 409.</exception>
    public async Task CheckAsync(string id, string taskId, Principal caller, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(client);
        var view = await operations.GetAsync(id, client, cancellationToken);
        var task = view.Tasks.FirstOrDefault(open => open.Id == taskId) ?? throw ApiException.NotFound(ApiError.TaskUnknown);
        if (view.State is not (OperationState.Running or OperationState.Undoing))
        {
            throw ApiException.Conflict(ApiError.OperationNotInThisState, "it does not run, so nothing looks at its tasks");
        }

        OperatorFunctions.DemandOpen(task);
        await audit.AppendAsync(
            new() { MigrationId = id, LineId = $"task.check-{Guid.NewGuid():N}", At = clock.GetUtcNow(), Who = caller.ObjectId, What = "task.check", Detail = task.Id },
            cancellationToken);
        await client.RaiseEventAsync(Instances.Operation, MigrationEvents.TaskCheck, new TaskCheck { TaskId = task.Id, By = caller.ObjectId }, CancellationToken.None);
    }

    async Task RunAsync(string id, OperationVerb verb, string? planHash, Principal caller, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(client);
        await using var mine = await turn.TakeAsync(cancellationToken);
        var request = await operations.RequestAsync(id, cancellationToken);
        var view = await operations.GetAsync(id, client, cancellationToken);
        Demand(view, verb);
        if (verb == OperationVerb.Start)
        {
            DemandPlan(view, planHash!);
        }

        if (await MigrationCatalog.RunningAsync(client, cancellationToken) is { } migration)
        {
            throw ApiException.Conflict(ApiError.MigrationUnderWay, migration.MigrationId);
        }

        if (!OperationKinds.Of(request.Terms).TakesUpMigrations)
        {
            await unfinished.RefuseUnfinishedAsync(client, cancellationToken);
        }

        await OperationCatalog.RefuseRunningAsync(client, cancellationToken);
        var run = new OperationRun
        {
            Request = request,
            Plan = view.Plan!,
            PlanHash = view.PlanHash!,
            By = caller.ObjectId,
            Undo = verb == OperationVerb.Undo,
            Number = view.Run + 1,
            Written = view.Written,
            Notices = view.Notices,
        };
        await mine.ConfirmAsync(cancellationToken);
        await ScheduleAsync(run, client, cancellationToken);
    }

    void DemandPlan(OperationView view, string planHash)
    {
        if (view.PlanHash != planHash)
        {
            throw ApiException.Conflict(ApiError.OperationPlanDiffers);
        }

        if (view.Plan!.NeedsApproval && !OperationVerbs.IsApproved(view))
        {
            throw ApiException.Conflict(ApiError.OperationUnapproved);
        }

        // One that has written goes on however late: each value is compared before it is written. One that wrote nothing has begun nothing.
        if (view.Written == 0 && clock.GetUtcNow() > view.Plan.ValidUntil)
        {
            throw ApiException.Conflict(ApiError.OperationPlanTooOld, string.Create(CultureInfo.InvariantCulture, $"it was valid until {view.Plan.ValidUntil.UtcDateTime:yyyy-MM-dd HH:mm} UTC"));
        }
    }

    static void Demand(OperationView view, OperationVerb verb)
    {
        if (OperationVerbs.Refusal(view, verb) is { } refusal)
        {
            throw ApiException.Conflict(ApiError.OperationNotInThisState, refusal);
        }
    }

    /// <remarks>A duplicate start throws another type in each build; so the instance is read and decides.</remarks>
    static async Task ScheduleAsync(OperationRun run, DurableTaskClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                OperationOrchestrators.RunName, run, new StartOrchestrationOptions(Instances.Operation).WithDedupeStatuses(Instances.NotEnded), CancellationToken.None);
        }
#pragma warning disable CA1031 // See the remarks.
        catch (Exception)
#pragma warning restore CA1031
        {
            if (await OperationCatalog.RunningAsync(client, cancellationToken) is not { } running)
            {
                throw;
            }

            if (running.Request.OperationId != run.Request.OperationId || running.Number != run.Number)
            {
                throw ApiException.Conflict(ApiError.OperationRuns, running.Request.OperationId);
            }
        }
    }
}
