using GwbCloud.Contracts.ActiveDirectory;

namespace GwbCloud.Tests.Contracts.ActiveDirectory;

public sealed class DistinguishedNameTests
{
    [Theory]
    [InlineData("CN=Sales,OU=Groups,DC=example", "CN=Sales", "Sales", "OU=Groups,DC=example")]
    [InlineData(@"CN=Sales\, North,OU=Groups,DC=example", @"CN=Sales\, North", "Sales, North", "OU=Groups,DC=example")]
    [InlineData(@"CN=Z\C3\BCrich,DC=example", @"CN=Z\C3\BCrich", "Zürich", "DC=example")]
    [InlineData("DC=example", "DC=example", "example", "")]
    public void Parts_OfAName_AreCutAtTheFirstCommaThatIsNotEscaped(string name, string rdn, string common, string parent)
        => Assert.Equal((rdn, common, parent), (DistinguishedName.Rdn(name), DistinguishedName.CommonName(name), DistinguishedName.Parent(name)));

    [Theory]
    [InlineData("ou=Groups, dc=Example", "OU=groups,DC=example", true)]
    [InlineData("OU=Groups,DC=example", "OU=Group,DC=example", false)]
    [InlineData(null, "DC=example", false)]
    public void Same_ComparesAsTheDirectoryDoes(string? one, string other, bool same) => Assert.Equal(same, DistinguishedName.Same(one, other));
}
