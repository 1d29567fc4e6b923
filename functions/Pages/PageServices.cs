using GwbCloud.Functions.Api;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Functions.Pages;

static class PageServices
{
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddSingleton<IProblemPage, RefusalPage>();
        services.AddSingleton<PagePipeline>();
        services.AddSingleton<ListCache>();
        return services;
    }
}
