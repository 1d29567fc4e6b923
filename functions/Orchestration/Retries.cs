using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>How activities are repeated: each is written as "make it so", so a repetition is harmless.</summary>
static class Retries
{
    public static TaskOptions Standard { get; } = TaskOptions.FromRetryPolicy(
        new RetryPolicy(maxNumberOfAttempts: 6, firstRetryInterval: TimeSpan.FromSeconds(5), backoffCoefficient: 3, maxRetryInterval: TimeSpan.FromMinutes(10)));
}
