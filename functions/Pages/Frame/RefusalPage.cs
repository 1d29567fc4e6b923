using GwbCloud.Functions.Api;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Reporting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Pages;

/// <summary>A refusal as a page, where a browser looks: what, why, and what to do; for who is not signed in, the way to sign in.</summary>
public sealed class RefusalPage(IOptions<AuthenticationOptions> authentication, TimeProvider clock) : IProblemPage
{
    public IResult? Of(HttpContext context, Problem problem)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(problem);
        return IsLookedAt(context.Request)
            ? PageAnswer.Of(context, Content(problem, context.Request), context.Items[PageAnswer.Visit] as PageVisit ?? new(null, clock.GetUtcNow(), context.Request))
            : null;
    }

    PageContent Content(Problem problem, HttpRequest request) => new()
    {
        Title = PageText.Refusals.Title(problem.Status),
        Status = problem.Status,
        Crumbs = problem.Status == StatusCodes.Status401Unauthorized ? [] : [new(PageText.Home.Title, PagePaths.Home)],
        Body = Html.Of($"""
            <div class="refusal">
            <h1>{PageText.Refusals.Title(problem.Status)}</h1>
            <p class="lead">{PageParts.Name(problem.Detail)}</p>
            {PageParts.Facts((PageText.Refusals.Cause, HtmlPage.Text(problem.Cause)), (PageText.Refusals.Remedy, HtmlPage.Text(problem.Remedy)), (PageText.Refusals.Code, PageParts.Code(problem.Code)))}
            {(problem.Status == StatusCodes.Status401Unauthorized && authentication.Value.Mode != AuthenticationMode.None
                ? Html.Of($"<p><a class=\"button primary\" href=\"{SignIn(request)}\">{PageText.Refusals.SignIn}</a></p>")
                : PageParts.Nothing)}
            </div>
            """),
    };

    static string SignIn(HttpRequest request)
    {
        var back = request.Path + request.QueryString;
        return PagePaths.List(PagePaths.Api("sign-in"), 1, ("returnTo", IsPage(request) && PublicAddress.IsPath(back) ? back : PagePaths.Home));
    }

    /// <summary>Pages always; of the rest what a browser opens as a page, the way back from a sign-in for instance.</summary>
    static bool IsLookedAt(HttpRequest request) => IsPage(request)
        || (HttpMethods.IsGet(request.Method) && request.Headers.Accept.Any(accepted => accepted?.Contains("text/html", StringComparison.OrdinalIgnoreCase) ?? false));

    static bool IsPage(HttpRequest request) => request.Path.StartsWithSegments(PagePaths.Home, StringComparison.OrdinalIgnoreCase);
}
