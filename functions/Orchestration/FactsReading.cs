using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Reads the facts of both sides, for whoever judges them or only shows them. Writes nothing.</summary>
static class FactsReading
{
    /// <summary>How long a listener may be silent. Shorter than in a migration: a person waits, and nothing is lost by asking again.</summary>
    static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(15);

    /// <summary>Servers, forest, the OU's groups and the tenant; what the tenant has of Cloud Sync is left out.</summary>
    /// <exception cref="StageStoppedException">No server, or neither directory nor tenant, could be read.</exception>
    internal static async Task<AssessInput> ReadFactsAsync(this TaskOrchestrationContext context, AssessmentRequest request)
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
        return new AssessInput
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
        };

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

    sealed record Answer(string Listener, ServerFacts? Facts, ServerRuns? Runs, SilentServer? Silent);
}
