using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.RelayListener.ActiveDirectory.Ldap;

namespace GwbCloud.Tests.Listener.ActiveDirectory.Ldap;

public sealed class LdapTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a*b", "a\\2ab")]
    [InlineData("(x)", "\\28x\\29")]
    [InlineData("back\\slash", "back\\5cslash")]
    [InlineData("nul\0", "nul\\00")]
    [InlineData("Größe", "Größe")]
    public void Filter_OfAnyValue_CannotEndOrWidenTheCondition(string value, string expected) =>
        Assert.Equal($"(|(cn={expected}))", LdapText.AnyOf("cn", [value]));

    [Fact]
    public void Filter_OfAGuid_HasItsBytesInTheDirectorysOrder() =>
        Assert.Equal(
            @"(|(objectGUID=\44\33\22\11\66\55\88\77\99\aa\bb\cc\dd\ee\ff\00))",
            LdapText.AnyOf([Guid.Parse("11223344-5566-7788-99aa-bbccddeeff00")]));

    [Theory]
    [InlineData("Sales", "CN=Sales,OU=x")]
    [InlineData("Sales, EMEA", "CN=Sales\\, EMEA,OU=x")]
    [InlineData("#1", "CN=\\#1,OU=x")]
    [InlineData("No #1", "CN=No #1,OU=x")]
    [InlineData(" a ", "CN=\\ a\\ ,OU=x")]
    [InlineData("a+b=\"c\"<d>;\\", "CN=a\\+b\\=\\\"c\\\"\\<d\\>\\;\\\\,OU=x")]
    [InlineData("line\nend", "CN=line\\0Aend,OU=x")]
    [InlineData("Größe", "CN=Größe,OU=x")]
    public void Name_OfAnyText_IsEscaped(string cn, string expected) => Assert.Equal(expected, LdapText.NameOf(cn, "OU=x"));

    [Theory]
    [InlineData("Sales, EMEA")]
    [InlineData("#1 = +")]
    [InlineData("a\\2Cb")]
    [InlineData(" \"blank\" ")]
    [InlineData("line\nend")]
    public void Name_TakenApartAgain_IsTheText(string cn)
    {
        string name = LdapText.NameOf(cn, "OU=Sales\\, North,DC=x");

        Assert.Equal((cn, "OU=Sales\\, North,DC=x"), (DistinguishedName.CommonName(name), DistinguishedName.Parent(name)));
    }

    [Theory]
    [InlineData("<GUID=11223344-5566-7788-99aa-bbccddeeff00>;<SID=S-1-5-21-1-2-3-4>;CN=a;b,DC=x", "11223344-5566-7788-99aa-bbccddeeff00", "CN=a;b,DC=x")]
    [InlineData("<GUID=11223344-5566-7788-99aa-bbccddeeff00>;CN=a,DC=x", "11223344-5566-7788-99aa-bbccddeeff00", "CN=a,DC=x")]
    [InlineData("CN=a,DC=x", null, "CN=a,DC=x")]
    [InlineData("<SID=S-1-5-32-544>;CN=\\<GUID\\=1\\>,DC=x", null, "CN=\\<GUID\\=1\\>,DC=x")]
    [InlineData("<GUID=broken", null, "<GUID=broken")]
    public void ExtendedName_IsTakenApart(string value, string? objectGuid, string name) =>
        Assert.Equal(new ExtendedName(objectGuid is null ? null : Guid.Parse(objectGuid), name), ExtendedName.Parse(value));

    [Theory]
    [InlineData("Sales", "Sales")]
    [InlineData("a/b\\c[d]e:f;g|h=i,j+k*l?m<n>o@p\"q", "a_b_c_d_e_f_g_h_i_j_k_l_m_n_o_p_q")]
    [InlineData("ends. ", "ends")]
    [InlineData(" .. ", "group")]
    [InlineData("***", "group")]
    [InlineData("Größe 1", "Größe 1")]
    [InlineData("tab\tbed", "tab_bed")]
    public void AccountName_OfAnyText_IsValid(string cn, string expected) => Assert.Equal(expected, AccountName.Of(cn));

    [Fact]
    public void AccountName_TooLong_IsCutWithoutBreakingACharacterAndKeepsItsSuffix()
    {
        string name = AccountName.Of(new string('x', 242) + "\U0001F600 tail", "Group_11223344-5566-7788-99aa-bbccddeeff00");

        Assert.Equal(new string('x', 242) + "_bbccddeeff00", name);
        Assert.Equal(256, AccountName.Of(new string('y', 300)).Length);
    }
}
