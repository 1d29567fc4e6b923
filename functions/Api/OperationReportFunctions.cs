using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Operations.CleanUp;
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
    const string Rules = "rules";

    [Function("GetOperationReport")]
    public Task<IResult> GetReportAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "operations/{id}/report")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetOperationReport",
            async _ =>
            {
                var format = RequestReader.ReadChoice(request, "format", Json, Html, Csv, Rules);
                var table = RequestReader.ReadOptional(request, "table", DiscoveryTables.Columns.Keys);
                if (format == Csv != table is not null)
                {
                    throw table is null
                        ? ApiException.BadRequest(ApiError.FieldMissing, "table", string.Join(", ", DiscoveryTables.Columns.Keys))
                        : ApiException.BadRequest(ApiError.FieldInvalid, "table", "only with format=csv");
                }

                var view = await operations.GetAsync(id, client, cancellationToken);
                switch (view.Kind, format)
                {
                    case (RestoreOperation.Name, Json):
                        return ApiPipeline.Ok(await documents.LoadRestoreAsync(view, cancellationToken));
                    case (CleanUpOperation.Name, Json):
                        return ApiPipeline.Ok(await documents.LoadCleanUpAsync(view, cancellationToken));
                    case (CleanUpOperation.Name, Rules):
                        var cleanUp = await documents.LoadCleanUpAsync(view, cancellationToken);
                        return ReportFunctions.RulesOf(cleanUp.MigrationId, await documents.LoadOneAsync<MigrationPlan>(cleanUp.Plan, cancellationToken));
                    case (RestoreOperation.Name or CleanUpOperation.Name, _) or (_, Rules):
                        throw ApiException.BadRequest(ApiError.FieldInvalid, "format", "a restore's report is json, a clean-up's json or rules, a discovery's json, html or csv");
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
    public static Task<DiscoveryReport> LoadReportAsync(this IDocumentStore documents, OperationView view, CancellationToken cancellationToken) =>
        documents.LoadAsync<DiscoveryReport>(view, DiscoverOperation.Name, cancellationToken);

    /// <exception cref="ApiException">409: it is no restore, or one that has not been planned.</exception>
    public static Task<RestoreReport> LoadRestoreAsync(this IDocumentStore documents, OperationView view, CancellationToken cancellationToken) =>
        documents.LoadAsync<RestoreReport>(view, RestoreOperation.Name, cancellationToken);

    /// <exception cref="ApiException">409: it is no clean-up, one that has not been planned, or there was no migration to clean up after.</exception>
    public static Task<CleanUpReport> LoadCleanUpAsync(this IDocumentStore documents, OperationView view, CancellationToken cancellationToken) =>
        documents.LoadAsync<CleanUpReport>(view, CleanUpOperation.Name, cancellationToken);

    static async Task<T> LoadAsync<T>(this IDocumentStore documents, OperationView view, string kind, CancellationToken cancellationToken)
        where T : class =>
        view.Kind == kind && view.Plan?.Draft.Report is { } report
            ? await documents.LoadOneAsync<T>(report, cancellationToken)
            : throw ApiException.Conflict(ApiError.OperationHasNoReport, view.OperationId);
}
