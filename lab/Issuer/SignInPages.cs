using System.Net;
using Microsoft.AspNetCore.Http;

namespace GwbCloud.Lab.Issuer;

/// <summary>The pages that a browser sees at the issuer: who to be, and the form that carries the answer back.</summary>
static class SignInPages
{
    public const string Script = "sign-in.js";
    public const string Style = "sign-in.css";

    /// <summary>A button for each person; what is chosen is posted to the address of the page itself.</summary>
    public static IResult Choice(LabIssuer issuer, SignInRequest request)
    {
        // Whom the app expects comes first, as a sign-in page fills in the name.
        var people = LabPeople.All.OrderByDescending(person => IsExpected(issuer, request, person)).Select(person =>
            $"""
            <li><button name="person" value="{person.Key}"{(IsExpected(issuer, request, person) ? " autofocus" : "")}>
            <b>{Encode(person.Name)}</b> <span>{Encode(issuer.UserName(person))}</span> <span>{Encode(About(person))}</span>
            </button></li>
            """);
        return Page("Sign in to the lab", request,
            $"""
            <h1>Who are you?</h1>
            <p>This is the sign-in of the simulated tenant. Its people have no passwords: choose one.</p>
            <form method="post">
            <ul>
            {string.Join('\n', people)}
            </ul>
            <button name="person" value="" class="plain">Cancel</button>
            </form>
            """);
    }

    /// <summary>Goes on by itself; where no script runs, by its button.</summary>
    public static IResult Answer(SignInRequest request, IEnumerable<(string Name, string Value)> values)
    {
        if (request.State is { } state) { values = values.Append(("state", state)); }
        return Page("Signing in", request,
            $"""
            <h1>Signing in</h1>
            <form method="post" action="{Encode(request.RedirectUri.AbsoluteUri)}" id="answer">
            {string.Join('\n', values.Select(value => $"<input type=\"hidden\" name=\"{value.Name}\" value=\"{Encode(value.Value)}\">"))}
            <button>Go on</button>
            </form>
            """,
            $"<script src=\"{Script}\" defer></script>");
    }

    /// <summary>A file of the pages; null when there is none of the name.</summary>
    public static Stream? Open(string name) => typeof(SignInPages).Assembly.GetManifestResourceStream($"{typeof(SignInPages).Namespace}.{name}");

    static bool IsExpected(LabIssuer issuer, SignInRequest request, LabPerson person) =>
        string.Equals(issuer.UserName(person), request.LoginHint, StringComparison.OrdinalIgnoreCase);

    static string About(LabPerson person) => person.ForeignTenant is not null ? "of another tenant"
        : person.Roles.Count == 0 ? "without a role"
        : string.Join(", ", person.Roles);

    static PageResult Page(string title, SignInRequest request, string body, string head = "") => new(
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{title}</title>
        <link rel="stylesheet" href="{Style}">
        {head}
        </head>
        <body>
        <main>
        {body}
        </main>
        </body>
        </html>
        """, request.RedirectUri);

    static string Encode(string text) => WebUtility.HtmlEncode(text);

    sealed class PageResult(string html, Uri formTarget) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var headers = httpContext.Response.Headers;
            headers.CacheControl = "no-store";
            // Not no-referrer: with it a browser does not say that a choice comes from this page.
            headers["Referrer-Policy"] = "same-origin";
            headers.ContentSecurityPolicy =
                $"default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self' {formTarget.GetLeftPart(UriPartial.Authority)}; base-uri 'none'; frame-ancestors 'none'";
            return Results.Content(html, "text/html; charset=utf-8").ExecuteAsync(httpContext);
        }
    }
}
