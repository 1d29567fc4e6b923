using GwbCloud.Contracts.Commands;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>One round of "Entra only". A history of its own: two weeks of rounds, each polled for as long as it takes, would swell that of the wait.</summary>
public static class EntraOnlyRoundOrchestrator
{
    [Function(nameof(RunEntraOnlyRound))]
    public static async Task<EntraOnlyRoundOutcome> RunEntraOnlyRound([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var input = context.GetInput<EntraOnlyRoundInput>() ?? throw new InvalidOperationException("A round has no input.");
        try
        {
            var report = await context.RunOnPremAsync(
                input.Request.MigrationId, input.Request.PlanHash, input.Server, new RunEntraOnly(), EntraOnly.Silence, EntraOnly.LongestRound);
            var stopped = report.Runs.FirstOrDefault(r => r.Result != "success" && !r.Result.StartsWith("completed-", StringComparison.Ordinal));
            return new()
            {
                Fault = report.Steps.Contains(EntraOnlyStep.EntraExport) && stopped is null ? null
                    : Notices.EntraOnlyFails(input.Server, stopped is null ? $"{report.Steps.Count} of 5 steps were carried out" : $"{stopped.Profile} on {stopped.Connector}: {stopped.Result}"),
            };
        }
        catch (StageStoppedException stop)
        {
            return new() { Fault = Notices.EntraOnlyFails(input.Server, $"{stop.Notice.Code} {stop.Notice.Message}") };
        }
    }
}

/// <summary>Input of <see cref="EntraOnlyRoundOrchestrator"/>.</summary>
public sealed record EntraOnlyRoundInput
{
    public required MigrationRequest Request { get; init; }

    /// <summary>The active server.</summary>
    public required string Server { get; init; }
}

/// <summary>Output of <see cref="EntraOnlyRoundOrchestrator"/>.</summary>
public sealed record EntraOnlyRoundOutcome
{
    /// <summary>Null when all of it was done.</summary>
    public Notice? Fault { get; init; }
}
