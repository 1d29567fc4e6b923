using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Api;

/// <summary>The assessments, as the document store and the orchestrations know them.</summary>
public sealed class AssessmentCatalog(IDocumentStore documents)
{
    /// <summary>Ids, newest first.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
    [
        .. (await documents.NamesAsync(StoreNames.Assessments, cancellationToken))
            .Select(name => name.Split('/')[1]).Where(RunIds.IsAssessment).Distinct().OrderDescending(StringComparer.Ordinal),
    ];

    /// <summary>Keeps a request under a new id.</summary>
    public Task<bool> TryAddAsync(AssessmentRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return documents.WriteOneAsync(StoreNames.AssessmentRequest(request.AssessmentId), request, etag: "", cancellationToken);
    }

    /// <exception cref="ApiException">404.</exception>
    public async Task<AssessmentOutcome> GetAsync(string id, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (!RunIds.IsAssessment(id))
        {
            throw ApiException.NotFound(ApiError.AssessmentUnknown);
        }

        if (await documents.ReadOneAsync<AssessmentOutcome>(StoreNames.AssessmentOutcome(id), cancellationToken) is { } outcome)
        {
            return outcome;
        }

        if (await documents.ReadAsync(StoreNames.AssessmentRequest(id), cancellationToken) is null)
        {
            throw ApiException.NotFound(ApiError.AssessmentUnknown);
        }

        return await client.GetInstanceAsync(id, cancellationToken) is null or { IsCompleted: true }
            ? new() { AssessmentId = id, State = AssessmentState.Failed, Error = ApiError.Unexpected.Message }
            : new() { AssessmentId = id, State = AssessmentState.Running };
    }

    /// <summary>An outcome that has its results: findings, groups, losses and the facts that were read.</summary>
    /// <exception cref="ApiException">404, or 409 while it runs and when it failed.</exception>
    public async Task<AssessmentOutcome> GetEndedAsync(string id, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var outcome = await GetAsync(id, client, cancellationToken);
        return outcome is { Findings: not null, Classified: not null, Losses: not null, Facts: not null, Time: not null, Blast: not null }
            ? outcome
            : throw ApiException.Conflict(ApiError.AssessmentNotReady, outcome.State.ToString());
    }

    /// <summary>An outcome that was published, with the tag under which it may be replaced.</summary>
    /// <exception cref="DocumentException">It is missing or damaged.</exception>
    public async Task<(AssessmentOutcome Outcome, string ETag)> ReadWithTagAsync(string id, CancellationToken cancellationToken)
    {
        var name = StoreNames.AssessmentOutcome(id);
        var tag = (await documents.ReadAsync(name, cancellationToken))?.ETag;
        return await documents.ReadOneAsync<AssessmentOutcome>(name, cancellationToken) is { } outcome && tag is not null
            ? (outcome, tag)
            : throw new DocumentException($"The document {name} is missing.");
    }

    /// <exception cref="ApiException">404, or 409 while there is no plan.</exception>
    public async Task<MigrationPlan> GetPlanAsync(string id, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var outcome = await GetAsync(id, client, cancellationToken);
        return outcome.Plan is { } plan
            ? await documents.LoadOneAsync<MigrationPlan>(plan, cancellationToken)
            : throw ApiException.Conflict(ApiError.AssessmentNotReady, outcome.State.ToString());
    }
}
