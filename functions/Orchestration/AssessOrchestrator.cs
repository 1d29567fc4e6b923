using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.OnPremises;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>The first stage, usable on its own: facts of both sides, findings, every group classified, the plan with its hash. Writes nothing.</summary>
public static class AssessOrchestrator
{
    /// <summary>The name under which the API starts it.</summary>
    public const string Name = "Assess";

    /// <summary>How long a listener may be silent. Shorter than in a migration: a person waits, and nothing is lost by asking again.</summary>
    static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(15);

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
        var listeners = await context.CallActivityAsync<string[]>("ListServers", Retries.Standard);
        var answers = await Task.WhenAll(listeners.Select(InspectAsync));
        var silent = answers.Select(answer => answer.Silent).OfType<SilentServer>().ToList();
        // The directory is asked where exporting happens; which server that is must be one, or a finding says so.
        var lead = (answers.FirstOrDefault(answer => answer.Facts is { Staging: false }) ?? answers.FirstOrDefault(answer => answer.Facts is not null))?.Listener
            ?? throw new StageStoppedException(Notices.NoServerAnswers(silent));
        var forest = await AskAsync(lead, new InspectForest());
        var inventory = await AskAsync(lead, new InventoryWritebackOu());
        var servers = answers.Select(answer => answer.Facts).OfType<ServerFacts>().ToList();
        var tenant = await context.ReadTenantAsync(request with { ForestDomains = HomeForest.DomainsOf(forest, servers) });
        var cloudSync = await context.CallActivityAsync<CloudSyncSurvey>(
            "SurveyCloudSync",
            new SurveyInput { Domain = forest.Domain, WritebackOu = forest.WritebackOu, Naming = NamingBy(servers) },
            Retries.Standard);
        return await context.CallActivityAsync<AssessmentOutcome>(
            "JudgeTenant",
            new AssessInput
            {
                ReadAt = context.CurrentUtcDateTime,
                Request = request,
                Tenant = tenant,
                Forest = forest,
                Inventory = inventory.Groups,
                Elsewhere = inventory.Elsewhere,
                Servers = servers,
                Silent = silent,
                Runs = [.. answers.Select(answer => answer.Runs).OfType<ServerRuns>()],
                CloudSync = cloudSync,
            },
            Retries.Standard);

        async Task<Answer> InspectAsync(string listener)
        {
            try
            {
                var facts = await AskAsync(listener, new InspectServer());
                return new Answer(listener, facts, ServerRuns.Of(listener, await AskAsync(listener, ServerRuns.Question(listener))), null);
            }
            catch (StageStoppedException silence)
            {
                // One server that cannot be read is a finding beside the others, not the end of the reading.
                return new Answer(listener, null, null, new SilentServer { Server = listener, Why = silence.Message });
            }
            catch (TaskFailedException)
            {
                return new Answer(listener, null, null, new SilentServer { Server = listener, Why = Notices.ServerNotAsked(listener).Message });
            }
        }

        Task<TResult> AskAsync<TResult>(string server, Command<TResult> command)
            where TResult : class
            => context.RunOnPremAsync(request.AssessmentId, planHash: "", server, command, LongestSilence);
    }

    // The rule is only a hint, but one that is there before the groups are classified; the survey needs it to say what a schema does otherwise.
    static NamingStyle NamingBy(List<ServerFacts> servers)
        => (servers.FirstOrDefault(s => !s.Staging) ?? servers[0]).DisplayNameRuleEnabled ? NamingStyle.DisplayName : NamingStyle.GroupGuid;

    static AssessmentOutcome Failed(AssessmentRequest request, string why) => new()
    {
        AssessmentId = request.AssessmentId,
        State = AssessmentState.Failed,
        Error = why,
    };

    sealed record Answer(string Listener, ServerFacts? Facts, ServerRuns? Runs, SilentServer? Silent);
}
