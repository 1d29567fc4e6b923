using GwbCloud.RelayListener.ActiveDirectory.Security;

namespace GwbCloud.Tests.Listener.ActiveDirectory.Security;

public sealed class SidTests
{
    // The last is the form for authorities that need more than four bytes. Source: MS-DTYP 2.4.2.1 and 2.4.2.4.
    [Theory]
    [InlineData("S-1-1-0", "010100000000000100000000")]
    [InlineData("S-1-5-32-544", "01020000000000052000000020020000")]
    [InlineData("S-1-5-11", "01010000000000050B000000")]
    [InlineData("S-1-5-21-397955417-626881126-188441444-512", "0105000000000005150000005951B81766725D2564633B0B00020000")]
    [InlineData("S-1-16-12288", "010100000000001000300000")]
    [InlineData("S-1-5-21-1-2-3-4294967295", "010500000000000515000000010000000200000003000000FFFFFFFF")]
    [InlineData("S-1-0x123456789ABC-7", "0101123456789ABC07000000")]
    public void Sid_AsTextAndAsBytes_IsTheSame(string text, string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);

        Assert.Equal(text, Sid.Parse(bytes).ToString());
        Assert.Equal(bytes, Sid.Parse(text).Bytes);
        Assert.Equal(Sid.Parse(bytes), Sid.Parse(text));
        Assert.Equal(Sid.Parse(bytes).GetHashCode(), Sid.Parse(text).GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData("01020000000000")]
    [InlineData("0102000000000005200000002002")]
    [InlineData("0102000000000005200000002002000000")]
    [InlineData("02020000000000052000000020020000")]
    [InlineData("0110000000000005")]
    public void Bytes_ThatAreNoSid_AreRefused(string hex) =>
        Assert.Throws<MalformedSecurityException>(() => Sid.Parse(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("")]
    [InlineData("S-1")]
    [InlineData("S-2-5-32")]
    [InlineData("S-1-5-")]
    [InlineData("S-1-5-4294967296")]
    [InlineData("S-1-5- 32")]
    [InlineData("S-1-5-+32")]
    [InlineData("S-1-4294967296-1")]
    [InlineData("S-1-0x1234567890ABC-1")]
    [InlineData("S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16")]
    [InlineData("BA")]
    public void Text_ThatIsNoSid_IsRefused(string text) => Assert.Throws<MalformedSecurityException>(() => Sid.Parse(text));

    [Fact]
    public void Child_OfADomain_HasItsRelativeId() => Assert.Equal("S-1-5-21-1-2-3-512", Sid.Parse("S-1-5-21-1-2-3").Child(512).ToString());
}
