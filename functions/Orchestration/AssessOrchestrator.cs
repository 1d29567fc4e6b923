using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
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
            outcome = Failed(request, Notices.ActivityFailed(failure).Message);
        }
        await context.CallActivityAsync("PublishAssessment", outcome, Retries.Standard);
        return outcome;
    }

    static async Task<AssessmentOutcome> AssessAsync(TaskOrchestrationContext context, AssessmentRequest request)
    {
        var read = await context.ReadFactsAsync(request);
        var cloudSync = await context.CallActivityAsync<CloudSyncSurvey>(
            "SurveyCloudSync",
            new SurveyInput { Domain = read.Forest.Domain, WritebackOu = read.Forest.WritebackOu, Naming = NamingBy(read.Servers) },
            Retries.Standard);
        return await context.CallActivityAsync<AssessmentOutcome>(
            "JudgeTenant", read with { ReadAt = context.CurrentUtcDateTime, CloudSync = cloudSync }, Retries.Standard);
    }

    // The rule is only a hint, but one that is there before the groups are classified; the survey needs it to say what a schema does otherwise.
    static NamingStyle NamingBy(IReadOnlyList<ServerFacts> servers)
        => (servers.FirstOrDefault(s => !s.Staging) ?? servers[0]).DisplayNameRuleEnabled ? NamingStyle.DisplayName : NamingStyle.GroupGuid;

    static AssessmentOutcome Failed(AssessmentRequest request, string why) => new()
    {
        AssessmentId = request.AssessmentId,
        State = AssessmentState.Failed,
        Error = why,
    };
}
