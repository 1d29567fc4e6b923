using System.Collections.Concurrent;
using Azure.Core;
using Azure.Identity;
using GwbCloud.Functions.Identity;

namespace GwbCloud.Functions.Notifications;

/// <summary>Where the bearer token for a channel comes from.</summary>
public interface IWebhookTokens
{
    /// <exception cref="AuthenticationFailedException">There is none.</exception>
    ValueTask<string> GetAsync(string scope, string? clientId, CancellationToken cancellationToken);
}

/// <summary>The managed identity of the function app. Azure.Identity caches and renews.</summary>
public sealed class ManagedIdentityWebhookTokens : IWebhookTokens
{
    readonly ConcurrentDictionary<string, TokenCredential> _credentials = new(StringComparer.OrdinalIgnoreCase);

    public async ValueTask<string> GetAsync(string scope, string? clientId, CancellationToken cancellationToken)
    {
        var credential = _credentials.GetOrAdd(clientId ?? "", _ => ManagedIdentities.Credential(clientId));
        return (await credential.GetTokenAsync(new TokenRequestContext([scope]), cancellationToken)).Token;
    }
}
