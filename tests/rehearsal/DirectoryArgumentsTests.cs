using GwbCloud.Lab.DomainController;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Tests.Rehearsal;

public sealed class DirectoryArgumentsTests
{
    const string Password = "Passw0rd.1234";

    [Fact]
    public void Directory_WithAccountOfTheEnvironment_IsTaken()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("ca.pem"), "");

        var directory = Read("--directory", "ldaps://dc1.contoso.com", "--directory-ca", folder.File("ca.pem"), "--directory-may-be-filled", "--directory-clean").Directory!;

        Assert.Equal(("dc1.contoso.com", "administrator@contoso.com", Password, folder.File("ca.pem")), (directory.Host, directory.User, directory.Password, directory.Authorities));
        Assert.True(directory.MayBeFilled && directory.Clean);
        Assert.DoesNotContain(Password, directory.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Directory_LeftOut_IsSimulated() => Assert.Null(Read().Directory);

    [Theory]
    [InlineData("--directory=ldaps://dc1.contoso.com --data=run1", "--data")]
    [InlineData("--directory=ldaps://dc1.contoso.com --interactive", "--interactive")]
    [InlineData("--directory=ldaps://dc1.contoso.com --sabotage=late-gc-replication", "late-gc-replication")]
    [InlineData("--directory=ldaps://dc1.contoso.com --directory-ca=none.pem", "--directory-ca")]
    [InlineData("--directory=ldap://dc1.contoso.com", "TLS")]
    [InlineData("--directory=dc1.contoso.com", "ldaps://HOST")]
    [InlineData("--directory=ldaps://", "ldaps://HOST")]
    [InlineData("--directory=ldaps://dc1.contoso.com/OU=x", "ldaps://HOST")]
    [InlineData("--directory=ldaps://dc1.contoso.com:10636", "636")]
    [InlineData("--directory-clean", "--directory-clean")]
    [InlineData("--directory-may-be-filled", "--directory-may-be-filled")]
    [InlineData("--directory-ca=x", "--directory-ca")]
    public void Directory_ThatMakesNoSense_IsRefusedByName(string typed, string named)
    {
        var e = Assert.Throws<BadUsageException>(() => Read(typed.Split(' ')));

        Assert.Contains(named, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Directory_WithTheAccountInItsAddress_IsRefusedWithoutRepeatingIt()
    {
        var e = Assert.Throws<BadUsageException>(() => Read("--directory", $"ldaps://administrator:{Password}@dc1.contoso.com"));

        Assert.Contains(DirectoryArguments.PasswordVariable, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DirectoryArguments.UserVariable)]
    [InlineData(DirectoryArguments.PasswordVariable)]
    public void Account_ThatIsMissing_IsNamed(string variable)
    {
        var e = Assert.Throws<BadUsageException>(() =>
            new CommandLine(name => name == variable ? null : "something").Read(["--directory", "ldaps://dc1.contoso.com"]));

        Assert.Contains(variable, e.Message, StringComparison.Ordinal);
    }

    static RehearsalOptions Read(params string[] args) => new CommandLine(name => name switch
    {
        DirectoryArguments.UserVariable => "administrator@contoso.com",
        DirectoryArguments.PasswordVariable => Password,
        _ => null,
    }).Read(args);
}
