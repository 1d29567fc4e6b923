using System.Runtime.CompilerServices;
using GwbCloud.Contracts.Exports;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Orchestration;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Api;

/// <summary><c>/api/migrations</c> with exports and evidence.</summary>
public sealed class MigrationFunctions(
    ApiPipeline api, MigrationStart start, MigrationCatalog migrations, GateDesk gates, SignInDesk signIns, IDocumentStore documents)
{
    [Function("StartMigration")]
    public Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "migrations")] HttpRequest request, [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "StartMigration",
            async caller =>
            {
                var body = await RequestReader.ReadBodyAsync<StartMigrationBody>(request, cancellationToken);
                var proof = await signIns.ResolveAsync(request, body.Proof, SignInPurpose.Request, body.AssessmentId, caller, cancellationToken);
                var id = await start.RunAsync(body with { Proof = proof }, caller, client, cancellationToken);
                await signIns.UseAsync(request, body.Proof, CancellationToken.None);
                return ApiPipeline.Accepted(request, $"/api/migrations/{id}", new StartedMigration { MigrationId = id });
            },
            cancellationToken);

    [Function("ListMigrations")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "migrations")] HttpRequest request, [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "ListMigrations",
            async _ =>
            {
                var ids = RequestReader.Slice(request, await migrations.ListAsync(client, cancellationToken));
                List<MigrationView> items = [];
                foreach (var id in ids.Items)
                {
                    items.Add(await migrations.GetAsync(id, client, cancellationToken));
                }

                return ApiPipeline.Ok(new Slice<MigrationView> { Items = items, Page = ids.Page, Size = ids.Size, Total = ids.Total });
            },
            cancellationToken);

    [Function("GetMigration")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "migrations/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetMigration", async _ => ApiPipeline.Ok(await migrations.GetAsync(id, client, cancellationToken)), cancellationToken);

    [Function("GetExports")]
    public Task<IResult> GetExportsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "migrations/{id}/exports")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetExports",
            async _ =>
            {
                var view = await migrations.GetAsync(id, client, cancellationToken);
                return ApiPipeline.Ok(await RequestReader.SliceAsync(
                    request, ExplainedAsync(view, cancellationToken), view.Exports.Sum(review => review.Offending.Count)));
            },
            cancellationToken);

    [Function("GetEvidence")]
    public Task<IResult> GetEvidenceAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "migrations/{id}/gates/{gate}/evidence/{part}")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, string gate, string part, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetEvidence",
            async _ =>
            {
                var name = GateDesk.ReadGate(gate);
                return ApiPipeline.Ok(await gates.EvidenceAsync(await migrations.GetAsync(id, client, cancellationToken), name, part, cancellationToken));
            },
            cancellationToken);

    async IAsyncEnumerable<OffendingExport> ExplainedAsync(MigrationView view, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var review in view.Exports)
        {
            await foreach (var export in documents.EntriesAsync<OffendingExport>(review.Offending, cancellationToken))
            {
                yield return export;
            }
        }
    }
}
