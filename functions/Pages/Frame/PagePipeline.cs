using System.Security.Cryptography;
using System.Text;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Identity;
using Microsoft.AspNetCore.Http;

namespace GwbCloud.Functions.Pages;

/// <summary>What every page runs in: the API's own sign-in, roles and refusals; headers; the tag by which a page knows that it changed.</summary>
public sealed class PagePipeline(ApiPipeline api, KnownPeople people, TimeProvider clock)
{
    /// <summary>Shows a page. The same page again, asked for with its tag, is answered with 304.</summary>
    public Task<IResult> ShowAsync(HttpRequest request, string function, Func<PageVisit, Task<PageContent>> page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return api.RunAsync(
            request, PageRoutes.Of(function),
            async caller =>
            {
                var visit = new PageVisit(caller, clock.GetUtcNow(), request) { People = await people.ReadAsync(cancellationToken) };
                request.HttpContext.Items[PageAnswer.Visit] = visit;
                return PageAnswer.Of(request.HttpContext, await page(visit), visit);
            },
            cancellationToken);
    }
}

/// <summary>A page as the answer to a request.</summary>
public static class PageAnswer
{
    /// <summary>Under this the visit of a request is kept, so that a refusal knows it too.</summary>
    internal static readonly object Visit = new();

    public static IResult Of(HttpContext context, PageContent content, PageVisit visit)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(visit);
        PageHeaders.Write(context.Response);

        // The reader is part of it: who signs in as somebody else in another window must not go on under the name that stands here.
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{visit.Caller?.ObjectId}\n{content.Title}{content.Body}")))[..24]}\"";
        context.Response.Headers.ETag = tag;
        return content.Status == StatusCodes.Status200OK && context.Request.Headers.IfNoneMatch == tag
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Text(PageFrame.Render(content, visit, tag), "text/html; charset=utf-8", Encoding.UTF8, content.Status);
    }
}
