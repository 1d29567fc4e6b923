using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GwbCloud.Lab.Issuer;

/// <summary>The issuer over HTTP: discovery, keys, client credentials, people from a shell, and a page on which a person chooses who to be.</summary>
public static class IssuerEndpoints
{
    /// <summary>Maps the addresses of the discovery document below <c>/{tenantId}</c>.</summary>
    public static void MapIssuer(this IEndpointRouteBuilder routes, LabIssuer issuer)
    {
        ArgumentNullException.ThrowIfNull(issuer);
        var tenant = $"/{issuer.TenantId:D}";
        routes.MapGet($"{tenant}/v2.0/.well-known/openid-configuration", (HttpRequest request) =>
            Json(issuer.Discovery($"{request.Scheme}://{request.Host}")));
        routes.MapGet($"{tenant}/discovery/v2.0/keys", () => Json(issuer.Keys()));
        routes.MapPost($"{tenant}/oauth2/v2.0/token", (HttpRequest request) => TokenAsync(request, issuer));
        routes.MapGet($"{tenant}/oauth2/v2.0/authorize", (HttpRequest request) => Authorize(request, issuer));
    }

    static IResult Json(JsonNode body, int status = StatusCodes.Status200OK) => Results.Text(body.ToJsonString(), "application/json", statusCode: status);

    static async Task<IResult> TokenAsync(HttpRequest request, LabIssuer issuer)
    {
        var form = request.HasFormContentType ? await request.ReadFormAsync(request.HttpContext.RequestAborted) : FormCollection.Empty;
        if (form["grant_type"] == "password") { return Person(form, issuer); }
        var error = form["grant_type"] != "client_credentials" ? "unsupported_grant_type"
            : form["client_id"] != issuer.ClientId.ToString("D") || form["client_secret"] != issuer.ClientSecret ? "invalid_client"
            : form["scope"] != LabIssuer.GraphAudience + "/.default" ? "invalid_scope"
            : null;
        return error is not null
            ? Json(new JsonObject { ["error"] = error }, StatusCodes.Status400BadRequest)
            : Json(new JsonObject
            {
                ["token_type"] = "Bearer",
                ["expires_in"] = (int)LabIssuer.Lifetime.TotalSeconds,
                ["access_token"] = issuer.GraphAppToken(),
            });
    }

    // How somebody signs in from a shell: the lab's people have no passwords. With a nonce it is the fresh sign-in of a decision.
    static IResult Person(IFormCollection form, LabIssuer issuer)
    {
        var person = LabPeople.All.FirstOrDefault(p => string.Equals(issuer.UserName(p), form["username"], StringComparison.OrdinalIgnoreCase));
        if (person is null || form["client_id"] != issuer.ClientId.ToString("D"))
        {
            return Json(new JsonObject { ["error"] = person is null ? "invalid_grant" : "invalid_client" }, StatusCodes.Status400BadRequest);
        }

        var answer = new JsonObject
        {
            ["token_type"] = "Bearer",
            ["expires_in"] = (int)LabIssuer.Lifetime.TotalSeconds,
            ["access_token"] = issuer.ApiToken(person),
        };
        if (form["nonce"] is [{ Length: > 0 } nonce]) { answer["id_token"] = issuer.IdToken(person, nonce); }
        return Json(answer);
    }

    // Each person is a form that posts the ID token to the address that asked, as response_mode form_post does.
    static IResult Authorize(HttpRequest request, LabIssuer issuer)
    {
        var query = request.Query;
        var target = Uri.TryCreate(query["redirect_uri"], UriKind.Absolute, out var uri) && uri.IsLoopback ? uri : null;
        if (target is null || query["client_id"] != issuer.ClientId.ToString("D") || query["response_type"] != "id_token" || query["nonce"].Count != 1)
        {
            return Json(new JsonObject { ["error"] = "invalid_request" }, StatusCodes.Status400BadRequest);
        }

        var people = LabPeople.All.Select(person =>
            $"""
            <form method="post" action="{Html(target.AbsoluteUri)}">
            <input type="hidden" name="id_token" value="{issuer.IdToken(person, query["nonce"]!)}">
            <input type="hidden" name="state" value="{Html(query["state"].ToString())}">
            <button>{Html(person.Name)}</button> {Html(string.Join(", ", person.Roles))}
            </form>
            """);
        return Results.Content(
            $"<!doctype html><html lang=\"en\"><title>Sign in to the lab</title><h1>Who are you?</h1>{string.Join('\n', people)}</html>", "text/html");
    }

    static string Html(string text) => System.Net.WebUtility.HtmlEncode(text);
}
