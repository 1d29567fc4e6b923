using GwbCloud.Functions.Api;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Assessment.Risks;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Notifications;
using GwbCloud.Functions.OnPremises;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Pages;
using GwbCloud.Functions.Reporting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions;

/// <summary>Registers the product.</summary>
public static class GwbCloudServices
{
    /// <summary>
    /// Everything that the functions need. Every area's settings are validated when the app starts; what stands in for the outside world
    /// (<see cref="TimeProvider"/>, <see cref="IDelay"/>) may be registered before.
    /// </summary>
    public static IServiceCollection AddGwbCloud(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IDelay, ClockDelay>();
        services.AddDocuments(configuration).AddIdentity(configuration).AddOnPremises(configuration).AddApi(configuration);
        services.AddAssessment(configuration);
        services.AddCloudSync(configuration);
        services.AddOrchestration();
        services.AddOperations(configuration);
        services.AddNotifications(configuration);
        services.AddPages();
        return services;
    }

    static IServiceCollection AddDocuments(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidated<DocumentStoreOptions, DocumentStoreOptionsValidator>(configuration, DocumentStoreOptions.Section);
        services.TryAddSingleton<IDocumentStore, FileDocumentStore>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<RefusedAttempts>();
        return services;
    }

    static IServiceCollection AddIdentity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidated<IdentityOptions, IdentityOptionsValidator>(configuration, IdentityOptions.Section);
        services.AddValidated<AuthenticationOptions, AuthenticationOptionsValidator>(configuration, AuthenticationOptions.Section);
        services.Configure<AuthenticationOptions>(options =>
            options.PlatformChecks = string.Equals(configuration[AuthenticationOptions.PlatformSetting], "true", StringComparison.OrdinalIgnoreCase));
        services.AddQuietClient(PublishedKeys.HttpClientName).ConfigureHttpClient(client => client.Timeout = TimeSpan.FromSeconds(10));
        services.AddSingleton<PublishedKeys>();
        services.AddSingleton<TokenChecks>();
        services.AddValidated<SignInOptions, SignInOptionsValidator>(configuration, SignInOptions.Section);
        services.PostConfigure<SignInOptions>(options => options.Address =
            options.Address is { Length: > 0 } address ? address : configuration[SignInOptions.PlatformHostSetting] is { Length: > 0 } host ? $"https://{host}" : null);
        services.AddSingleton<PublicAddress>();
        services.AddSingleton<BrowserSecret>();
        services.AddSingleton<BrowserCookies>();
        services.AddSingleton<BrowserSessions>();
        services.AddSingleton<KnownPeople>();
        services.AddSingleton<AntiForgery>();
        services.AddSingleton<SignInSweep>();
        services.AddSingleton<SignInDesk>();
        services.AddSingleton<IPrincipalReader>(provider => provider.GetRequiredService<IOptions<AuthenticationOptions>>().Value.Mode switch
        {
            AuthenticationMode.Platform => ActivatorUtilities.CreateInstance<PlatformPrincipalReader>(provider),
            AuthenticationMode.Bearer => ActivatorUtilities.CreateInstance<SessionPrincipalReader>(provider, ActivatorUtilities.CreateInstance<BearerPrincipalReader>(provider)),
            _ => new NothingConfigured(),
        });
        return services;
    }

    static IServiceCollection AddOnPremises(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidated<OnPremisesOptions, OnPremisesOptionsValidator>(configuration, OnPremisesOptions.Section);
        services.AddQuietClient(OnPremisesClient.HttpClientName).ConfigureHttpClient((provider, client) =>
            client.Timeout = TimeSpan.FromSeconds(provider.GetRequiredService<IOptions<OnPremisesOptions>>().Value.TimeoutSeconds));
        services.TryAddSingleton<IRelayTokens, ManagedIdentityRelayTokens>();
        services.TryAddSingleton<IOnPremises, OnPremisesClient>();
        return services;
    }

    static IServiceCollection AddApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidated<MigrationOptions, MigrationOptionsValidator>(configuration, MigrationOptions.Section);
        services.AddSingleton<SpentTokens>();
        services.AddSingleton<Ballots>();
        services.AddSingleton<GateDecisions>();
        services.AddSingleton<RequestProofs>();
        services.AddSingleton<AcceptanceProofs>();
        services.AddSingleton<ApiPipeline>();
        services.AddSingleton<AssessmentCatalog>();
        services.AddSingleton<AcceptanceDesk>();
        services.AddTransient<StoredGroups>();
        services.AddTransient<AssessmentJudge>();
        services.AddTransient<AssessmentActivities>();
        services.AddTransient<RiskActivities>();
        services.AddSingleton<RiskTaskCatalog>();
        services.AddTransient<AssessmentReader>();
        services.AddSingleton<AssessmentComparing>();
        services.AddSingleton<GateDesk>();
        services.AddTransient<AssessmentTables>();
        services.AddTransient<GroupResults>();
        services.AddTransient<MigrationReports>();
        services.AddTransient<MigrationTables>();
        services.AddTransient<AssessmentJson>();
        services.AddSingleton<MigrationCatalog>();
        services.AddSingleton<OperatorDesk>();
        services.AddSingleton<StartTurn>();
        services.AddSingleton<MigrationStart>();
        services.AddSingleton<MigrationTakeUp>();
        return services;
    }

    /// <summary>Follows no redirect: keys and commands come from and go to the configured address or nowhere. Callers log what matters.</summary>
    static IHttpClientBuilder AddQuietClient(this IServiceCollection services, string name) =>
        services.AddHttpClient(name).RemoveAllLoggers().ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        });

    static void AddValidated<TOptions, TValidator>(this IServiceCollection services, IConfiguration configuration, string section)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>
    {
        services.AddOptions<TOptions>().Bind(configuration.GetSection(section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TOptions>, TValidator>();
    }
}
