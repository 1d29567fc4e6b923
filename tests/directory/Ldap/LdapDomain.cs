using System.Net;
using GwbCloud.RelayListener.ActiveDirectory.Ldap;
using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Tests.Directory.Ldap;

/// <summary>The product's way to a controller of the tests.</summary>
static class LdapDomain
{
    /// <summary>Options that lead to this controller as its administrator, or as another account.</summary>
    public static LdapOptions Options(this SambaDc dc, string ou, DcAccount? account = null) => new()
    {
        Server = SambaDc.HostName,
        WritebackOu = ou,
        Account = new NetworkCredential(account?.Name ?? SambaDc.Administrator, account?.Password ?? SambaDc.Password),
        TrustedCertificatesFolder = dc.TrustFolder,
        Addresses = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { [SambaDc.HostName] = dc.Address },
        ConnectSeconds = 5,
        RequestSeconds = 20,
    };

    public static LdapDirectory Directory(this SambaDc dc, string ou, DcAccount? account = null) => new(dc.Options(ou, account));
}
