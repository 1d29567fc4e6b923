using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Notifications;
using GwbCloud.Functions.Orchestration;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Operations;

/// <summary>Activities that every operation needs.</summary>
public sealed class OperationActivities(IDocumentStore documents, NotificationDesk notifications)
{
    /// <summary>A plan with its hash.</summary>
    [Function(nameof(BindPlan))]
    public static BoundPlan BindPlan([ActivityTrigger] OperationPlan plan) => new() { Plan = plan, Hash = CanonicalJson.Hash(plan) };

    /// <summary>Replaces the view, unless a newer one is there: an activity that runs a second time must not turn the clock back.</summary>
    [Function("PublishOperation")]
    public Task PublishAsync([ActivityTrigger] OperationView view, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(view);
        return documents.ChangeOneAsync<OperationView>(
            StoreNames.OperationView(view.OperationId),
            async shown =>
            {
                // The plan may still warn while its run has begun: a run is never shown as less.
                if (shown is not null && (shown.Run > view.Run || shown.UpdatedAt > view.UpdatedAt)) { return null; }
                await notifications.TellAsync(shown, view, client, cancellationToken);
                return view;
            },
            cancellationToken);
    }

    /// <summary>What the approver decided, if anybody did.</summary>
    [Function(nameof(FindDecision))]
    public async Task<DecisionAnswer> FindDecision([ActivityTrigger] string operationId, CancellationToken cancellationToken) =>
        new() { Decision = await documents.ReadOneAsync<OperationDecision>(StoreNames.OperationDecision(operationId), cancellationToken) };

    /// <summary>Id of the migration that is under way, or empty. The API looks before it starts anything; this is the second look, when the operation has its turn.</summary>
    [Function(nameof(FindMigrationUnderWay))]
    public static async Task<string> FindMigrationUnderWay([ActivityTrigger] string? input, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        (await Api.MigrationCatalog.RunningAsync(client, cancellationToken))?.MigrationId ?? "";
}

/// <summary>A decision, or that there is none yet.</summary>
public sealed record DecisionAnswer
{
    public OperationDecision? Decision { get; init; }
}

/// <summary>A plan and its hash.</summary>
public sealed record BoundPlan
{
    public required OperationPlan Plan { get; init; }

    /// <summary>SHA-256 of the plan's canonical JSON.</summary>
    public required string Hash { get; init; }
}
