using System.Text;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Reporting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Api;

/// <summary>What stays of a migration: its report, at any time, what became of each group, and the audit log.</summary>
public sealed class ReportFunctions(
    ApiPipeline api, MigrationCatalog migrations, MigrationReports reports, MigrationTables tables, GroupResults groups, IDocumentStore documents, AuditLog audit)
{
    const string Csv = "csv";
    const string Html = "html";
    const string Rules = "rules";

    [Function("GetReport")]
    public Task<IResult> GetReportAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "migrations/{id}/report")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetReport",
            async _ =>
            {
                var format = RequestReader.ReadChoice(request, "format", "json", Html, Csv, Rules);
                var table = RequestReader.ReadOptional(request, "table", MigrationTables.Columns.Keys);
                if (format == Csv != table is not null)
                {
                    throw table is null
                        ? ApiException.BadRequest(ApiError.FieldMissing, "table", string.Join(", ", MigrationTables.Columns.Keys))
                        : ApiException.BadRequest(ApiError.FieldInvalid, "table", "only with format=csv");
                }

                var view = await migrations.GetAsync(id, client, cancellationToken);
                if (format == Rules)
                {
                    return RulesOf(view.MigrationId, (await SourcesAsync(view, cancellationToken)).Plan);
                }

                return table is null
                    ? await DocumentAsync(request, view, format, cancellationToken)
                    : Results.Stream(await TableAsync(view, table, cancellationToken), "text/csv; charset=utf-8", $"{view.MigrationId}-{table}.csv");
            },
            cancellationToken);

    /// <summary>The script that creates the coexistence rules, as a download.</summary>
    internal static IResult RulesOf(string migrationId, MigrationPlan plan) =>
        Results.Bytes(Encoding.ASCII.GetBytes(RulesScript.Make(migrationId, plan)), "text/plain", "coexistence-rules.ps1");

    [Function("GetReportGroups")]
    public Task<IResult> GetGroupsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "migrations/{id}/report/groups")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetReportGroups",
            async _ =>
            {
                var outcome = RequestReader.ReadOptional<GroupOutcome>(request, "outcome");
                var sources = await SourcesAsync(await migrations.GetAsync(id, client, cancellationToken), cancellationToken);
                return ApiPipeline.Ok(await RequestReader.SliceAsync(
                    request, groups.ReadAsync(sources, cancellationToken).Where(group => outcome is null || group.Outcome == outcome)));
            },
            cancellationToken);

    [Function("GetAudit")]
    public Task<IResult> GetAuditAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "migrations/{id}/audit")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetAudit",
            async _ =>
            {
                var view = await migrations.GetAsync(id, client, cancellationToken);
                var verdict = await audit.VerifyAsync(view.MigrationId, cancellationToken);
                var headers = request.HttpContext.Response.Headers;
                headers["X-Audit-Chain"] = verdict.Intact ? "intact" : "broken";
                headers["X-Audit-Lines"] = verdict.Lines.ToString(System.Globalization.CultureInfo.InvariantCulture);
                headers["X-Audit-Hash"] = verdict.Hash;
                return Results.Bytes(await audit.ReadAsync(view.MigrationId, cancellationToken), "application/jsonl");
            },
            cancellationToken);

    [Function("GetAuditLines")]
    public Task<IResult> GetAuditLinesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "migrations/{id}/audit/lines")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetAuditLines",
            async _ =>
            {
                var newestFirst = RequestReader.ReadChoice(request, "order", "oldest", "newest") == "newest";
                var view = await migrations.GetAsync(id, client, cancellationToken);
                var lines = AuditChain.Entries(await audit.ReadAsync(view.MigrationId, cancellationToken));
                return ApiPipeline.Ok(RequestReader.Slice(request, newestFirst ? [.. lines.Reverse()] : lines));
            },
            cancellationToken);

    /// <summary>At the end the report that was kept then; before it one of this moment.</summary>
    async Task<IResult> DocumentAsync(HttpRequest request, MigrationView view, string format, CancellationToken cancellationToken)
    {
        if (format == Html) { request.HttpContext.Response.Headers.ContentSecurityPolicy = HtmlPage.ContentSecurityPolicy; }
        var type = format == Html ? "text/html; charset=utf-8" : "application/json";
        if (view.Outcome is not null && await documents.ReadAsync(StoreNames.Report(view.MigrationId, format), cancellationToken) is { } kept) { return Results.Bytes(kept.Content, type); }
        var report = await reports.MakeAsync(await SourcesAsync(view, cancellationToken), cancellationToken);
        return format == Html ? Results.Text(ReportPage.Render(report), type, Encoding.UTF8) : Results.Json(report, ContractJson.Options);
    }

    async Task<Func<Stream, Task>> TableAsync(MigrationView view, string table, CancellationToken cancellationToken)
    {
        var sources = await SourcesAsync(view, cancellationToken);
        return output => tables.WriteAsync(output, sources, table, cancellationToken);
    }

    async Task<ReportSources> SourcesAsync(MigrationView view, CancellationToken cancellationToken) =>
        await reports.SourcesAsync(view, cancellationToken) ?? throw ApiException.NotFound(ApiError.NoReport);
}
