using GwbCloud.Contracts;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GwbCloud.Functions.Api;

/// <summary>What every HTTP function runs in: sign-in, role, anti-forgery, and problem details in place of exceptions. What it refuses at the door is audited.</summary>
public sealed partial class ApiPipeline(
    IPrincipalReader principals, AntiForgery antiForgery, RefusedAttempts attempts, KnownPeople people, IEnumerable<IProblemPage> pages, ILogger<ApiPipeline> logger)
{
    public Task<IResult> RunAsync(HttpRequest request, string function, Func<Principal, Task<IResult>> handler, CancellationToken cancellationToken) =>
        RunAsync(request, ApiRoutes.Of(function), handler, cancellationToken);

    /// <summary>The same for a route of another table.</summary>
    public async Task<IResult> RunAsync(HttpRequest request, ApiRoute route, Func<Principal, Task<IResult>> handler, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(route);
        ArgumentNullException.ThrowIfNull(handler);
        var context = request.HttpContext;
        var function = route.Function;
        Principal? who = null;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            var verdict = await principals.ReadAsync(request, cancellationToken);

            // With nothing configured even open routes are closed: nobody should take such an app for a healthy one.
            if (verdict.Principal is not { } principal)
            {
                if (route.Access == Access.Anyone && verdict.Refusal!.Code != ApiError.AuthenticationNotConfigured.Code)
                {
                    return await handler(Principal.Nobody);
                }

                // Whoever just looks without a session is no attempt at anything: pages do it whenever one has ended.
                if (route.Method != "GET" || verdict.Refusal!.Code != ApiError.NotSignedIn.Code)
                {
                    await attempts.NoteAsync(request, function, null, verdict.Refusal!, cancellationToken);
                }

                context.Response.Headers.WWWAuthenticate = "Bearer";
                return Refuse(context, StatusCodes.Status401Unauthorized, verdict.Refusal!);
            }

            // What comes from another site speaks for nobody. Where the platform checks sign-in it leaves this path out, and so does not vouch for who is named there.
            if (route.FromOtherSites)
            {
                return await handler(Principal.Nobody);
            }

            who = principal;
            if ((!route.LetsIn(principal) ? ApiError.RoleMissing.Because($"Migration.{route.Access}")
                : route is { Method: "POST", FromOtherSites: false } ? await antiForgery.CheckAsync(request, principal, cancellationToken) : null) is { } refusal)
            {
                await attempts.NoteAsync(request, function, principal.ObjectId, refusal, cancellationToken);
                return Refuse(context, StatusCodes.Status403Forbidden, refusal);
            }

            // There is room for so many names: who merely has an account in the tenant must not fill it.
            if (route is { Method: "POST", Access: not Access.Anyone }) { await NoteAsync(principal, function, cancellationToken); }

            // A misspelt filter would otherwise answer with everything.
            return route.Access != Access.Anyone && request.Query.Keys.FirstOrDefault(name => !route.Takes(name)) is { } unknown
                ? throw ApiException.BadRequest(ApiError.FieldUnknown, unknown)
                : await handler(principal);
        }
        catch (ApiException refused)
        {
            return await RefuseAsync(request, route, who, refused, cancellationToken);
        }
        catch (BadHttpRequestException refused)
        {
            return Refuse(context, refused.StatusCode, ApiError.BodyNotJson.Because());
        }
        catch (DocumentException damaged)
        {
            LogDamaged(damaged, function);
            return Refuse(context, StatusCodes.Status500InternalServerError, DocumentError.Unreadable.Because());
        }
        catch (AuditException tampered)
        {
            LogDamaged(tampered, function);
            return Refuse(context, StatusCodes.Status500InternalServerError, DocumentError.AuditTampered.Because());
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested || context.RequestAborted.IsCancellationRequested)
        {
            return Results.StatusCode(StatusCodes.Status499ClientClosedRequest);
        }
#pragma warning disable CA1031 // The last net: what nobody foresaw becomes problem details too, with nothing of the exception in it.
        catch (Exception unforeseen)
#pragma warning restore CA1031
        {
            LogUnforeseen(unforeseen, function);
            return Refuse(context, StatusCodes.Status500InternalServerError, ApiError.Unexpected.Because());
        }
    }

    public static IResult Ok<T>(T value) => Results.Json(value, ContractJson.Options);

    public static IResult Accepted<T>(HttpRequest request, string location, T value)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.HttpContext.Response.Headers.Location = location;
        return Results.Json(value, ContractJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    public static IResult Created<T>(T value) => Results.Json(value, ContractJson.Options, statusCode: StatusCodes.Status201Created);

    /// <summary>Who acts is known by name from then on. Nothing is refused because a name could not be kept.</summary>
    async Task NoteAsync(Principal caller, string function, CancellationToken cancellationToken)
    {
        try
        {
            await people.NoteAsync(caller, cancellationToken);
        }
#pragma warning disable CA1031 // Whatever the store throws: a name is only for reading.
        catch (Exception untold) when (untold is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogNameless(untold, function);
        }
    }

    /// <summary>A refusal of the handler's own; on the way to a decision each is an attempt, and audited.</summary>
    async Task<IResult> RefuseAsync(HttpRequest request, ApiRoute route, Principal? who, ApiException refused, CancellationToken cancellationToken)
    {
        if (route.AuditsRefusals && !refused.IsAudited)
        {
            try
            {
                await attempts.NoteAsync(request, route.Function, who?.ObjectId, refused.Refusal, cancellationToken, refused.About);
            }
            catch (Exception untold) when (untold is DocumentException or AuditException or IOException or OperationCanceledException)
            {
                // Refused it is all the same.
                LogDamaged(untold, route.Function);
            }
        }

        return Refuse(request.HttpContext, refused.Status, refused.Refusal, refused.Field);
    }

    /// <summary>As problem details, or as a page where somebody looks with a browser.</summary>
    IResult Refuse(HttpContext context, int status, Refusal refusal, string? field = null)
    {
        var problem = Problem.Of(context, status, refusal, field);
        return pages.Select(page => page.Of(context, problem)).FirstOrDefault(page => page is not null)
            ?? Results.Json(problem, ContractJson.Options, "application/problem+json", status);
    }

    [LoggerMessage(1000, LogLevel.Error, "{Function} failed in a way that nobody foresaw.")]
    partial void LogUnforeseen(Exception exception, string function);

    [LoggerMessage(1002, LogLevel.Warning, "{Function}: the name of who calls was not kept.")]
    partial void LogNameless(Exception exception, string function);

    [LoggerMessage(1001, LogLevel.Error, "{Function} met a damaged document.")]
    partial void LogDamaged(Exception exception, string function);
}
