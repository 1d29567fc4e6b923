using GwbCloud.Functions.Approvals;
using GwbCloud.Contracts.Exports;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Orchestration;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Pages;

/// <summary>The pages of one migration.</summary>
public sealed class MigrationPageFunctions(PagePipeline pages, MigrationCatalog migrations, GateDesk gates, ListCache lists, AuditLog audit)
{
    [Function("ShowMigration")]
    public Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/migrations/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, "ShowMigration",
            async visit => MigrationOverview.Render(new() { View = await migrations.GetAsync(id, client, cancellationToken), Now = visit.Now }, visit), cancellationToken);

    [Function("ShowGate")]
    public Task<IResult> ShowGateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/migrations/{id}/gates/{gate}")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, string gate, CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, "ShowGate",
            async visit =>
            {
                var name = GateOf(gate);
                var view = await migrations.GetAsync(id, client, cancellationToken);
                var standing = await gates.StandingAsync(view, name, visit.Caller!, cancellationToken);
                var signIn = visit.Request.Query["signIn"] is [{ Length: > 0 } signInId]
                    ? GateDesk.ViewOf(await gates.FindAsync(visit.Request, view.MigrationId, name, signInId, visit.Caller!, cancellationToken))
                    : null;
                return GatePage.Render(view, name, standing, signIn, visit);
            },
            cancellationToken);

    [Function("ShowEvidence")]
    public Task<IResult> ShowEvidenceAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/migrations/{id}/gates/{gate}/evidence/{part}")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, string gate, string part, CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, "ShowEvidence",
            async _ =>
            {
                var view = await migrations.GetAsync(id, client, cancellationToken);
                var name = GateOf(gate);
                var found = await gates.EvidenceAsync(view, name, part, cancellationToken);
                return GatePage.Evidence(view, name, found, FactTable.Render(found.Facts));
            },
            cancellationToken);

    [Function("ShowTasks")]
    public Task<IResult> ShowTasksAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/migrations/{id}/tasks")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, "ShowTasks",
            async visit =>
            {
                var view = await migrations.GetAsync(id, client, cancellationToken);
                return TaskPages.List(view, PageList<OperatorTask>.Of(request, view.Tasks, [], all => all.Reverse()), visit);
            },
            cancellationToken);

    [Function("ShowTask")]
    public Task<IResult> ShowTaskAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/migrations/{id}/tasks/{taskId}")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, string taskId, CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, "ShowTask",
            async visit =>
            {
                var view = await migrations.GetAsync(id, client, cancellationToken);
                return TaskPages.One(view, view.Tasks.FirstOrDefault(task => task.Id == taskId) ?? throw ApiException.NotFound(ApiError.TaskUnknown), visit);
            },
            cancellationToken);

    [Function("ShowReview")]
    public Task<IResult> ShowReviewAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/migrations/{id}/review")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, "ShowReview",
            async visit =>
            {
                var fits = ListSearch.Of(request);
                var view = await migrations.GetAsync(id, client, cancellationToken);
                IReadOnlyList<ReviewItem> items = view.Review is { } review ? await lists.LoadAsync<ReviewItem>(review, cancellationToken) : [];
                return LogPages.Review(
                    view, PageList<ReviewItem>.Of(request, items, ["q"], all => all.Where(item => fits([item.Text, item.Kind, item.Name]))), visit);
            },
            cancellationToken);

    [Function("ShowExports")]
    public Task<IResult> ShowExportsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/migrations/{id}/exports")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, "ShowExports",
            async _ =>
            {
                var fits = ListSearch.Of(request);
                var view = await migrations.GetAsync(id, client, cancellationToken);
                List<OffendingExport> exports = [];
                foreach (var review in view.Exports)
                {
                    exports.AddRange(await lists.LoadAsync<OffendingExport>(review.Offending, cancellationToken));
                }

                return LogPages.Exports(view, PageList<OffendingExport>.Of(
                    request, exports, ["q"], all => all.Where(export => fits([export.DistinguishedName, export.Server, export.Connector, export.ObjectType, export.Change, export.Why]))));
            },
            cancellationToken);

    [Function("ShowAudit")]
    public Task<IResult> ShowAuditAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/migrations/{id}/audit")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, "ShowAudit",
            async visit =>
            {
                var fits = ListSearch.Of(request);
                var view = await migrations.GetAsync(id, client, cancellationToken);
                var verdict = await audit.VerifyAsync(view.MigrationId, cancellationToken);
                var entries = AuditChain.Entries(await audit.ReadAsync(view.MigrationId, cancellationToken));
                return LogPages.Audit(view, PageList<AuditEntry>.Of(
                    request, entries, ["q"], all => all.Reverse().Where(entry => fits(
                        [entry.Who, visit.People.Of(entry.Who), entry.What, PageText.Audit.Deed(entry.What), entry.Detail, PageText.Audit.Told(entry, view, visit.People), entry.Evidence]))), verdict, visit);
            },
            cancellationToken);

    [Function("ShowAction")]
    public Task<IResult> ShowActionAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/migrations/{id}/actions/{verb}")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string id, string verb, CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, "ShowAction",
            async visit =>
            {
                var action = Enum.GetValues<OperatorAction>().Where(action => OperatorDesk.NameOf(action) == verb).Select(action => (OperatorAction?)action).FirstOrDefault()
                    ?? throw ApiException.NotFound(ApiError.PageUnknown);
                return ActionPage.Render(await migrations.GetAsync(id, client, cancellationToken), action, visit);
            },
            cancellationToken);

    static GateName GateOf(string name) => name switch
    {
        "plan" => GateName.Plan,
        "switch" => GateName.Switch,
        _ => throw ApiException.NotFound(ApiError.PageUnknown),
    };
}
