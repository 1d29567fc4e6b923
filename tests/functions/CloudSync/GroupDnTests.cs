using GwbCloud.Functions.CloudSync;
using GwbCloud.Lab.CloudSync;
using GwbCloud.Lab.Forest;

namespace GwbCloud.Tests.Functions.CloudSync;

public class GroupDnTests
{
    const string Property = "extension_0_GroupDN";

    // Characters that distinguished names or expressions treat apart, with plain ones and such that leave ASCII between them.
    const string Alphabet = @" ,+""\<>;=#/'[]()_2CabÄé漢😀";

    [Theory]
    [InlineData("Sales", "OU=Groups,DC=corp,DC=example")]
    [InlineData("Sales, north", "OU=Groups,DC=corp,DC=example")]
    [InlineData("#1", @"OU=A\, B,DC=corp,DC=example")]
    [InlineData(" blank at both ends ", "OU=Groups,DC=corp,DC=example")]
    [InlineData(@"back\2Cslash\", @"OU=A\\B,DC=corp,DC=example")]
    [InlineData("\"quoted\"", @"OU=\""Q\"",DC=corp,DC=example")]
    [InlineData("a/b = c + d; <e>", "OU=Groups,DC=corp,DC=example")]
    [InlineData("CN=CN=x", "CN=Users,DC=corp,DC=example")]
    public void Expressions_OnAName_GiveItBack(string name, string parent) => AssertKept(name, parent);

    [Fact]
    public void Expressions_OnAnyName_GiveItBack()
    {
        var random = new Random(4_212);
        var runes = Alphabet.EnumerateRunes().ToArray();
        for (var round = 0; round < 2_000; round++)
        {
            var name = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => runes[random.Next(runes.Length)].ToString()));

            AssertKept(name, random.Next(2) == 0 ? "OU=Groups,DC=corp,DC=example" : @"OU=A\, ""B"" \+ C,OU=Groups,DC=corp,DC=example");
        }
    }

    [Fact]
    public void Expressions_WithoutAValue_NameAndPlaceAsTheOthers()
    {
        Assert.Equal("other", Evaluate(GroupDn.NameExpression(Property, "\"other\""), null));
        Assert.Equal("OU=\"Q\",DC=x", Evaluate(GroupDn.ContainerExpression(Property, GroupDn.Quoted("OU=\"Q\",DC=x")), null));
    }

    [Fact]
    public void Value_WithoutSpecialCharacters_IsTheNameItself()
        => Assert.Equal("CN=Door access,OU=Groups,DC=x", GroupDn.ValueOf("CN=Door access,OU=Groups,DC=x"));

    [Theory]
    [InlineData(@"CN=Sales\0ACNF:0d4c2a1e-0000-0000-0000-000000000001,OU=Groups,DC=x")]
    [InlineData("OU=Sales,DC=x")]
    [InlineData("CN=,DC=x")]
    public void Value_ThatExpressionsCannotRead_IsNone(string distinguishedName) => Assert.Null(GroupDn.ValueOf(distinguishedName));

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void Value_AtTheLimitOfAnExtension_Counts(int length, bool fits)
    {
        var name = $"CN=a,{new string('x', length - 5)}";

        Assert.Equal(fits, GroupDn.ValueOf(name) is not null);
    }

    static void AssertKept(string name, string parent)
    {
        var dn = DistinguishedName.Of(name, parent);
        var value = GroupDn.ValueOf(dn);

        Assert.NotNull(value);
        Assert.Equal(name, Evaluate(GroupDn.NameExpression(Property, "\"other\""), value));
        Assert.Equal(parent, Evaluate(GroupDn.ContainerExpression(Property, "\"other\""), value));

        // Other programs read it as a distinguished name.
        Assert.Equal(name, GwbCloud.Contracts.ActiveDirectory.DistinguishedName.CommonName(value));
    }

    static string? Evaluate(string expression, string? value)
        => ExpressionFunctions.Evaluate(ExpressionParser.Parse(expression), name => name == Property ? value : null);
}
