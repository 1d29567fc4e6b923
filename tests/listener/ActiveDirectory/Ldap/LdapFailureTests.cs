using System.Net;
using GwbCloud.RelayListener.ActiveDirectory.Ldap;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.Tests.Listener.ActiveDirectory.Ldap;

public sealed class LdapFailureTests
{
    const string Name = "CN=Sales,OU=Writeback,DC=contoso,DC=com";

    [Theory]
    [InlineData(null, "GWB6101", true)]
    [InlineData(52, "GWB6101", true)]
    [InlineData(51, "GWB6112", true)]
    [InlineData(3, "GWB6112", true)]
    [InlineData(4, "GWB6112", false)]
    [InlineData(11, "GWB6112", false)]
    [InlineData(8, "GWB6108", false)]
    [InlineData(49, "GWB6108", false)]
    [InlineData(50, "GWB6102", false)]
    [InlineData(10, "GWB6113", false)]
    [InlineData(32, "GWB6110", false)]
    [InlineData(68, "GWB6106", false)]
    [InlineData(16, "GWB6111", false)]
    [InlineData(19, "GWB6111", false)]
    [InlineData(20, "GWB6111", false)]
    [InlineData(53, "GWB6111", false)]
    [InlineData(80, "GWB6111", false)]
    public void Result_OfEveryKind_HasItsCodeAndNamesServerAndObject(int? result, string code, bool transient)
    {
        var error = LdapFailure.Error(result, null, "dc1.contoso.com", Name);

        Assert.Equal((code, transient), (error.Code, error.Transient));
        Assert.Contains($"dc1.contoso.com: {Name}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(DirectoryError.All, entry => entry.Code == code && entry.Remedy == error.Remedy);
    }

    [Fact]
    public void Text_OfTheDirectory_IsReducedToItsCodes()
    {
        var error = LdapFailure.Error(50, "00002098: SecErr: DSID-031514A0, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0\n CN=Somebody,DC=x", "dc1", Name);

        Assert.EndsWith(": insufficient access rights, 00002098 INSUFF_ACCESS_RIGHTS)", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Somebody", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("52e", "wrong name or password")]
    [InlineData("533", "the account is disabled")]
    [InlineData("775", "the account is locked")]
    [InlineData("773", "the password has expired or must be changed")]
    [InlineData("999", "sign-in refused, data 999")]
    public void SignIn_ThatIsRefused_SaysWhy(string data, string expected)
    {
        var error = LdapFailure.Error(49, $"80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data {data}, v1db1", "dc1", null);

        Assert.Contains($"dc1: {expected}, 80090308", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Server_ThatIsNoneToWorkWith_IsRefusedWithTheReason()
    {
        var fit = new RootDse
        {
            HostName = "dc1.contoso.com",
            ServiceName = "CN=NTDS Settings,CN=DC1",
            IsGlobalCatalog = true,
            IsSynchronized = true,
            DomainNaming = "DC=contoso,DC=com",
            ConfigurationNaming = "CN=Configuration,DC=contoso,DC=com",
            SchemaNaming = "CN=Schema,CN=Configuration,DC=contoso,DC=com",
            ForestRootNaming = "DC=contoso,DC=com",
            Controls = new HashSet<string> { "1.2.840.113556.1.4.319", "1.2.840.113556.1.4.529", "1.2.840.113556.1.4.801" },
            Capabilities = new HashSet<string> { "1.2.840.113556.1.4.800" },
        };
        const string ou = "OU=Writeback,DC=contoso,DC=com";

        Assert.Null(fit.Unfit(ou));
        Assert.Equal("contoso.com", fit.Domain);
        Assert.Contains("read-only", (fit with { Capabilities = new HashSet<string> { "1.2.840.113556.1.4.800", "1.2.840.113556.1.4.1920" } }).Unfit(ou), StringComparison.Ordinal);
        Assert.Contains("no domain controller", (fit with { Capabilities = new HashSet<string> { "1.2.840.113556.1.4.1851" } }).Unfit(ou), StringComparison.Ordinal);
        Assert.Contains("1.2.840.113556.1.4.801", (fit with { Controls = new HashSet<string> { "1.2.840.113556.1.4.319", "1.2.840.113556.1.4.529" } }).Unfit(ou), StringComparison.Ordinal);
        Assert.Contains("another domain", fit.Unfit("OU=Writeback,DC=fabrikam,DC=com"), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_ThatCannotBe_AreNamedAndTellNoPassword()
    {
        var sound = new LdapOptions { Server = "dc1.contoso.com", WritebackOu = "OU=x,DC=contoso,DC=com", Account = new NetworkCredential("somebody", "s3cret-word") };

        Assert.Empty(sound.Validate());
        Assert.DoesNotContain("s3cret-word", sound.ToString(), StringComparison.Ordinal);
        (LdapOptions Options, string Wrong)[] wrong =
        [
            (sound with { Server = "ldap://dc1" }, "server:"),
            (sound with { WritebackOu = "Writeback" }, "writebackOu:"),
            (sound with { Account = new NetworkCredential("somebody", "") }, "account:"),
            (sound with { Transport = LdapTransport.SignedLdap }, "transport:"),
            (sound with { TrustedCertificatesFolder = "/is/not/there" }, "trustedCertificatesFolder:"),
            (sound with { ConnectSeconds = 0 }, "connectSeconds:"),
            (sound with { RequestSeconds = 0 }, "requestSeconds:"),
            (sound with { PageSize = 1001 }, "pageSize:"),
            (sound with { WriteConnections = 0 }, "writeConnections:"),
        ];
        Assert.All(wrong, pair => Assert.Contains(pair.Options.Validate(), line => line.StartsWith(pair.Wrong, StringComparison.Ordinal)));
    }
}
