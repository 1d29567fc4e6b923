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
        => await ReadAsync(id, _ => true, client, cancellationToken);

    /// <exception cref="ApiException">404, or 409 while there are no results.</exception>
    public async Task<RiskTask> GetAsync(string id, string taskId, DurableTaskClient client, CancellationToken cancellationToken)
        => await ReadAsync(id, task => task.Id == taskId, client, cancellationToken) is [var task] ? task : throw ApiException.NotFound(ApiError.TaskUnknown);

    async Task<IReadOnlyList<RiskTask>> ReadAsync(string id, Func<RiskTask, bool> which, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var outcome = await assessments.GetEndedAsync(id, client, cancellationToken);
        var tasks = outcome.Tasks is { Count: > 0 } document ? (await documents.LoadListAsync<RiskTask>(document, cancellationToken)).Where(which).ToList() : [];
        if (tasks.Count == 0)
        {
            return tasks;
        }

        var later = await LaterAsync(outcome, cancellationToken);
        for (var at = 0; at < tasks.Count; at++)
        {
            var task = tasks[at];
            var check = await documents.ReadOneAsync<RiskReading>(StoreNames.RiskReading(id, task.Id), cancellationToken);
            task = check?.Put(task) ?? task;
            tasks[at] = later?.Reading(task).Put(task) ?? task;
        }

        return tasks;
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
