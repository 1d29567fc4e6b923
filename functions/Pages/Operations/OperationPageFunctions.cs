using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Operations.Changes;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Pages;

/// <summary>The pages of operations.</summary>
public sealed class OperationPageFunctions(PagePipeline pages, OperationCatalog operations, OperationApprovals approvals, SignInDesk signIns, ListCache lists)
{
    /// <summary>Each operation is a document to read.</summary>
    const int MostOperations = 20;

    /// <summary>Values that the preview on an operation's own page shows.</summary>
    const int MostPreviewed = 10;

    [Function("ShowOperations")]
    public Task<IResult> ShowAllAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/operations")] HttpRequest request, [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, "ShowOperations",
            async visit =>
            {
                var list = PageList<string>.Of(request, await operations.ListAsync(cancellationToken), [], all => all, MostOperations);
                List<OperationView> shown = [];
                foreach (var id in list.Items)
                {
                    shown.Add(await operations.GetAsync(id, client, cancellationToken));
                }

                return OperationPages.All(shown, list, visit);
            },
            cancellationToken);

    [Function("ShowOperation")]
    public Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/operations/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, "ShowOperation",
            async visit =>
            {
                var view = await operations.GetAsync(id, client, cancellationToken);
                IReadOnlyList<ValueChange> changes = view.Plan?.Draft.Changes is { } document ? await lists.LoadAsync<ValueChange>(document, cancellationToken) : [];
                return OperationPages.One(
                    new()
                    {
                        View = view,
                        Preview = [.. changes.Take(MostPreviewed)],
                        Objection = visit.IsApprover && visit.Caller is { } caller && OperationVerbs.WaitsForApproval(view) ? approvals.Objection(view, caller) : null,
                        SignIn = await SignInAsync(visit, view, cancellationToken),
                    },
                    visit);
            },
            cancellationToken);

    [Function("ShowOperationChanges")]
    public Task<IResult> ShowChangesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/operations/{id}/changes")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, "ShowOperationChanges",
            async _ =>
            {
                var fits = ListSearch.Of(request);
                var view = await operations.GetAsync(id, client, cancellationToken);
                IReadOnlyList<ValueChange> all = view.Plan?.Draft.Changes is { } document ? await lists.LoadAsync<ValueChange>(document, cancellationToken) : [];
                return OperationPages.Changes(view, PageList<ValueChange>.Of(request, all, ["q"], every => every.Where(change => fits([change.Target, change.Name, change.Before]))));
            },
            cancellationToken);

    [Function("ShowOperationAffected")]
    public Task<IResult> ShowAffectedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/operations/{id}/affected")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        ShowValuesAsync("ShowOperationAffected", PageText.Operations.Affected, view => view.Plan?.Draft.Affected, request, client, id, cancellationToken);

    [Function("ShowOperationLeft")]
    public Task<IResult> ShowLeftAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/operations/{id}/left")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        ShowValuesAsync("ShowOperationLeft", PageText.Operations.Left, OperationPages.LeftOf, request, client, id, cancellationToken);

    Task<IResult> ShowValuesAsync(
        string function, string title, Func<OperationView, DocumentReference?> list, HttpRequest request, DurableTaskClient client, string id, CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, function,
            async _ =>
            {
                var fits = ListSearch.Of(request);
                var view = await operations.GetAsync(id, client, cancellationToken);
                IReadOnlyList<LeftValue> all = list(view) is { } document ? await lists.LoadAsync<LeftValue>(document, cancellationToken) : [];
                return OperationPages.Values(title, view, PageList<LeftValue>.Of(request, all, ["q"], every => every.Where(left => fits([left.Target, left.Name, left.Why]))));
            },
            cancellationToken);

    /// <summary>The sign-in that the reader comes back from; one that is nobody's or somebody else's is none.</summary>
    async Task<KeptSignIn?> SignInAsync(PageVisit visit, OperationView view, CancellationToken cancellationToken)
    {
        if (visit.Caller is not { } caller || visit.Request.Query["signIn"] is not [{ Length: > 0 } id])
        {
            return null;
        }

        try
        {
            return await signIns.FindAsync(visit.Request, id, SignInPurpose.Decision, view.OperationId, caller, cancellationToken);
        }
        catch (ApiException)
        {
            return null;
        }
    }
}
