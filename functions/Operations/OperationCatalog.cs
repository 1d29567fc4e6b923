using GwbCloud.Contracts.Approvals;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Notifications;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Operations;

/// <summary>The operations, as the document store and their orchestrations know them.</summary>
public sealed class OperationCatalog(IDocumentStore documents, NotificationLedger notifications)
{
    /// <summary>Ids, newest first.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await documents.NamesAsync(StoreNames.Operations, cancellationToken))
            .Where(name => name.EndsWith("/request", StringComparison.Ordinal))
            .Select(name => name.Split('/')[1])
            .OrderDescending(StringComparer.Ordinal)];

    /// <summary>Keeps a request under a new id.</summary>
    public Task<bool> TryAddAsync(OperationRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return documents.WriteOneAsync(StoreNames.OperationRequest(request.OperationId), request, etag: "", cancellationToken);
    }

    /// <exception cref="ApiException">404.</exception>
    public async Task<OperationRequest> RequestAsync(string id, CancellationToken cancellationToken) =>
        (RunIds.IsOperation(id) ? await documents.ReadOneAsync<OperationRequest>(StoreNames.OperationRequest(id), cancellationToken) : null)
        ?? throw ApiException.NotFound(ApiError.OperationUnknown);

    /// <summary>What people see. One whose orchestration is gone while its view goes on has failed, whatever could still be written of it.</summary>
    /// <exception cref="ApiException">404.</exception>
    public async Task<OperationView> GetAsync(string id, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var request = await RequestAsync(id, cancellationToken);
        var view = await FindAsync(request, client, cancellationToken);
        var decision = await documents.ReadOneAsync<OperationDecision>(StoreNames.OperationDecision(id), cancellationToken);
        view = view with { Decision = decision, Deliveries = await notifications.ViewAsync(id, cancellationToken) };
        return view.State == OperationState.Planned && decision is { Decision: not ApprovalDecision.Approve }
            ? OperationViews.Ended(view, OperationOutcome.Denied, decision.At)
            : view;
    }

    /// <summary>What the operation that writes was started with, or null when none does.</summary>
    public static async Task<OperationRun?> RunningAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        return await client.GetInstanceAsync(Instances.Operation, getInputsAndOutputs: true, cancellationToken) is { IsCompleted: false } instance
            ? instance.ReadInputAs<OperationRun>()
            : null;
    }

    /// <summary>Refuses whatever may not be beside an operation that writes.</summary>
    /// <exception cref="ApiException">409.</exception>
    public static async Task RefuseRunningAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await RunningAsync(client, cancellationToken) is { } running)
        {
            throw ApiException.Conflict(ApiError.OperationRuns, running.Request.OperationId);
        }
    }

    async Task<OperationView> FindAsync(OperationRequest request, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var name = StoreNames.OperationView(request.OperationId);
        var view = await documents.ReadOneAsync<OperationView>(name, cancellationToken);
        if (view is null)
        {
            var planning = await client.GetInstanceAsync(request.OperationId, getInputsAndOutputs: false, cancellationToken);

            // Read once more: it may have come to its end between the two looks.
            view = await documents.ReadOneAsync<OperationView>(name, cancellationToken);
            var fresh = OperationViews.Fresh(request, RunIds.TimeOf(request.OperationId));
            return view ?? (planning is { IsCompleted: false } ? fresh : OperationViews.Broken(fresh));
        }

        var running = await RunningAsync(client, cancellationToken) is { } run && run.Request.OperationId == request.OperationId ? run : null;
        if (running is not null)
        {
            // Started, and not shown yet.
            return running.Number > view.Run ? OperationViews.Running(running, view.UpdatedAt) : view;
        }

        if (view.State is OperationState.Running or OperationState.Undoing)
        {
            view = await documents.ReadOneAsync<OperationView>(name, cancellationToken) ?? view;
        }

        return view.State is not (OperationState.Running or OperationState.Undoing) ? view
            : OperationViews.Broken(view, await documents.ReadOneAsync<HeldScheduler>(StoreNames.HeldScheduler(request.OperationId), cancellationToken));
    }
}
