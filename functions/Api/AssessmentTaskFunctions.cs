using System.Text;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Assessment.Risks;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Graph;
using GwbCloud.Functions.Orchestration;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Api;

/// <summary>The tasks of an assessment: a group at risk each, until what was read back closes it.</summary>
public sealed class AssessmentTaskFunctions(
    ApiPipeline api, AssessmentCatalog assessments, RiskTaskCatalog tasks, IDocumentStore documents, AuditLog audit, IOptions<GraphOptions> graph, TimeProvider clock)
{
    [Function("GetAssessmentTasks")]
    public Task<IResult> GetTasksAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "assessments/{id}/tasks")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetAssessmentTasks",
            async _ =>
            {
                var state = RequestReader.ReadOptional<RiskTaskState>(request, "state");
                var all = await tasks.ListAsync(id, client, cancellationToken);
                return ApiPipeline.Ok(RequestReader.Slice(request, state is null ? all : [.. all.Where(task => task.State == state)]));
            },
            cancellationToken);

    [Function("GetAssessmentTask")]
    public Task<IResult> GetTaskAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "assessments/{id}/tasks/{taskId}")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, string taskId, CancellationToken cancellationToken) =>
        api.RunAsync(request, "GetAssessmentTask", async _ => ApiPipeline.Ok(await tasks.GetAsync(id, taskId, client, cancellationToken)), cancellationToken);

    [Function("GetAssessmentTaskScript")]
    public Task<IResult> GetScriptAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "assessments/{id}/tasks/{taskId}/script")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, string taskId, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetAssessmentTaskScript",
            async _ =>
            {
                var task = await tasks.GetAsync(id, taskId, client, cancellationToken);
                var name = task.Script ?? throw ApiException.NotFound(ApiError.NoAttachment);
                var facts = await FactsAsync(id, client, cancellationToken);
                var script = RiskScript.Make(task, facts.Tenant.Tenant, ScopeScript.EnvironmentOf(graph.Value.EffectiveBaseUrl));
                return Results.Bytes(Encoding.ASCII.GetBytes(script), "text/plain", $"{name}.ps1");
            },
            cancellationToken);

    [Function("CheckAssessmentTask")]
    public Task<IResult> CheckAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "assessments/{id}/tasks/{taskId}/check")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, string taskId, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "CheckAssessmentTask",
            async caller =>
            {
                var task = await tasks.GetAsync(id, taskId, client, cancellationToken);
                if (task.State == RiskTaskState.Done)
                {
                    throw ApiException.Conflict(ApiError.TaskIsDone);
                }

                var facts = await FactsAsync(id, client, cancellationToken);
                var now = clock.GetUtcNow();
                await audit.AppendAsync(
                    new()
                    {
                        MigrationId = id, LineId = $"task.check-{task.Id}-{now.UtcTicks}", At = now, Who = caller.ObjectId, What = "task.check", Detail = task.Id,
                    },
                    cancellationToken);
                await StartAsync(client, new RiskCheck
                {
                    AssessmentId = id,
                    TaskId = task.Id,
                    CloudId = task.CloudId,
                    Server = (facts.Servers.FirstOrDefault(server => !server.Staging) ?? facts.Servers[0]).Server,
                    WritebackOu = facts.Forest.WritebackOu,
                }, now);
                return ApiPipeline.Accepted(request, $"/api/assessments/{id}/tasks/{task.Id}", new CheckTaken { AssessmentId = id, TaskId = task.Id });
            },
            cancellationToken);

    // A look writes nothing but what it read, so that a second one at the same time is no harm: each has an instance of its own.
    static async Task StartAsync(DurableTaskClient client, RiskCheck check, DateTimeOffset now) =>
        await client.ScheduleNewOrchestrationInstanceAsync(
            CheckRiskOrchestrator.Name, check,
            new StartOrchestrationOptions($"{check.AssessmentId}:{check.TaskId}:{now.UtcTicks}").WithDedupeStatuses(Instances.AnyStatus), CancellationToken.None);

    async Task<AssessInput> FactsAsync(string id, DurableTaskClient client, CancellationToken cancellationToken) =>
        await documents.LoadOneAsync<AssessInput>((await assessments.GetEndedAsync(id, client, cancellationToken)).Facts!, cancellationToken);
}
