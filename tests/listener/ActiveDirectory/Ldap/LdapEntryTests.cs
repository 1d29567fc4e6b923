using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.ActiveDirectory.Ldap;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.Tests.Listener.ActiveDirectory.Ldap;

/// <summary>Values that are not as Active Directory writes them.</summary>
public sealed class LdapEntryTests
{
    [Fact]
    public void Sid_ThatIsNone_IsAnErrorOfTheDirectoryWithItsObject()
    {
        var entry = new LdapEntry("CN=Odd,DC=contoso,DC=com", new Dictionary<string, IReadOnlyList<byte[]>> { ["objectSid"] = [[1, 2, 3]] });

        var refused = Assert.Throws<DirectoryException>(() => entry.SidText("objectSid"));

        Assert.Equal(DirectoryError.SecurityMalformed.Code, refused.Error.Code);
        Assert.Contains("CN=Odd,DC=contoso,DC=com: objectSid", refused.Error.Message, StringComparison.Ordinal);
    }
}
