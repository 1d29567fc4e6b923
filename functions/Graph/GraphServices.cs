using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GwbCloud.Functions.Graph;

/// <summary>Registers the Graph client.</summary>
public static class GraphServices
{
    /// <summary>
    /// Options of section <c>Graph</c>, validated at start. An <see cref="IGraphTokens"/> or <see cref="IDelay"/> that is registered already, or
    /// later, takes the place of the default.
    /// </summary>
    public static IServiceCollection AddGraph(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<GraphOptions>()
            .Bind(configuration.GetSection(GraphOptions.Section))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IDelay, ClockDelay>();
        services.TryAddSingleton<IGraphTokens, ManagedIdentityTokens>();
        services.AddHttpClient<GraphClient>();
        return services;
    }
}
