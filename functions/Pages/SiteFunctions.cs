using GwbCloud.Contracts;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Orchestration;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Primitives;

namespace GwbCloud.Functions.Pages;

/// <summary>The first page, what all pages are made of, and an answer to everything that is nothing.</summary>
public sealed class SiteFunctions(PagePipeline pages, ApiPipeline api, MigrationCatalog migrations, AssessmentCatalog assessments)
{
    /// <summary>Migrations on the first page: a tenant makes one, seldom two.</summary>
    const int MostMigrations = 10;

    /// <summary>Each assessment is a document to read.</summary>
    const int MostAssessments = 10;

    [Function("ShowHome")]
    public Task<IResult> ShowHomeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages")] HttpRequest request, [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        pages.ShowAsync(
            request, "ShowHome",
            async visit =>
            {
                var ids = await migrations.ListAsync(client, cancellationToken);
                List<MigrationView> views = [];
                foreach (var id in ids.Take(MostMigrations))
                {
                    views.Add(await migrations.GetAsync(id, client, cancellationToken));
                }

                var list = PageList<string>.Of(request, await assessments.ListAsync(cancellationToken), [], all => all, MostAssessments);
                List<Assessment.AssessmentOutcome> shown = [];
                foreach (var id in list.Items)
                {
                    shown.Add(await assessments.GetAsync(id, client, cancellationToken));
                }

                return HomePage.Render(views, ids.Count, shown, list, visit);
            },
            cancellationToken);

    [Function("GetAsset")]
    public Task<IResult> GetAssetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/assets/{name}")] HttpRequest request, string name, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, PageRoutes.Of("GetAsset"),
            _ =>
            {
                if (PageAssets.Find(name) is not { } asset)
                {
                    throw ApiException.NotFound(ApiError.PageUnknown);
                }

                // Its name says its content: it may be kept for good.
                request.HttpContext.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                return Task.FromResult(Results.Bytes(asset.Content, asset.Type));
            },
            cancellationToken);

    /// <summary>Pages are refused as pages, the rest as the API does.</summary>
    /// <remarks>The Functions host tries routes in the order of their functions' names: the last name is the last resort. Source: azure-functions-host 9876.</remarks>
    [Function("ZzUnknown")]
    public Task<IResult> AnswerUnknownAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] HttpRequest request, string? path, CancellationToken cancellationToken)
    {
        var allowed = RouteFinder.MethodsOf(path ?? "");
        var (status, refusal) = allowed.Count == 0
            ? (StatusCodes.Status404NotFound, ApiError.PageUnknown.Because())
            : (StatusCodes.Status405MethodNotAllowed, ApiError.MethodUnknown.Because(string.Join(", ", allowed)));
        if (allowed.Count > 0)
        {
            request.HttpContext.Response.Headers.Allow = new StringValues([.. allowed]);
        }

        return api.RunAsync(request, PageRoutes.Of("ZzUnknown"), _ => throw new ApiException(status, refusal), cancellationToken);
    }
}
