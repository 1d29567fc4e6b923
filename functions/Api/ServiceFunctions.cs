using System.Reflection;
using GwbCloud.Contracts.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Functions.Api;

/// <summary>Health and the description of the API.</summary>
public sealed class ServiceFunctions(ApiPipeline api)
{
    static readonly string Version = typeof(ServiceFunctions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    [Function("GetHealth")]
    public Task<IResult> GetHealthAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request, CancellationToken cancellationToken) =>
        api.RunAsync(request, "GetHealth", _ => Task.FromResult(ApiPipeline.Ok(new Health { Status = "ok", Version = Version })), cancellationToken);

    [Function("GetDescription")]
    public Task<IResult> GetDescriptionAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "openapi.json")] HttpRequest request, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetDescription",
            _ => Task.FromResult(Results.Text(ApiDescription.Build(Version).ToJsonString(ContractJson.Options), "application/json")), cancellationToken);
}
