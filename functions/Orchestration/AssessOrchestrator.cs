using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.OnPremises;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>The first stage, usable on its own: facts of both sides, findings, every group classified, the plan with its hash. Writes nothing.</summary>
public static class AssessOrchestrator
{
    /// <summary>The name under which the API starts it.</summary>
    public const string Name = "Assess";

    [Function(Name)]
    public static async Task<AssessmentOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var request = context.GetInput<AssessmentRequest>() ?? throw new InvalidOperationException("An assessment has no request.");
        AssessmentOutcome outcome;
        try
        {
            outcome = await AssessAsync(context, request);
        }
        catch (StageStoppedException stop)
        {
            outcome = Failed(request, stop.Message);
        }
        catch (TaskFailedException failure)
        {
            outcome = Failed(request, Notices.ActivityFailed(failure.TaskName, failure.FailureDetails).Message);
        }
        await context.CallActivityAsync("PublishAssessment", outcome, Retries.Standard);
        return outcome;
    }

    static async Task<AssessmentOutcome> AssessAsync(TaskOrchestrationContext context, AssessmentRequest request)
    {
        var listeners = await context.CallActivityAsync<string[]>("ListServers", Retries.Standard);
        var servers = await Task.WhenAll(listeners.Select(server => AskAsync(server, new InspectServer())));
        // The directory is asked where exporting happens; which server that is must be one, or a finding says so.
        var lead = servers.FirstOrDefault(s => !s.Staging)?.Server ?? listeners[0];
        var forest = await AskAsync(lead, new InspectForest());
        var inventory = await AskAsync(lead, new InventoryWritebackOu());
        var tenant = await context.CallActivityAsync<TenantFacts>("ReadTenant", request, Retries.Standard);
        return await context.CallActivityAsync<AssessmentOutcome>(
            "JudgeTenant",
            new AssessInput { Request = request, Tenant = tenant, Forest = forest, Inventory = inventory.Groups, Servers = servers },
            Retries.Standard);

        Task<TResult> AskAsync<TResult>(string server, Command<TResult> command)
            where TResult : class
            => context.RunOnPremAsync(request.AssessmentId, planHash: "", server, command);
    }

    static AssessmentOutcome Failed(AssessmentRequest request, string why) => new()
    {
        AssessmentId = request.AssessmentId,
        State = AssessmentState.Failed,
        Error = why,
    };
}
