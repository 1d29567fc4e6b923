using Azure.Core;
using Azure.Identity;
using GwbCloud.Functions.Identity;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.OnPremises;

/// <summary>Where the token comes from that lets a request into Azure Relay.</summary>
public interface IRelayTokens
{
    /// <summary>A token for the relay, as it is sent.</summary>
    /// <exception cref="AuthenticationFailedException">There is none.</exception>
    ValueTask<string> GetAsync(CancellationToken cancellationToken);
}

/// <summary>The managed identity of the function app, which needs the role Azure Relay Sender on the hybrid connections. Azure.Identity caches and renews.</summary>
public sealed class ManagedIdentityRelayTokens : IRelayTokens
{
    static readonly TokenRequestContext ForTheRelay = new(["https://relay.azure.net/.default"]);

    readonly TokenCredential _credential;

    public ManagedIdentityRelayTokens(IOptions<OnPremisesOptions> options)
        : this(Credential(options))
    {
    }

    internal ManagedIdentityRelayTokens(TokenCredential credential) => _credential = credential;

    public async ValueTask<string> GetAsync(CancellationToken cancellationToken) =>
        (await _credential.GetTokenAsync(ForTheRelay, cancellationToken)).Token;

    static ManagedIdentityCredential Credential(IOptions<OnPremisesOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return ManagedIdentities.Credential(options.Value.ManagedIdentityClientId);
    }
}
