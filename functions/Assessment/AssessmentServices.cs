using GwbCloud.Functions.Graph;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GwbCloud.Functions.Assessment;

/// <summary>Registers what the assessment needs.</summary>
public static class AssessmentServices
{
    /// <summary>Options of section <c>Assessment</c>, validated at start. Expects an <c>IDocumentStore</c>.</summary>
    public static IServiceCollection AddAssessment(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<AssessmentOptions>()
            .Bind(configuration.GetSection(AssessmentOptions.Section))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddTransient<TenantReader>();
        services.TryAddTransient<MemberReader>();
        services.TryAddTransient<KnownCanaries>();
        return services.AddGraph(configuration);
    }
}
