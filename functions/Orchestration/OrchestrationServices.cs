using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Functions.Orchestration;

/// <summary>What the orchestrations' own activities need; orchestrators themselves are static and need nothing.</summary>
public static class OrchestrationServices
{
    public static IServiceCollection AddOrchestration(this IServiceCollection services) => services.AddSingleton<EntraMembers>();
}
