using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Hosting;
using GwbCloud.RelayListener.Relay;
using GwbCloud.Tests.Contracts.Approvals;

namespace GwbCloud.Tests.Listener.Relay;

[Collection(RelayOptions.SharedAccessKeyVariable)]
public sealed class RelayCredentialsTests
{
    [Fact]
    public void Certificate_ThatNoStoreHolds_IsToldByItsThumbprint()
    {
        string thumbprint = new('0', 40);
        var credentials = new RelayCredentials(
            new() { Kind = RelayCredentialKind.Certificate, ClientId = Guid.NewGuid().ToString(), Thumbprint = thumbprint }, TestIssuer.Tenant);

        var missing = Assert.Throws<CommandFailedException>(credentials.CreateTokenProvider);

        Assert.Equal("GWB6403", missing.Error.Code);
        Assert.Contains(thumbprint, missing.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SharedAccessKey_ComesFromTheEnvironmentAndSignsWithoutBeingSent()
    {
        var credentials = new RelayCredentials(new() { Kind = RelayCredentialKind.SharedAccessKey, KeyName = "listen" }, TestIssuer.Tenant);
        Environment.SetEnvironmentVariable(RelayOptions.SharedAccessKeyVariable, "s3cret");
        try
        {
            var token = await credentials.CreateTokenProvider().GetTokenAsync("http://localhost/aadc01/", TimeSpan.FromHours(1));

            Assert.StartsWith("SharedAccessSignature sr=", token.TokenString, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", token.TokenString, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(RelayOptions.SharedAccessKeyVariable, null);
        }
        Assert.Equal("GWB6402", Assert.Throws<CommandFailedException>(credentials.CreateTokenProvider).Error.Code);
    }
}
