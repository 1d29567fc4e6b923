using System.Globalization;
using Azure.Core;
using Azure.Identity;
using GwbCloud.Functions.Identity;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Graph;

/// <summary>Where the bearer token for Graph comes from.</summary>
public interface IGraphTokens
{
    ValueTask<string> GetAsync(CancellationToken cancellationToken);

    /// <summary>Graph no longer takes the token: the next one must be another.</summary>
    /// <param name="claims">What Graph demands of the next one, JSON; null when it does not say.</param>
    void Forget(string? claims);
}

/// <summary>The managed identity of the function app. Azure.Identity caches and renews.</summary>
public sealed class ManagedIdentityTokens : IGraphTokens
{
    readonly TokenCredential _credential;
    readonly TimeProvider _clock;
    readonly string[] _scopes;
    string? _claims;

    public ManagedIdentityTokens(IOptions<GraphOptions> options, TimeProvider clock)
        : this(Credential(options), clock, options.Value.EffectiveScope)
    {
    }

    internal ManagedIdentityTokens(TokenCredential credential, TimeProvider clock, string scope)
        => (_credential, _clock, _scopes) = (credential, clock, [scope]);

    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        // With claims no cache answers. They stay until a token came, so that a failed renewal is not the end of it.
        var claims = Volatile.Read(ref _claims);
        var token = await _credential.GetTokenAsync(new TokenRequestContext(_scopes, claims: claims), cancellationToken);
        Interlocked.CompareExchange(ref _claims, null, claims);
        return token.Token;
    }

    public void Forget(string? claims)
        => Volatile.Write(ref _claims, claims ?? NotBefore(_clock.GetUtcNow()));

    // The challenge of continuous access evaluation, for a service that sent none: a token that is made from now on.
    static string NotBefore(DateTimeOffset moment)
        => string.Create(CultureInfo.InvariantCulture, $$$$"""{"access_token":{"nbf":{"essential":true,"value":"{{{{moment.ToUnixTimeSeconds()}}}}"}}}""");

    static ManagedIdentityCredential Credential(IOptions<GraphOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return ManagedIdentities.Credential(options.Value.ManagedIdentityClientId);
    }
}

/// <summary>One token for the whole life of the process: rehearsals and tests, whose Graph gives it out.</summary>
public sealed class StaticTokens(string token) : IGraphTokens
{
    public ValueTask<string> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(token);

    public void Forget(string? claims)
    {
        // There is no other.
    }
}
