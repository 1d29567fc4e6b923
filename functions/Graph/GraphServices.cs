using System.Net;
using GwbCloud.Functions.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Graph;

/// <summary>Registers the Graph client.</summary>
public static partial class GraphServices
{
    /// <summary>
    /// Options of section <c>Graph</c>, validated at start. An <see cref="IGraphTokens"/>, <see cref="IJitter"/> or <see cref="IDelay"/> that is
    /// registered already, or later, takes the place of the default.
    /// </summary>
    public static IServiceCollection AddGraph(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<GraphOptions>()
            .Bind(configuration.GetSection(GraphOptions.Section))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GraphOptions>, GraphOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<IdentityOptions>, IdentityOfTheCloud>(_ => new(configuration)));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IDelay, ClockDelay>();
        services.TryAddSingleton<IJitter, RandomJitter>();
        services.TryAddSingleton<IGraphTokens, ManagedIdentityTokens>();
        services.TryAddSingleton<GraphPace>();

        // The client has a time-out of its own, and logs paths without their queries.
        services.AddHttpClient<GraphClient>(http => http.Timeout = Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.All,
                UseCookies = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            })
            .ConfigureAdditionalHttpMessageHandlers((handlers, provider) =>
            {
                foreach (var handler in Pipeline(provider.GetRequiredService<IGraphTokens>(), provider.GetRequiredService<IOptions<GraphOptions>>().Value))
                {
                    handlers.Add(handler);
                }
            });
        return services;
    }

    /// <summary>What stands between client and network, outermost first.</summary>
    internal static IReadOnlyList<DelegatingHandler> Pipeline(IGraphTokens tokens, GraphOptions options)
    {
        List<DelegatingHandler> pipeline = [new GraphSignIn(tokens)];
        UseSdkPipeline(pipeline, tokens, options);
        return pipeline;
    }

    /// <summary>An HTTP client on the same pipeline, for who has no container.</summary>
    /// <param name="tokens">Whose tokens sign in.</param>
    /// <param name="options">Where Graph is.</param>
    /// <param name="inner">The network, or what stands for it.</param>
    public static HttpClient Connect(IGraphTokens tokens, GraphOptions options, HttpMessageHandler inner)
    {
        foreach (var handler in Pipeline(tokens, options).Reverse())
        {
            handler.InnerHandler = inner;
            inner = handler;
        }

        return new HttpClient(inner) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Where Microsoft's own pipeline is part of the build, it takes the place of ours.</summary>
    static partial void UseSdkPipeline(List<DelegatingHandler> pipeline, IGraphTokens tokens, GraphOptions options);
}

/// <summary>The sign-in service of the tenant's cloud, where the settings name none.</summary>
sealed class IdentityOfTheCloud(IConfiguration configuration) : IPostConfigureOptions<IdentityOptions>
{
    public void PostConfigure(string? name, IdentityOptions options)
    {
        if (options.Tenant is not { Length: > 0 } tenant)
        {
            return;
        }

        // From the setting itself: a wrong one is told once, by its own options.
        var cloud = NationalCloud.Find(configuration[$"{GraphOptions.Section}:{nameof(GraphOptions.Cloud)}"]) ?? NationalCloud.Global;
        options.Issuer = options.Issuer is { Length: > 0 } issuer ? issuer : cloud.Issuer(tenant);
        if (options.Keys is not { Length: > 0 } && options.KeysAddress is not { Length: > 0 })
        {
            options.KeysAddress = cloud.KeysAddress(tenant);
        }
    }
}
