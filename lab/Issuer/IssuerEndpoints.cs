using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GwbCloud.Lab.Issuer;

/// <summary>The issuer over HTTP: discovery, keys, client credentials, people from a shell, and people with a browser.</summary>
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
        routes.MapSignIn(issuer, new BrowserSessions(issuer.Time));
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
}
