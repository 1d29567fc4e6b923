using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>How activities are repeated: each is written as "make it so", so a repetition is harmless.</summary>
static class Retries
{
    public static TaskOptions Standard { get; } = TaskOptions.FromRetryPolicy(
        new RetryPolicy(maxNumberOfAttempts: 6, firstRetryInterval: TimeSpan.FromSeconds(5), backoffCoefficient: 3, maxRetryInterval: TimeSpan.FromMinutes(10)));

    /// <summary>For audit, view and report: a store that is away for hours must not end a migration that stands in the window.</summary>
    public static TaskOptions OwnStore { get; } = TaskOptions.FromRetryPolicy(
        new RetryPolicy(maxNumberOfAttempts: 150, firstRetryInterval: TimeSpan.FromSeconds(5), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromMinutes(10)));
}
