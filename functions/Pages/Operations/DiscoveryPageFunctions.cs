using GwbCloud.Functions.Api;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Operations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Pages;

/// <summary>The pages of discoveries.</summary>
public sealed class DiscoveryPageFunctions(PagePipeline pages, OperationCatalog operations, AssessmentCatalog assessments, IDocumentStore documents)
{
    [Function("ShowOperationReport")]
    public Task<IResult> ShowOperationAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/operations/{id}/report")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, "ShowOperationReport",
            async _ =>
            {
                var view = await operations.GetAsync(id, client, cancellationToken);
                return DiscoveryPages.Of(view, await documents.LoadReportAsync(view, cancellationToken));
            },
            cancellationToken);

    [Function("ShowDiscovery")]
    public Task<IResult> ShowAssessmentAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/assessments/{id}/discovery")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, "ShowDiscovery",
            async _ =>
            {
                var outcome = await assessments.GetEndedAsync(id, client, cancellationToken);
                return DiscoveryPages.Of(id, outcome.Discovery is { } kept ? await documents.LoadOneAsync<DiscoveryReport>(kept, cancellationToken) : null);
            },
            cancellationToken);
}
