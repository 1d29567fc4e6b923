using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Operations.Discover;
using GwbCloud.Functions.Operations.Restore;
using GwbCloud.Functions.Reporting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Api;

/// <summary>What an operation has found: its report in every form, and the files for doing by hand what it would do.</summary>
public sealed class OperationReportFunctions(ApiPipeline api, OperationCatalog operations, IDocumentStore documents)
{
    const string Csv = "csv";
    const string Html = "html";
    const string Json = "json";

    [Function("GetOperationReport")]
    public Task<IResult> GetReportAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "operations/{id}/report")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetOperationReport",
            async _ =>
            {
                var format = RequestReader.ReadChoice(request, "format", Json, Html, Csv);
                var table = RequestReader.ReadOptional(request, "table", DiscoveryTables.Columns.Keys);
                if (format == Csv != table is not null)
                {
                    throw table is null
                        ? ApiException.BadRequest(ApiError.FieldMissing, "table", string.Join(", ", DiscoveryTables.Columns.Keys))
                        : ApiException.BadRequest(ApiError.FieldInvalid, "table", "only with format=csv");
                }

                var view = await operations.GetAsync(id, client, cancellationToken);
                if (view.Kind == RestoreOperation.Name)
                {
                    return format == Json ? ApiPipeline.Ok(await documents.LoadRestoreAsync(view, cancellationToken)) : throw ApiException.BadRequest(ApiError.FieldInvalid, "format", "a restore's report is json");
                }

                var report = await documents.LoadReportAsync(view, cancellationToken);
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

    [Function("GetOperationRepair")]
    public Task<IResult> GetRepairAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "operations/{id}/repair")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetOperationRepair",
            async _ =>
            {
                var format = RequestReader.ReadChoice(request, "format", RepairFiles.Formats);
                var report = await documents.LoadRestoreAsync(await operations.GetAsync(id, client, cancellationToken), cancellationToken);
                return report.Snapshot is { } snapshot
                    ? await RepairFiles.AnswerAsync(documents, new() { MigrationId = id, Snapshot = snapshot, WritebackOu = report.WritebackOu, FrozenAt = report.ReadAt }, format, cancellationToken)
                    : throw ApiException.NotFound(ApiError.NoRepairPack);
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

    /// <exception cref="ApiException">409: it is no restore, or one that has not been planned.</exception>
    public static async Task<RestoreReport> LoadRestoreAsync(this IDocumentStore documents, OperationView view, CancellationToken cancellationToken) =>
        view is { Kind: RestoreOperation.Name, Plan.Draft.Report: { } report }
            ? await documents.LoadOneAsync<RestoreReport>(report, cancellationToken)
            : throw ApiException.Conflict(ApiError.OperationHasNoReport, view.OperationId);
}
