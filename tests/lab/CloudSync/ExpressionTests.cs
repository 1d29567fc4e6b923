using GwbCloud.Lab.CloudSync;

namespace GwbCloud.Tests.Lab.CloudSync;

public sealed class ExpressionTests
{
    const string Id = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";

    [Theory]
    [InlineData("Append(\"Group_\",[objectId])", "Group_" + Id)]
    [InlineData("Append(Append(Left(Trim([displayName]),51),\"_\"),Mid([objectId],25,12))", "Sales, Berlin_a5b4c3d2e1f0")]
    [InlineData("IIF(IsPresent([dn]),[dn],\"OU=Groups\")", "CN=Old\\, name,OU=Sub,OU=Groups")]
    [InlineData("IIF(IsPresent([missing]),[missing],\"OU=Groups\")", "OU=Groups")]
    [InlineData("Switch([displayName],\"other\",\"Sales\",\"s\")", "other")]
    [InlineData("Replace(Word(Replace([dn],\"\\,\",,,\"\\2C\",,),1,\",\"),\"CN=\",,,\"\",,)", "Old\\2C name")]
    [InlineData("InStr([dn],\",\",,)", "8")]
    [InlineData("True", "True")]
    public void Evaluate_KnownFunction_GivesValue(string expression, string expected)
    {
        Assert.Equal(expected, ExpressionFunctions.Evaluate(ExpressionParser.Parse(expression), Attribute));
    }

    [Theory]
    [InlineData("Append(\"a\")")]
    [InlineData("Delete([objectId])")]
    [InlineData("Append(\"a\",[objectId]")]
    [InlineData("Append(\"a\" [objectId])")]
    [InlineData("\"open")]
    [InlineData("[objectId] x")]
    [InlineData("")]
    public void Parse_Malformed_IsRefused(string expression)
    {
        Assert.Throws<SchemaException>(() => ExpressionParser.Parse(expression));
    }

    [Fact]
    public void Evaluate_TreeAndTextDisagree_TreeDecides()
    {
        var json = ExpressionParser.Parse("Append(\"Group_\",[objectId])").ToJson();
        json["expression"] = "[displayName]";

        Assert.Equal("Group_" + Id, ExpressionFunctions.Evaluate(MappingSource.FromJson(json), Attribute));
    }

    static string? Attribute(string name) => name switch
    {
        "objectId" => Id,
        "displayName" => " Sales, Berlin ",
        "dn" => "CN=Old\\, name,OU=Sub,OU=Groups",
        _ => null,
    };
}
