using GwbCloud.Functions.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Notifications;

/// <summary>Registers the messages to people.</summary>
public static class NotificationServices
{
    /// <summary>Options of section <c>Notifications</c>, validated at start. An <see cref="IWebhookTokens"/> that is registered already takes the place of the default.</summary>
    public static IServiceCollection AddNotifications(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<NotificationOptions>().Bind(configuration.GetSection(NotificationOptions.Section)).ValidateOnStart();
        services.AddOptions<NotificationOptions>().PostConfigure<IOptions<SignInOptions>>((options, signIn) =>
        {
            if (options.PagesAddress is not { Length: > 0 } && signIn.Value.Address is { Length: > 0 } address) { options.PagesAddress = $"{address.TrimEnd('/')}/api/pages/"; }
        });
        services.AddSingleton<IValidateOptions<NotificationOptions>, NotificationOptionsValidator>();
        services.TryAddSingleton<IWebhookTokens, ManagedIdentityWebhookTokens>();
        services.AddSingleton<NotificationLedger>();
        services.AddSingleton<NotificationDesk>();
        services.AddSingleton<WebhookSender>();

        // No loggers and no traces, because they write addresses; no redirects, cookies or headers of traces, because nobody documented where those would go.
        services.AddHttpClient(WebhookSender.HttpClientName)
            .RemoveAllLoggers()
            .ConfigureHttpClient((provider, client) =>
            {
                client.Timeout = TimeSpan.FromSeconds(provider.GetRequiredService<IOptions<NotificationOptions>>().Value.TimeoutSeconds);
                client.MaxResponseContentBufferSize = 1;
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ActivityHeadersPropagator = null,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            });
        return services;
    }
}
