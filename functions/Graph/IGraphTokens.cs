using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Graph;

/// <summary>Where the bearer token for Graph comes from.</summary>
public interface IGraphTokens
{
    ValueTask<string> GetAsync(CancellationToken cancellationToken);
}

/// <summary>The managed identity of the function app. Azure.Identity caches and renews.</summary>
public sealed class ManagedIdentityTokens : IGraphTokens
{
    readonly ManagedIdentityCredential _credential;
    readonly TokenRequestContext _context;

    public ManagedIdentityTokens(IOptions<GraphOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var graph = options.Value;
        _credential = new ManagedIdentityCredential(graph.ManagedIdentityClientId is { Length: > 0 } id
            ? ManagedIdentityId.FromUserAssignedClientId(id)
            : ManagedIdentityId.SystemAssigned);
        _context = new TokenRequestContext([graph.Scope ?? new Uri(graph.BaseUrl, "/.default").ToString()]);
    }

    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
        => (await _credential.GetTokenAsync(_context, cancellationToken)).Token;
}

/// <summary>One token for the whole life of the process: rehearsals and tests, whose Graph gives it out.</summary>
public sealed class StaticTokens(string token) : IGraphTokens
{
    public ValueTask<string> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(token);
}
