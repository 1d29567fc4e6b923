using GwbCloud.Embedded.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace GwbCloud.Embedded.Hosting;

/// <summary>Routes HTTP functions as the Functions host does: below the prefix, route values as text, 500 for what escapes.</summary>
sealed partial class HttpFunctions(FunctionCatalog catalog, HostJson hostJson, Func<DurableTaskClient> client, Func<string, IDisposable> busy, ILogger<HttpFunctions> logger)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var function in catalog.Http)
        {
            string pattern = "/" + string.Join('/', new[] { hostJson.RoutePrefix, function.Route! }.Select(part => part.Trim('/')).Where(part => part.Length > 0));
            if (function.HttpMethods is { } methods) { endpoints.MapMethods(pattern, methods, context => ServeAsync(function, context)); }
            else { endpoints.Map(pattern, context => ServeAsync(function, context)); }
        }
    }

    async Task ServeAsync(FunctionMethod function, HttpContext context)
    {
        using var hold = busy($"HTTP {function.Name}");
        try
        {
            object? result = await function.InvokeAsync(context.RequestServices, p =>
                p.Position == function.TriggerParameter.Position ? context.Request
                : p.ParameterType == typeof(CancellationToken) ? context.RequestAborted
                : p.IsDefined(typeof(DurableClientAttribute), inherit: false) ? client()
                : context.GetRouteValue(p.Name!) as string);
            await ((IResult)result!).ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; there is nobody to answer.
        }
#pragma warning disable CA1031 // As the worker does: what escapes a function is a 500 without a body.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogEscaped(logger, e, function.Name);
            if (context.Response.HasStarted) { context.Abort(); }
            else
            {
                context.Response.Clear();
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            }
        }
    }

    [LoggerMessage(8101, LogLevel.Error, "An exception escaped the HTTP function {Function}.")]
    static partial void LogEscaped(ILogger logger, Exception exception, string function);
}
