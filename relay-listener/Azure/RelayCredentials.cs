using System.Security.Cryptography.X509Certificates;
using Azure.Core;
using Azure.Identity;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Hosting;
using Microsoft.Azure.Relay;

namespace GwbCloud.RelayListener.Relay;

/// <summary>How the listener signs in to the relay, made anew for every link: a certificate or a role may have come meanwhile.</summary>
/// <param name="options">Which of the three ways.</param>
/// <param name="tenant">Directory (tenant) id of the app registration.</param>
sealed class RelayCredentials(RelayCredential options, string tenant)
{
    // Kept over links: it has the cache of tokens.
    readonly ManagedIdentityCredential _machine = new(ManagedIdentityId.SystemAssigned);

    /// <summary>Gives out tokens for one link.</summary>
    /// <exception cref="CommandFailedException">GWB6402, GWB6403.</exception>
    public TokenProvider CreateTokenProvider() => options.Kind switch
    {
        RelayCredentialKind.Certificate => new EntraTokenProvider(FromCertificate()),
        RelayCredentialKind.SharedAccessKey => TokenProvider.CreateSharedAccessSignatureTokenProvider(
            options.KeyName,
            Environment.GetEnvironmentVariable(RelayOptions.SharedAccessKeyVariable) is { Length: > 0 } key
                ? key
                : throw RelayError.KeyMissing.Exception(null, transient: false)),
        _ => new EntraTokenProvider(_machine),
    };

    ClientCertificateCredential FromCertificate()
    {
        var certificate = Find(StoreLocation.LocalMachine) ?? Find(StoreLocation.CurrentUser)
            ?? throw RelayError.CertificateMissing.Exception(options.Thumbprint, transient: true);
        var settings = new ClientCertificateCredentialOptions { SendCertificateChain = true };
        if (options.Authority is { } authority) { settings.AuthorityHost = authority; }
        return new(tenant, options.ClientId, certificate, settings);
    }

    /// <summary>The certificate if it is there, valid and its key may be used.</summary>
    X509Certificate2? Find(StoreLocation location)
    {
        try
        {
            using var store = new X509Store(StoreName.My, location);
            store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
            // Whether a chain can be built is no matter here: Entra knows the certificate itself.
            return store.Certificates.Find(X509FindType.FindByThumbprint, options.Thumbprint!, validOnly: false)
                .FirstOrDefault(found => found.HasPrivateKey && found.NotAfter > DateTime.Now);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            // No such store, or none that this account may open.
            return null;
        }
    }
}

/// <summary>Tokens of Entra for the client of the relay, which knows no <see cref="TokenCredential"/> but one.</summary>
sealed class EntraTokenProvider(TokenCredential credential) : TokenProvider
{
    static readonly TokenRequestContext ForTheRelay = new(["https://relay.azure.net/.default"]);

    /// <exception cref="CommandFailedException">GWB6404.</exception>
    protected override async Task<SecurityToken> OnGetTokenAsync(string audience, TimeSpan validFor)
    {
        try
        {
            return new EntraToken(await credential.GetTokenAsync(ForTheRelay, CancellationToken.None), audience, DateTimeOffset.UtcNow);
        }
        catch (AuthenticationFailedException e)
        {
            throw RelayError.NoToken.Exception(e.GetType().Name, transient: true, e);
        }
    }
}

/// <summary>A token of Entra, handed to the relay as it is.</summary>
sealed class EntraToken(AccessToken token, string audience, DateTimeOffset now) : SecurityToken
{
    /// <summary>Caches of tokens give out a new one from five minutes before the end of the old; a moment later asking is worth it.</summary>
    public static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(4);

    public override string Audience => audience;

    /// <summary>
    /// When the client shall ask for the next one, not when this one ends: it renews at the moment that it reads here, and at the true end the
    /// relay has closed the connection already. Never in the past, where the client would stop renewing altogether.
    /// </summary>
    public override DateTime ExpiresAtUtc { get; } =
        (token.ExpiresOn - RenewBefore is var renew && renew > now.AddMinutes(1) ? renew : now.AddMinutes(1)).UtcDateTime;

    public override string TokenString => token.Token;
}
