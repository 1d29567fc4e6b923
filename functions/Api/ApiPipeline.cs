using GwbCloud.Contracts;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GwbCloud.Functions.Api;

/// <summary>What every HTTP function runs in: sign-in, role, and problem details in place of exceptions.</summary>
public sealed partial class ApiPipeline(IPrincipalReader principals, ILogger<ApiPipeline> logger)
{
    static readonly Principal Nobody = new() { ObjectId = Guid.Empty.ToString("D"), Roles = [] };

    public async Task<IResult> RunAsync(
        HttpRequest request, string function, Func<Principal, Task<IResult>> handler, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(handler);
        var context = request.HttpContext;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            var route = ApiRoutes.Of(function);
            var verdict = await principals.ReadAsync(request, cancellationToken);

            // With nothing configured even open routes are closed: nobody should take such an app for a healthy one.
            if (verdict.Principal is not { } principal)
            {
                return route.Access == Access.Anyone && verdict.Refusal!.Code != ApiError.AuthenticationNotConfigured.Code
                    ? await handler(Nobody)
                    : RefuseSignIn(context, verdict.Refusal!);
            }

            if (!route.LetsIn(principal))
            {
                return Problem.Of(context, StatusCodes.Status403Forbidden, ApiError.RoleMissing.Because($"Migration.{route.Access}"));
            }

            // A misspelt filter would otherwise answer with everything.
            return route.Access != Access.Anyone && request.Query.Keys.FirstOrDefault(name => !route.Takes(name)) is { } unknown
                ? throw ApiException.BadRequest(ApiError.FieldUnknown, unknown)
                : await handler(principal);
        }
        catch (ApiException refused)
        {
            return Problem.Of(context, refused.Status, refused.Refusal, refused.Field);
        }
        catch (BadHttpRequestException refused)
        {
            return Problem.Of(context, refused.StatusCode, ApiError.BodyNotJson.Because());
        }
        catch (DocumentException damaged)
        {
            LogDamaged(damaged, function);
            return Problem.Of(context, StatusCodes.Status500InternalServerError, DocumentError.Unreadable.Because());
        }
        catch (AuditException tampered)
        {
            LogDamaged(tampered, function);
            return Problem.Of(context, StatusCodes.Status500InternalServerError, DocumentError.AuditTampered.Because());
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
            return Problem.Of(context, StatusCodes.Status500InternalServerError, ApiError.Unexpected.Because());
        }
    }

    public static IResult Ok<T>(T value) => Results.Json(value, ContractJson.Options);

    public static IResult Accepted<T>(HttpRequest request, string location, T value)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.HttpContext.Response.Headers.Location = location;
        return Results.Json(value, ContractJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    static IResult RefuseSignIn(HttpContext context, Refusal refusal)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problem.Of(context, StatusCodes.Status401Unauthorized, refusal);
    }

    [LoggerMessage(1000, LogLevel.Error, "{Function} failed in a way that nobody foresaw.")]
    partial void LogUnforeseen(Exception exception, string function);

    [LoggerMessage(1001, LogLevel.Error, "{Function} met a damaged document.")]
    partial void LogDamaged(Exception exception, string function);
}
