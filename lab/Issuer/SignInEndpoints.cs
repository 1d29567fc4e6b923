using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GwbCloud.Lab.Issuer;

/// <summary>How people sign in with a browser: OpenID Connect with an ID token by form post, as the product asks for it.</summary>
/// <remarks>
/// Browsers come here by another host name than the product's (<see cref="LabIssuer.BrowserHost"/>), so that the two are different sites, as
/// they are in life, and cookies meet the same rules.
/// </remarks>
static class SignInEndpoints
{
    /// <summary>The issuer's own cookie; never the product's.</summary>
    const string Cookie = "lab-sign-in";

    public static void MapSignIn(this IEndpointRouteBuilder routes, LabIssuer issuer, BrowserSessions sessions)
    {
        string folder = $"/{issuer.TenantId:D}/oauth2/v2.0/";
        routes.MapGet($"{folder}authorize", (HttpRequest request) => Ask(request, issuer, sessions));
        routes.MapPost($"{folder}authorize", (HttpRequest request) => ChosenAsync(request, issuer, sessions));
        routes.MapGet(folder + SignInPages.Script, () => Results.Stream(SignInPages.Open(SignInPages.Script)!, "text/javascript"));
        routes.MapGet(folder + SignInPages.Style, () => Results.Stream(SignInPages.Open(SignInPages.Style)!, "text/css"));
    }

    static IResult Ask(HttpRequest http, LabIssuer issuer, BrowserSessions sessions) =>
        SignInRequest.Read(http.Query, issuer, out string? refusal) is not { } request ? Refuse(refusal!)
        : sessions.Find(http.Cookies[Cookie], request) is { } session ? Token(issuer, request, session)
        : request.Silent ? Error(request, "login_required", "nobody is signed in with this browser")
        : SignInPages.Choice(issuer, request);

    static async Task<IResult> ChosenAsync(HttpRequest http, LabIssuer issuer, BrowserSessions sessions)
    {
        if (SignInRequest.Read(http.Query, issuer, out string? refusal) is not { } request) { return Refuse(refusal!); }
        // Another page must not sign its visitor in as somebody.
        if (http.Headers.Origin is [{ } origin] && origin != $"{http.Scheme}://{http.Host}") { return Refuse("the choice comes from another site"); }
        var form = http.HasFormContentType ? await http.ReadFormAsync(http.HttpContext.RequestAborted) : FormCollection.Empty;
        if (form["person"] is [{ Length: 0 }]) { return Error(request, "access_denied", "the person cancelled"); }
        if (form["person"] is not [{ } key] || LabPeople.Find(key) is not { } person) { return Refuse("nobody was chosen"); }
        var (id, session) = sessions.Open(person);
        http.HttpContext.Response.Cookies.Append(Cookie, id, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/" });
        return Token(issuer, request, session);
    }

    static IResult Token(LabIssuer issuer, SignInRequest request, BrowserSession session) =>
        SignInPages.Answer(request, [("id_token", issuer.IdToken(session.Person, request.Nonce, session.Since))]);

    static IResult Error(SignInRequest request, string error, string description) =>
        SignInPages.Answer(request, [("error", error), ("error_description", description)]);

    static IResult Refuse(string why) => Results.Text($"invalid_request: {why}", "text/plain", statusCode: StatusCodes.Status400BadRequest);
}
