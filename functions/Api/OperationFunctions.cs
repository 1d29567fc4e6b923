using System.Globalization;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Operations.Changes;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Api;

/// <summary><c>/api/operations</c>: everything that is done to writeback beside a migration, planned first, then started, and undone.</summary>
public sealed class OperationFunctions(
    ApiPipeline api, OperationCatalog operations, OperationDesk desk, OperationApprovals approvals, SignInDesk signIns, IDocumentStore documents, AuditLog audit)
{
    [Function("PlanOperationRequest")]
    public Task<IResult> PlanAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "operations")] HttpRequest request, [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "PlanOperationRequest",
            async caller =>
            {
                var body = await RequestReader.ReadBodyAsync<PlanOperationBody>(request, cancellationToken);
                var terms = OperationDesk.ReadTerms(RequestReader.Required(body.Kind, "kind", 40), body.Terms);
                var id = await desk.PlanAsync(terms, caller, client, cancellationToken);
                return ApiPipeline.Accepted(request, $"/api/operations/{id}", new PlannedOperation { OperationId = id });
            },
            cancellationToken);

    [Function("ListOperations")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "operations")] HttpRequest request, [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "ListOperations",
            async _ =>
            {
                var ids = RequestReader.Slice(request, await operations.ListAsync(cancellationToken));
                List<OperationView> items = [];
                foreach (var id in ids.Items)
                {
                    items.Add(await operations.GetAsync(id, client, cancellationToken));
                }

                return ApiPipeline.Ok(new Slice<OperationView> { Items = items, Page = ids.Page, Size = ids.Size, Total = ids.Total });
            },
            cancellationToken);

    [Function("GetOperation")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "operations/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(request, "GetOperation", async _ => ApiPipeline.Ok(await operations.GetAsync(id, client, cancellationToken)), cancellationToken);

    [Function("GetOperationChanges")]
    public Task<IResult> GetChangesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "operations/{id}/changes")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        ListAsync<ValueChange>("GetOperationChanges", request, client, id, view => view.Plan?.Draft.Changes, cancellationToken);

    [Function("GetOperationLeft")]
    public Task<IResult> GetLeftAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "operations/{id}/left")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        ListAsync<LeftValue>("GetOperationLeft", request, client, id, view => view.Run == 0 ? view.Plan?.Draft.LeftOut : view.Left, cancellationToken);

    [Function("GetOperationAffected")]
    public Task<IResult> GetAffectedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "operations/{id}/affected")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        ListAsync<LeftValue>("GetOperationAffected", request, client, id, view => view.Plan?.Draft.Affected, cancellationToken);

    [Function("StartOperation")]
    public Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "operations/{id}/start")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "StartOperation",
            async caller =>
            {
                var body = await RequestReader.ReadBodyAsync<StartOperationBody>(request, cancellationToken);
                await desk.StartAsync(id, RequestReader.Required(body.PlanHash, "planHash", 100), caller, client, cancellationToken);
                return Taken(request, id, "start");
            },
            cancellationToken);

    [Function("UndoOperation")]
    public Task<IResult> UndoAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "operations/{id}/undo")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "UndoOperation",
            async caller =>
            {
                await desk.UndoAsync(id, caller, client, cancellationToken);
                return Taken(request, id, "undo");
            },
            cancellationToken);

    [Function("StopOperation")]
    public Task<IResult> StopAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "operations/{id}/stop")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "StopOperation",
            async caller =>
            {
                await desk.StopAsync(id, caller, client, cancellationToken);
                return Taken(request, id, "stop");
            },
            cancellationToken);

    [Function("CheckOperationTask")]
    public Task<IResult> CheckTaskAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "operations/{id}/tasks/{taskId}/check")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, string taskId, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "CheckOperationTask",
            async caller =>
            {
                await desk.CheckAsync(id, taskId, caller, client, cancellationToken);
                return Taken(request, id, "check");
            },
            cancellationToken);

    [Function("BeginOperationDecision")]
    public Task<IResult> BeginAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "operations/{id}/sign-ins")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "BeginOperationDecision",
            async caller =>
            {
                var body = await RequestReader.ReadBodyAsync<BeginOperationDecisionBody>(request, cancellationToken);
                var decision = RequestReader.Required(body.Decision, "decision");
                var hash = RequestReader.Required(body.PlanHash, "planHash", 100);
                var comment = RequestReader.Limited(body.Comment, "comment", 1_000);
                var returnTo = SessionFunctions.ReadPath(body.ReturnTo);
                var view = await operations.GetAsync(id, client, cancellationToken);
                if ((approvals.Objection(view, caller) ?? (view.PlanHash != hash ? ContractError.EvidenceDiffers.Because() : OperationApprovals.OfMatter(decision, comment))) is { } refusal)
                {
                    throw Refusals.ToException(refusal);
                }

                var record = approvals.RecordOf(view, decision, comment);
                var matter = new SignInMatter
                {
                    Purpose = SignInPurpose.Decision,
                    Person = caller.ObjectId,
                    Subject = id,
                    ReturnTo = returnTo,
                    Record = CanonicalJson.SerializeToText(record),
                    Comment = comment,
                    Consequences = [.. view.Plan!.Draft.Dangers, .. view.Plan.Draft.Consequences],
                };
                return ApiPipeline.Created(await signIns.BeginAsync(request, matter, record.Nonce(), cancellationToken));
            },
            cancellationToken);

    [Function("DecideOperation")]
    public Task<IResult> DecideAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "operations/{id}/decisions")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "DecideOperation",
            async caller =>
            {
                var body = await RequestReader.ReadBodyAsync<OperationDecisionBody>(request, cancellationToken);
                var kept = body.SignIn is { } signIn ? await signIns.FindAsync(request, signIn, SignInPurpose.Decision, id, caller, cancellationToken) : null;
                var statement = kept is not null
                    ? new SignedStatement { Record = kept.Record!, IdToken = signIns.DemandToken(kept) }
                    : new SignedStatement { Record = RequestReader.Required(body.Record, "record", 4_096), IdToken = RequestReader.Required(body.IdToken, "idToken", 16_384) };
                var comment = kept is not null ? kept.Comment : RequestReader.Limited(body.Comment, "comment", 1_000);
                var view = await operations.GetAsync(id, client, cancellationToken);
                var (decision, refusal) = await approvals.DecideAsync(view, statement, comment, caller, cancellationToken);
                if (refusal is not null)
                {
                    throw Refusals.ToException(refusal, audited: true);
                }

                if (kept is not null)
                {
                    await signIns.UseAsync(kept, CancellationToken.None);
                }

                await OperationDesk.HearAsync(decision!, id, client, CancellationToken.None);
                return ApiPipeline.Accepted(request, $"/api/operations/{id}", decision!);
            },
            cancellationToken);

    [Function("GetOperationAudit")]
    public Task<IResult> GetAuditAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "operations/{id}/audit")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetOperationAudit",
            async _ =>
            {
                var known = await operations.RequestAsync(id, cancellationToken);
                var verdict = await audit.VerifyAsync(known.OperationId, cancellationToken);
                var headers = request.HttpContext.Response.Headers;
                headers["X-Audit-Chain"] = verdict.Intact ? "intact" : "broken";
                headers["X-Audit-Lines"] = verdict.Lines.ToString(CultureInfo.InvariantCulture);
                headers["X-Audit-Hash"] = verdict.Hash;
                return Results.Bytes(await audit.ReadAsync(known.OperationId, cancellationToken), "application/jsonl");
            },
            cancellationToken);

    Task<IResult> ListAsync<T>(
        string function, HttpRequest request, DurableTaskClient client, string id, Func<OperationView, DocumentReference?> list, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, function,
            async _ =>
            {
                var document = list(await operations.GetAsync(id, client, cancellationToken));
                return ApiPipeline.Ok(document is null
                    ? RequestReader.Slice<T>(request, [])
                    : await RequestReader.SliceAsync(request, documents.EntriesAsync<T>(document, cancellationToken), document.Count));
            },
            cancellationToken);

    static IResult Taken(HttpRequest request, string id, string verb) =>
        ApiPipeline.Accepted(request, $"/api/operations/{id}", new OperationTaken { OperationId = id, Request = verb });
}
