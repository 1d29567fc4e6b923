using GwbCloud.Functions.Graph;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Functions.CloudSync;

/// <summary>Registers Cloud Sync and the Graph client under it.</summary>
public static class CloudSyncServices
{
    /// <summary>Options of the sections <c>CloudSync</c> and <c>Graph</c>, validated at start. Expects an <c>IDocumentStore</c>.</summary>
    public static IServiceCollection AddCloudSync(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<CloudSyncOptions>()
            .Bind(configuration.GetSection(CloudSyncOptions.Section))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        return services.AddGraph(configuration);
    }
}
