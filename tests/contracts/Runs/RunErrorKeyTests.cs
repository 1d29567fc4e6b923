using GwbCloud.Contracts.Runs;

namespace GwbCloud.Tests.Contracts.Runs;

public sealed class RunErrorKeyTests
{
    [Fact]
    public void Key_OfTheSameObjectAndKind_IsTheSameInEveryRun() =>
        Assert.Equal(RunErrorKey.Of("contoso.example", "{AB-1}", "permission-issue"), RunErrorKey.Of("contoso.example", "{ab-1}", "permission-issue"));

    [Theory]
    [InlineData("contoso.example", "{ab-1}", "invalid-dn")]
    [InlineData("contoso.example", "{ab-2}", "permission-issue")]
    [InlineData("fabrikam.example", "{ab-1}", "permission-issue")]
    public void Key_OfAnotherKindObjectOrConnector_IsAnother(string connector, string identifier, string kind) =>
        Assert.NotEqual(RunErrorKey.Of("contoso.example", "{ab-1}", "permission-issue"), RunErrorKey.Of(connector, identifier, kind));

    [Fact]
    public void Key_NamesNobody() => Assert.DoesNotContain("Erika", RunErrorKey.Of("contoso.example", "CN=Erika", "permission-issue"), StringComparison.OrdinalIgnoreCase);
}
