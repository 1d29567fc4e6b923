using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Tests.Lab.Rehearsal;

public sealed class KillPointTests
{
    [Theory]
    [InlineData("before:17")]
    [InlineData("within:1")]
    [InlineData("after:17:350")]
    public void Point_IsReadAsItIsWritten(string text) => Assert.Equal(text, KillPoint.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("before")]
    [InlineData("before:0")]
    [InlineData("before:-1")]
    [InlineData("within:1:2")]
    [InlineData("after:17")]
    [InlineData("later:17")]
    public void Point_ThatIsNone_IsRefused(string text) => Assert.Throws<BadUsageException>(() => KillPoint.Parse(text));
}
