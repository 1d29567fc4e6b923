using Azure.Core;
using Azure.Identity;
using GwbCloud.Functions.Graph;

namespace GwbCloud.Tests.Functions.Graph;

public sealed class ManagedIdentityTokensTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Token_AfterARefusal_IsAskedForWithClaimsSoThatNoCacheAnswers()
    {
        var credential = new Credential();
        var tokens = new ManagedIdentityTokens(credential, new ManualTime(), "https://graph.test/.default");

        await tokens.GetAsync(Stop);
        tokens.Forget(null);
        await tokens.GetAsync(Stop);
        tokens.Forget("""{"a":1}""");
        await tokens.GetAsync(Stop);
        await tokens.GetAsync(Stop);

        Assert.Equal([null, """{"access_token":{"nbf":{"essential":true,"value":"1795248000"}}}""", """{"a":1}""", null], credential.Claims);
        Assert.All(credential.Scopes, scope => Assert.Equal("https://graph.test/.default", scope));
    }

    [Fact]
    public async Task Token_ThatCouldNotBeRenewed_IsRenewedAtTheNextTry()
    {
        var credential = new Credential { FailsAt = 1 };
        var tokens = new ManagedIdentityTokens(credential, new ManualTime(), "s");

        tokens.Forget("""{"a":1}""");
        await Assert.ThrowsAsync<AuthenticationFailedException>(async () => await tokens.GetAsync(Stop));
        await tokens.GetAsync(Stop);

        Assert.Equal(["""{"a":1}""", """{"a":1}"""], credential.Claims);
    }

    sealed class Credential : TokenCredential
    {
        public int FailsAt { get; init; }
        public List<string?> Claims { get; } = [];
        public List<string> Scopes { get; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Claims.Add(requestContext.Claims);
            Scopes.AddRange(requestContext.Scopes);
            return Claims.Count == FailsAt ? throw new AuthenticationFailedException("no") : new AccessToken("t", DateTimeOffset.MaxValue);
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
            => ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
