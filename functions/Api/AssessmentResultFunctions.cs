using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Reporting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Api;

/// <summary>What is below <c>/api/assessments/{id}</c>: plan, findings, groups, losses, names, report, comparison.</summary>
public sealed class AssessmentResultFunctions(
    ApiPipeline api, AssessmentCatalog assessments, IDocumentStore documents, AssessmentReader reader, AssessmentTables tables, AssessmentJson json,
    AssessmentComparing comparing)
{
    [Function("GetPlan")]
    public Task<IResult> GetPlanAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "assessments/{id}/plan")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetPlan", async _ => ApiPipeline.Ok(await assessments.GetPlanAsync(id, client, cancellationToken)), cancellationToken);

    [Function("GetFindings")]
    public Task<IResult> GetFindingsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "assessments/{id}/findings")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetFindings",
            async _ =>
            {
                var outcome = await assessments.GetEndedAsync(id, client, cancellationToken);
                return ApiPipeline.Ok(RequestReader.Slice(request, await documents.LoadListAsync<Finding>(outcome.Findings!, cancellationToken)));
            },
            cancellationToken);

    [Function("GetConcerned")]
    public Task<IResult> GetConcernedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "assessments/{id}/findings/{code}/concerned")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, string code, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetConcerned",
            async _ =>
            {
                var outcome = await assessments.GetEndedAsync(id, client, cancellationToken);
                var findings = await documents.LoadListAsync<Finding>(outcome.Findings!, cancellationToken);
                var concerned = findings.FirstOrDefault(finding => finding.Code == code)?.Concerned ?? throw ApiException.NotFound(ApiError.FindingUnknown);
                return ApiPipeline.Ok(await RequestReader.SliceAsync(request, documents.EntriesAsync<Concern>(concerned, cancellationToken), concerned.Count));
            },
            cancellationToken);

    [Function("GetGroups")]
    public Task<IResult> GetGroupsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "assessments/{id}/groups")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetGroups",
            async _ =>
            {
                var kind = RequestReader.ReadOptional<GroupClass>(request, "class");
                var readiness = RequestReader.ReadOptional<Readiness>(request, "readiness");
                var reason = RequestReader.ReadOptional(request, "reason", ReasonNames.All.Keys) is { } name ? ReasonNames.All[name] : null;
                var outcome = await assessments.GetEndedAsync(id, client, cancellationToken);
                var groups = documents.EntriesAsync<ClassifiedGroup>(outcome.Classified!, cancellationToken)
                    .Where(group => (kind is null || group.Class == kind)
                        && (readiness is null || group.Readiness == readiness)
                        && (reason is null || group.Reasons.Contains(reason)));
                var all = kind is null && readiness is null && reason is null;
                return ApiPipeline.Ok(await RequestReader.SliceAsync(request, groups, all ? outcome.Classified!.Count : null));
            },
            cancellationToken);

    [Function("GetLosses")]
    public Task<IResult> GetLossesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "assessments/{id}/losses")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetLosses",
            async _ =>
            {
                var outcome = await assessments.GetEndedAsync(id, client, cancellationToken);
                return ApiPipeline.Ok(await RequestReader.SliceAsync(request, documents.EntriesAsync<GroupLoss>(outcome.Losses!, cancellationToken), outcome.Losses!.Count));
            },
            cancellationToken);

    [Function("GetNames")]
    public Task<IResult> GetNamesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "assessments/{id}/names")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetNames",
            async _ =>
            {
                var keptBy = RequestReader.ReadOptional<NameKeeping>(request, "keptBy");
                var outcome = await assessments.GetEndedAsync(id, client, cancellationToken);
                var all = outcome.Names ?? throw ApiException.Conflict(ApiError.AssessmentNotReady, "it predicted no names");
                var names = documents.EntriesAsync<NamePrediction>(all, cancellationToken).Where(name => keptBy is null || name.KeptBy == keptBy);
                return ApiPipeline.Ok(await RequestReader.SliceAsync(request, names, keptBy is null ? all.Count : null));
            },
            cancellationToken);

    [Function("GetAssessmentReport")]
    public Task<IResult> GetReportAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "assessments/{id}/report")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetAssessmentReport",
            async _ =>
            {
                var format = RequestReader.ReadChoice(request, "format", [.. AssessmentFormats.All]);
                var table = RequestReader.ReadOptional(request, "table", AssessmentTables.Columns.Keys);
                if (format == AssessmentFormats.Csv != table is not null)
                {
                    throw table is null
                        ? ApiException.BadRequest(ApiError.FieldMissing, "table", string.Join(", ", AssessmentTables.Columns.Keys))
                        : ApiException.BadRequest(ApiError.FieldInvalid, "table", "only with format=csv");
                }

                var outcome = await assessments.GetEndedAsync(id, client, cancellationToken);
                return format switch
                {
                    AssessmentFormats.Csv => Results.Stream(
                        await tables.PrepareAsync(outcome, table!, cancellationToken), "text/csv; charset=utf-8", $"{id}-{table}.csv"),
                    AssessmentFormats.Html => Page(request, await ReadAsync(outcome, cancellationToken)),
                    AssessmentFormats.Scenario => Results.Text(ScenarioExport.Of(await ReadAsync(outcome, cancellationToken)).ToJson(), "application/json"),
                    _ => Results.Stream(await json.PrepareAsync(outcome, cancellationToken), "application/json"),
                };
            },
            cancellationToken);

    [Function("CompareAssessments")]
    public Task<IResult> CompareAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "assessments/{id}/comparison")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "CompareAssessments",
            async _ =>
            {
                var change = RequestReader.ReadOptional<GroupChangeKind>(request, "change");
                var with = RequestReader.Required((string?)request.Query["with"], "with", 100);
                var after = await assessments.GetEndedAsync(id, client, cancellationToken);
                var (comparison, groups) = await comparing.CompareAsync(after, with, client, cancellationToken);
                return ApiPipeline.Ok(new ComparedAssessments
                {
                    Comparison = comparison,
                    Groups = RequestReader.Slice(request, change is null ? groups : [.. groups.Where(group => group.Change == change)]),
                });
            },
            cancellationToken);

    static IResult Page(HttpRequest request, AssessmentReport report)
    {
        request.HttpContext.Response.Headers.ContentSecurityPolicy = HtmlPage.ContentSecurityPolicy;
        return Results.Text(AssessmentPage.Render(report), "text/html; charset=utf-8");
    }

    Task<AssessmentReport> ReadAsync(AssessmentOutcome outcome, CancellationToken cancellationToken) =>
        reader.ReadAsync(outcome, RunIds.TimeOf(outcome.AssessmentId), cancellationToken);
}
