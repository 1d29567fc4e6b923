using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Operations.Discover;
using GwbCloud.Functions.Reporting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Api;

/// <summary>What an operation that only reads has found: its report in every form.</summary>
public sealed class OperationReportFunctions(ApiPipeline api, OperationCatalog operations, IDocumentStore documents)
{
    const string Csv = "csv";
    const string Html = "html";

    [Function("GetOperationReport")]
    public Task<IResult> GetReportAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "operations/{id}/report")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetOperationReport",
            async _ =>
            {
                var format = RequestReader.ReadChoice(request, "format", "json", Html, Csv);
                var table = RequestReader.ReadOptional(request, "table", DiscoveryTables.Columns.Keys);
                if (format == Csv != table is not null)
                {
                    throw table is null
                        ? ApiException.BadRequest(ApiError.FieldMissing, "table", string.Join(", ", DiscoveryTables.Columns.Keys))
                        : ApiException.BadRequest(ApiError.FieldInvalid, "table", "only with format=csv");
                }

                var report = await documents.LoadReportAsync(await operations.GetAsync(id, client, cancellationToken), cancellationToken);
                switch (format)
                {
                    case Csv:
                        return Results.Stream(await DiscoveryTables.PrepareAsync(documents, report, table!, cancellationToken), "text/csv; charset=utf-8", $"{id}-{table}.csv");
                    case Html:
                        request.HttpContext.Response.Headers.ContentSecurityPolicy = HtmlPage.ContentSecurityPolicy;
                        return Results.Text(DiscoveryPage.Render(report, id), "text/html; charset=utf-8");
                    default:
                        return ApiPipeline.Ok(report);
                }
            },
            cancellationToken);
}

/// <summary>The report of an operation, for API and pages.</summary>
static class OperationReports
{
    /// <exception cref="ApiException">409: it is no discovery, or one that has not ended.</exception>
    public static async Task<DiscoveryReport> LoadReportAsync(this IDocumentStore documents, OperationView view, CancellationToken cancellationToken) =>
        view is { Kind: DiscoverOperation.Name, Plan.Draft.Report: { } report }
            ? await documents.LoadOneAsync<DiscoveryReport>(report, cancellationToken)
            : throw ApiException.Conflict(ApiError.OperationHasNoReport, view.OperationId);
}
