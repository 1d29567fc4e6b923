using System.Text;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Api;

/// <summary>Sessions of browsers, the identity provider's answer, and the log of refused attempts.</summary>
public sealed class SessionFunctions(
    ApiPipeline api, SignInDesk signIns, BrowserSessions sessions, BrowserCookies cookies, AntiForgery antiForgery, AuditLog audit, RefusedAttempts attempts,
    IOptions<AuthenticationOptions> authentication)
{
    const string SignInPath = "/api/sign-in";
    const string PlatformSignIn = "/.auth/login/aad?post_login_redirect_uri=";
    const string PlatformSignOut = "/.auth/logout";

    /// <summary>A provider's answer has three values; more is somebody's game.</summary>
    const int MostValues = 16;

    bool IsPlatform => authentication.Value.Mode == AuthenticationMode.Platform;

    [Function("GetSession")]
    public Task<IResult> GetSessionAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "session")] HttpRequest request, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetSession",
            async caller => ApiPipeline.Ok(caller.IsNobody
                ? new SessionView { SignedIn = false, SignIn = SignInPath }
                : new()
                {
                    SignedIn = true,
                    ObjectId = caller.ObjectId,
                    Name = caller.Name,
                    Roles = caller.Roles,
                    ExpiresAt = caller.Until,
                    AntiForgery = await antiForgery.TokenAsync(caller, cancellationToken),
                    SignIn = SignInPath,
                }),
            cancellationToken);

    [Function("SignIn")]
    public Task<IResult> SignInAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "sign-in")] HttpRequest request, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "SignIn",
            async _ =>
            {
                var returnTo = request.Query["returnTo"] is [{ Length: > 0 } path] ? ReadPath(path) : "/api/session";
                return Results.Redirect(IsPlatform ? PlatformSignIn + Uri.EscapeDataString(returnTo) : await signIns.BeginSessionAsync(request, returnTo, cancellationToken));
            },
            cancellationToken);

    [Function("SignInCallback")]
    public Task<IResult> CallbackAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "sign-in/callback")] HttpRequest request, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "SignInCallback",
            async _ =>
            {
                var taken = await signIns.TakeAsync(await ReadFormAsync(request, cancellationToken), cancellationToken);
                if (taken.Refusal is { } refusal)
                {
                    await attempts.NoteAsync(request, "SignInCallback", taken.Person, refusal, cancellationToken, taken.Subject);
                }

                return SeeOther(request, PublicAddress.With(SignInDesk.FinishPath, "id", taken.Id));
            },
            cancellationToken);

    [Function("FinishSignIn")]
    public Task<IResult> FinishAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "sign-in/finish")] HttpRequest request, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "FinishSignIn",
            async _ => SeeOther(request, await signIns.FinishAsync(request, request.Query["id"] is [{ } id] ? id : "", cancellationToken)), cancellationToken);

    [Function("SignOut")]
    public Task<IResult> SignOutAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "sign-out")] HttpRequest request, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "SignOut",
            async _ =>
            {
                if (cookies.ReadSession(request) is { } secret)
                {
                    await sessions.EndAsync(BrowserCookies.HashOf(secret), cancellationToken);
                    cookies.DropSession(request);
                }

                return ApiPipeline.Ok(new SignedOut { Address = IsPlatform ? PlatformSignOut : null });
            },
            cancellationToken);

    [Function("GetAccessAudit")]
    public Task<IResult> GetAuditAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "audit")] HttpRequest request, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetAccessAudit",
            async _ =>
            {
                var verdict = await audit.VerifyAsync(RefusedAttempts.Log, cancellationToken);
                request.HttpContext.Response.Headers["X-Audit-Chain"] = verdict.Intact ? "intact" : "broken";
                return Results.Bytes(await audit.ReadAsync(RefusedAttempts.Log, cancellationToken), "application/jsonl");
            },
            cancellationToken);

    /// <summary>A path of this app.</summary>
    /// <exception cref="ApiException">400.</exception>
    public static string ReadPath(string? path) =>
        PublicAddress.IsPath(path) ? path! : throw ApiException.BadRequest(ApiError.FieldInvalid, "returnTo", "a path of this app, at most 300 characters");

    static async Task<IReadOnlyDictionary<string, string>> ReadFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType)
        {
            throw ApiException.BadRequest(ApprovalError.StateUnknown, null, "no form");
        }

        try
        {
            using var form = new FormReader(Encoding.UTF8.GetString(await RequestReader.ReadBytesAsync(request, cancellationToken))) { ValueCountLimit = MostValues };
            return (await form.ReadFormAsync(cancellationToken)).Where(value => value.Value.Count == 1).ToDictionary(value => value.Key, value => value.Value.ToString());
        }
        catch (InvalidDataException)
        {
            throw ApiException.BadRequest(ApprovalError.StateUnknown, null, "no form");
        }
    }

    /// <summary>303: whatever the browser did, it now asks with GET.</summary>
    static IResult SeeOther(HttpRequest request, string path)
    {
        request.HttpContext.Response.Headers.Location = path;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }
}
