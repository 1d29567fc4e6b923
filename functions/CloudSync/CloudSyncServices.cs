using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Graph;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

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
        services.AddTransient<CloudSyncRemote>();
        services.AddTransient<CloudSyncReader>();
        services.AddTransient<CloudSyncSurveyor>();
        services.AddTransient<GroupDnExtension>();
        services.AddTransient<ReplicationWait>();
        services.AddTransient<CloudSyncFinder>();
        services.AddTransient<CloudSyncWriter>();
        services.AddTransient<CloudSyncRemoval>();
        services.AddTransient<CloudSyncSetup>();
        services.TryAddTransient<TenantReader>();
        services.TryAddTransient<MemberReader>();
        services.TryAddTransient<KnownCanaries>();
        return services.AddGraph(configuration);
    }
}
