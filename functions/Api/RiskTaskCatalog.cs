using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Assessment.Risks;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Api;

/// <summary>The tasks of an assessment as they stand now: as it read them, as somebody had them checked since, or as a later assessment read them.</summary>
public sealed class RiskTaskCatalog(AssessmentCatalog assessments, IDocumentStore documents)
{
    /// <summary>By their ids.</summary>
    /// <exception cref="ApiException">404, or 409 while there are no results.</exception>
    public async Task<IReadOnlyList<RiskTask>> ListAsync(string id, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var outcome = await assessments.GetEndedAsync(id, client, cancellationToken);
        if (outcome.Tasks is not { Count: > 0 } document)
        {
            return [];
        }

        var tasks = await documents.LoadListAsync<RiskTask>(document, cancellationToken);
        var checks = await ChecksAsync(id, cancellationToken);
        var later = await LaterAsync(outcome, cancellationToken);
        return [.. tasks.Select(task => checks.TryGetValue(task.Id, out var check) ? check.Put(task) : task).Select(task => later?.Reading(task).Put(task) ?? task)];
    }

    /// <exception cref="ApiException">404, or 409 while there are no results.</exception>
    public async Task<RiskTask> GetAsync(string id, string taskId, DurableTaskClient client, CancellationToken cancellationToken)
        => (await ListAsync(id, client, cancellationToken)).FirstOrDefault(task => task.Id == taskId) ?? throw ApiException.NotFound(ApiError.TaskUnknown);

    async Task<Dictionary<string, RiskReading>> ChecksAsync(string id, CancellationToken cancellationToken)
    {
        var readings = new Dictionary<string, RiskReading>(StringComparer.Ordinal);
        var prefix = StoreNames.RiskReadings(id);
        foreach (var name in await documents.NamesAsync(prefix, cancellationToken))
        {
            readings[name[prefix.Length..]] = (await documents.ReadOneAsync<RiskReading>(name, cancellationToken))!;
        }

        return readings;
    }

    // The newest assessment that read the tenant after this one.
    async Task<LaterAssessment?> LaterAsync(AssessmentOutcome outcome, CancellationToken cancellationToken)
    {
        foreach (var id in (await assessments.ListAsync(cancellationToken)).TakeWhile(id => id != outcome.AssessmentId))
        {
            if (await documents.ReadOneAsync<AssessmentOutcome>(StoreNames.AssessmentOutcome(id), cancellationToken) is { Tasks: { } tasks, ReadAt: { } at } && at > outcome.ReadAt)
            {
                var still = (await documents.LoadListAsync<RiskTask>(tasks, cancellationToken)).ToDictionary(task => task.Id, StringComparer.Ordinal);
                return new LaterAssessment(id, at, still);
            }
        }

        return null;
    }

    sealed record LaterAssessment(string Id, DateTimeOffset At, Dictionary<string, RiskTask> Tasks)
    {
        public RiskReading Reading(RiskTask task) => Tasks.TryGetValue(task.Id, out var still)
            ? new() { Done = false, Text = still.Reads, At = At }
            : new() { Done = true, Text = $"not at risk in this way any more when {Id} read it", At = At };
    }
}
