using Azure.Core;
using Microsoft.Graph;
using Microsoft.Graph.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary.Middleware;

namespace GwbCloud.Functions.Graph;

public static partial class GraphServices
{
    // Microsoft's handlers, but for one: repeating is this product's own policy, tested, and the same in both builds.
    static partial void UseSdkPipeline(List<DelegatingHandler> pipeline, IGraphTokens tokens, GraphOptions options)
    {
        var signIn = new AzureIdentityAuthenticationProvider(
            new TokensCredential(tokens), [options.EffectiveBaseUrl.Host], null, isCaeEnabled: false, options.EffectiveScope);
        pipeline.Clear();
        pipeline.AddRange(GraphClientFactory.CreateDefaultHandlers().Where(handler => handler is not RetryHandler));
        pipeline.Add(new AuthorizationHandler(signIn));
    }

    /// <summary>Our tokens as Azure.Identity hands them on. What they cache and when they renew is theirs, so each request asks.</summary>
    sealed class TokensCredential(IGraphTokens tokens) : TokenCredential
    {
        public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
            => new(await tokens.GetAsync(cancellationToken), DateTimeOffset.MaxValue);

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
            => throw new NotSupportedException("Tokens are only given asynchronously.");
    }
}
