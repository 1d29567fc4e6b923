using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.Writeback;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Functions.Operations;

/// <summary>Registers what operations need. A kind that writes values of its own registers its port here.</summary>
static class OperationServices
{
    public static IServiceCollection AddOperations(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<OperationOptions>().Bind(configuration.GetSection(OperationOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<OperationCatalog>();
        services.AddSingleton<OperationDesk>();
        services.AddSingleton<OperationApprovals>();
        services.AddTransient<UnifiedSettingPort>();
        services.AddTransient<IValuePort, UnifiedSettingPort>();
        services.AddTransient<IValuePort, GroupWritebackPort>();
        return services;
    }
}
