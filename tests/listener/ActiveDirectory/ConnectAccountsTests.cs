using GwbCloud.RelayListener.ActiveDirectory;

namespace GwbCloud.Tests.Listener.ActiveDirectory;

public class ConnectAccountsTests
{
    [Theory]
    [InlineData("Account created by Microsoft Azure Active Directory Connect with installation identifier 'abc' running on computer 'AADC01' configured to synchronize to tenant 'x'.")]
    [InlineData("Account created by the Windows Azure Active Directory Sync tool with installation identifier \u2018abc\u2019 running on computer \u2018AADC01\u2019 configured")]
    [InlineData("installation identifier abc running on computer AADC01 configured to synchronize")]
    public void Computers_DescriptionOfConnect_NamesItsServer(string description)
        => Assert.Equal(["AADC01"], ConnectAccounts.Computers([description]));

    [Fact]
    public void Computers_OneServerTwice_IsNamedOnce()
        => Assert.Equal(["AADC01", "AADC02"], ConnectAccounts.Computers(["running on computer 'aadc02'", "running on computer 'AADC01'", "running on computer 'AADC02'"]).Select(c => c.ToUpperInvariant()));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Service account of the backup")]
    public void Computers_OtherDescriptions_NameNone(string? description)
        => Assert.Empty(ConnectAccounts.Computers([description]));
}
