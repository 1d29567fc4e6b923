using System.Text;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Orchestration;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Api;

/// <summary>What operators do with a migration in flight: tasks and verbs.</summary>
public sealed class OperatorFunctions(
    ApiPipeline api, MigrationCatalog migrations, MigrationTakeUp unfinished, IDocumentStore documents, AuditLog audit, TimeProvider clock)
{
    [Function("GetTask")]
    public Task<IResult> GetTaskAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "migrations/{id}/tasks/{taskId}")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, string taskId, CancellationToken cancellationToken) =>
        api.RunAsync(request, "GetTask", async _ => ApiPipeline.Ok((await FindTaskAsync(id, taskId, client, cancellationToken)).Task), cancellationToken);

    [Function("GetAttachment")]
    public Task<IResult> GetAttachmentAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "migrations/{id}/tasks/{taskId}/attachment")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, string taskId, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetAttachment",
            async _ =>
            {
                var (_, task) = await FindTaskAsync(id, taskId, client, cancellationToken);
                var attachment = task.Attachment ?? throw ApiException.NotFound(ApiError.NoAttachment);
                var name = task.AttachmentName is { } list ? $"{list}.json" : null;
                return Results.Bytes(await documents.LoadAsync(attachment, cancellationToken), "application/json", name);
            },
            cancellationToken);

    [Function("GetScript")]
    public Task<IResult> GetScriptAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "migrations/{id}/tasks/{taskId}/script")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, string taskId, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetScript",
            async _ =>
            {
                var (_, task) = await FindTaskAsync(id, taskId, client, cancellationToken);
                if (task is not { Kind: TaskKind.AssignGroups, Attachment: { } attachment, AttachmentName: { } name })
                {
                    throw ApiException.NotFound(ApiError.NoAttachment);
                }

                var list = await documents.LoadOneAsync<ScopeList>(attachment, cancellationToken);
                return Results.Bytes(Encoding.ASCII.GetBytes(ScopeScript.Make(list, attachment.Sha256)), "text/plain", $"{name}.ps1");
            },
            cancellationToken);

    [Function("CheckTask")]
    public Task<IResult> CheckTaskAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "migrations/{id}/tasks/{taskId}/check")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, string taskId, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "CheckTask",
            async caller =>
            {
                var (view, task) = await FindTaskAsync(id, taskId, client, cancellationToken);
                if (view.State == MigrationState.Ended)
                {
                    throw ApiException.Conflict(ApiError.NotInThisState, "the migration has ended");
                }

                if (task.State == TaskState.Done)
                {
                    throw ApiException.Conflict(ApiError.TaskIsDone);
                }

                await MigrationCatalog.RequireRunningAsync(view.MigrationId, client, cancellationToken);
                await AuditAsync(view, "task.check", caller, task.Id, cancellationToken);
                await client.RaiseEventAsync(Instances.Migration, MigrationEvents.TaskCheck, new TaskCheck { TaskId = task.Id }, CancellationToken.None);
                return Taken(request, view, "check");
            },
            cancellationToken);

    [Function("PostponeMigration")]
    public Task<IResult> PostponeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "migrations/{id}/postpone")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, CancellationToken cancellationToken) =>
        AskAsync("PostponeMigration", OperatorAction.Postpone, request, client, id, cancellationToken);

    [Function("CancelMigration")]
    public Task<IResult> CancelAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "migrations/{id}/cancel")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, CancellationToken cancellationToken) =>
        AskAsync("CancelMigration", OperatorAction.Cancel, request, client, id, cancellationToken);

    [Function("StopMigration")]
    public Task<IResult> StopAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "migrations/{id}/stop")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, CancellationToken cancellationToken) =>
        AskAsync("StopMigration", OperatorAction.Stop, request, client, id, cancellationToken);

    [Function("RetryMigration")]
    public Task<IResult> RetryAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "migrations/{id}/retry")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, CancellationToken cancellationToken) =>
        AskAsync("RetryMigration", OperatorAction.Retry, request, client, id, cancellationToken);

    [Function("ReleaseMigration")]
    public Task<IResult> ReleaseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "migrations/{id}/release")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, CancellationToken cancellationToken) =>
        AskAsync("ReleaseMigration", OperatorAction.Release, request, client, id, cancellationToken);

    [Function("SkipMigration")]
    public Task<IResult> SkipAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "migrations/{id}/skip")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, CancellationToken cancellationToken) =>
        AskAsync("SkipMigration", OperatorAction.Skip, request, client, id, cancellationToken);

    Task<IResult> AskAsync(
        string function, OperatorAction action, HttpRequest request, DurableTaskClient client, string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, function,
            async caller =>
            {
                var view = await migrations.GetAsync(id, client, cancellationToken);
                if (MigrationVerbs.Refusal(view, action) is { } refusal)
                {
                    throw ApiException.Conflict(ApiError.NotInThisState, refusal);
                }

                var verb = NameOf(action);
                if (MigrationVerbs.StateOf(view) == VerbState.EndedUnfinished)
                {
                    await FinishAsync(view, action, client, cancellationToken);
                    await AuditAsync(view, $"operator.{verb}", caller, "ended unfinished", cancellationToken);
                    return Taken(request, view, verb);
                }

                await MigrationCatalog.RequireRunningAsync(view.MigrationId, client, cancellationToken);
                await AuditAsync(view, $"operator.{verb}", caller, action == OperatorAction.Release ? view.Hold?.Before.ToString() : null, cancellationToken);
                await client.RaiseEventAsync(
                    Instances.Migration, MigrationEvents.OperatorRequest, new OperatorRequest { Action = action, By = caller.ObjectId },
                    CancellationToken.None);
                return Taken(request, view, verb);
            },
            cancellationToken);

    Task FinishAsync(MigrationView view, OperatorAction action, DurableTaskClient client, CancellationToken cancellationToken) => action == OperatorAction.Retry
        ? unfinished.TakeUpAsync(view.MigrationId, client, cancellationToken)
        : unfinished.LetGoAsync(view.MigrationId, client, cancellationToken);

    async Task<(MigrationView View, OperatorTask Task)> FindTaskAsync(string id, string taskId, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var view = await migrations.GetAsync(id, client, cancellationToken);
        return (view, view.Tasks.FirstOrDefault(task => task.Id == taskId) ?? throw ApiException.NotFound(ApiError.TaskUnknown));
    }

    Task AuditAsync(MigrationView view, string what, Principal caller, string? detail, CancellationToken cancellationToken) =>
        audit.AppendAsync(
            new()
            {
                MigrationId = view.MigrationId,
                LineId = $"{what}-{Guid.NewGuid():N}",
                At = clock.GetUtcNow(),
                Who = caller.ObjectId,
                What = what,
                Detail = detail,
            },
            cancellationToken);

    static IResult Taken(HttpRequest request, MigrationView view, string verb) =>
        ApiPipeline.Accepted(request, $"/api/migrations/{view.MigrationId}", new RequestTaken { MigrationId = view.MigrationId, Request = verb });

    static string NameOf(OperatorAction action) => action switch
    {
        OperatorAction.Postpone => "postpone",
        OperatorAction.Cancel => "cancel",
        OperatorAction.Stop => "stop",
        OperatorAction.Retry => "retry",
        OperatorAction.Release => "release",
        _ => "skip",
    };
}
