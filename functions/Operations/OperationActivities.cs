using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Orchestration;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Operations;

/// <summary>Activities that every operation needs.</summary>
public sealed class OperationActivities(IDocumentStore documents)
{
    /// <summary>A plan with its hash.</summary>
    [Function(nameof(BindPlan))]
    public static BoundPlan BindPlan([ActivityTrigger] OperationPlan plan) => new() { Plan = plan, Hash = CanonicalJson.Hash(plan) };

    /// <summary>Replaces the view, unless a newer one is there: an activity that runs a second time must not turn the clock back.</summary>
    [Function("PublishOperation")]
    public Task PublishAsync([ActivityTrigger] OperationView view, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(view);
        return documents.ChangeOneAsync<OperationView>(
            StoreNames.OperationView(view.OperationId), shown => Task.FromResult(shown?.UpdatedAt > view.UpdatedAt ? null : view), cancellationToken);
    }

    /// <summary>Id of the migration that is under way, or empty. The API looks before it starts anything; this is the second look, when the operation has its turn.</summary>
    [Function(nameof(FindMigrationUnderWay))]
    public static async Task<string> FindMigrationUnderWay([ActivityTrigger] string? input, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        (await Api.MigrationCatalog.RunningAsync(client, cancellationToken))?.MigrationId ?? "";
}

/// <summary>A plan and its hash.</summary>
public sealed record BoundPlan
{
    public required OperationPlan Plan { get; init; }

    /// <summary>SHA-256 of the plan's canonical JSON.</summary>
    public required string Hash { get; init; }
}
