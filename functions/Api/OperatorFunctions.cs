using System.Globalization;
using System.Text;
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
    ApiPipeline api, MigrationCatalog migrations, OperatorDesk desk, MigrationTakeUp unfinished, IDocumentStore documents)
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

                DemandOpen(task);
                var instance = await MigrationCatalog.RequireAtWorkAsync(view.MigrationId, client, cancellationToken);
                await desk.AuditAsync(view, "task.check", caller.ObjectId, task.Id, cancellationToken);
                await client.RaiseEventAsync(instance, MigrationEvents.TaskCheck, new TaskCheck { TaskId = task.Id, By = caller.ObjectId }, CancellationToken.None);
                return OperatorDesk.Taken(request, view, "check");
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
        api.RunAsync(
            request, "RetryMigration",
            async caller =>
            {
                var body = request.HasJsonContentType() ? await RequestReader.ReadBodyAsync<RetryBody>(request, cancellationToken) : new();
                var view = await desk.DemandAsync(request, id, OperatorAction.Retry, client, cancellationToken);
                var comment = view.Review is null ? RequestReader.Limited(body.Comment, "comment", 1_000) : RequestReader.Required(body.Comment, "comment", 1_000);
                var accepted = await AcceptedAsync(view, body.Accept ?? [], cancellationToken);
                foreach (var item in accepted) { await desk.AuditAsync(view, "review.accepted", caller.ObjectId, $"{item.Name}: {item.Text}", cancellationToken); }
                return await AskAsync(
                    request, view,
                    new() { Action = OperatorAction.Retry, By = caller.ObjectId, Comment = comment, Accepted = [.. accepted.Select(item => item.Name)] },
                    comment, client, cancellationToken);
            },
            cancellationToken);

    [Function("GetReview")]
    public Task<IResult> GetReviewAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "migrations/{id}/review")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetReview",
            async _ => ApiPipeline.Ok(RequestReader.Slice(request, await ReviewAsync(await migrations.GetAsync(id, client, cancellationToken), cancellationToken))),
            cancellationToken);

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

    /// <summary>Nothing is acknowledged that nobody looks at.</summary>
    /// <exception cref="ApiException">409.</exception>
    internal static void DemandOpen(OperatorTask task)
    {
        if (task.State != TaskState.Open)
        {
            throw ApiException.Conflict(task.State == TaskState.Done ? ApiError.TaskIsDone : ApiError.TaskIsOver);
        }
    }

    Task<IResult> AskAsync(
        string function, OperatorAction action, HttpRequest request, DurableTaskClient client, string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, function,
            async caller =>
            {
                var view = await desk.DemandAsync(request, id, action, client, cancellationToken);
                return await AskAsync(
                    request, view, new() { Action = action, By = caller.ObjectId }, action == OperatorAction.Release ? view.Hold?.Before.ToString() : null, client, cancellationToken);
            },
            cancellationToken);

    async Task<IResult> AskAsync(
        HttpRequest request, MigrationView view, OperatorRequest asked, string? detail, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (MigrationVerbs.StateOf(view) != VerbState.EndedUnfinished) { return await desk.AskAsync(request, view, asked, detail, client, cancellationToken); }

        await FinishAsync(view, asked.Action, client, cancellationToken);
        await desk.AuditAsync(view, $"operator.{OperatorDesk.NameOf(asked.Action)}", asked.By, "ended unfinished", cancellationToken);
        return OperatorDesk.Taken(request, view, OperatorDesk.NameOf(asked.Action));
    }

    Task FinishAsync(MigrationView view, OperatorAction action, DurableTaskClient client, CancellationToken cancellationToken) => action == OperatorAction.Retry
        ? unfinished.TakeUpAsync(view.MigrationId, client, cancellationToken)
        : unfinished.LetGoAsync(view.MigrationId, client, cancellationToken);

    /// <summary>Everything that a caller accepts is in the review that he could read.</summary>
    async Task<IReadOnlyList<ReviewItem>> AcceptedAsync(MigrationView view, IReadOnlyList<string?> names, CancellationToken cancellationToken)
    {
        if (names.Count == 0) { return []; }
        // What was found is found again by what is taken up, and can be accepted then.
        if (MigrationVerbs.StateOf(view) == VerbState.EndedUnfinished) { throw ApiException.Conflict(ApiError.NotInThisState, "it has ended; take it up first"); }
        var listed = (await ReviewAsync(view, cancellationToken)).ToDictionary(item => item.Name, StringComparer.Ordinal);
        return
        [
            .. names.Select((name, at) => name is not null && listed.TryGetValue(name, out var item)
                ? item
                : throw ApiException.BadRequest(ApiError.NothingToReview, string.Create(CultureInfo.InvariantCulture, $"accept[{at}]"))).Distinct(),
        ];
    }

    async Task<IReadOnlyList<ReviewItem>> ReviewAsync(MigrationView view, CancellationToken cancellationToken)
        => view.Review is { } review ? await documents.LoadListAsync<ReviewItem>(review, cancellationToken) : [];

    async Task<(MigrationView View, OperatorTask Task)> FindTaskAsync(string id, string taskId, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var view = await migrations.GetAsync(id, client, cancellationToken);
        return (view, view.Tasks.FirstOrDefault(task => task.Id == taskId) ?? throw ApiException.NotFound(ApiError.TaskUnknown));
    }
}
