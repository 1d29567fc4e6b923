using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Tests.Contracts.Json;

public sealed class CanonicalJsonTests
{
    // RFC 8785, appendix B.
    [Theory]
    [InlineData("0000000000000000", "0")]
    [InlineData("8000000000000000", "0")]
    [InlineData("0000000000000001", "5e-324")]
    [InlineData("8000000000000001", "-5e-324")]
    [InlineData("7fefffffffffffff", "1.7976931348623157e+308")]
    [InlineData("ffefffffffffffff", "-1.7976931348623157e+308")]
    [InlineData("4340000000000000", "9007199254740992")]
    [InlineData("c340000000000000", "-9007199254740992")]
    [InlineData("4430000000000000", "295147905179352830000")]
    [InlineData("44b52d02c7e14af5", "9.999999999999997e+22")]
    [InlineData("44b52d02c7e14af6", "1e+23")]
    [InlineData("44b52d02c7e14af7", "1.0000000000000001e+23")]
    [InlineData("444b1ae4d6e2ef4e", "999999999999999700000")]
    [InlineData("444b1ae4d6e2ef4f", "999999999999999900000")]
    [InlineData("444b1ae4d6e2ef50", "1e+21")]
    [InlineData("3eb0c6f7a0b5ed8c", "9.999999999999997e-7")]
    [InlineData("3eb0c6f7a0b5ed8d", "0.000001")]
    [InlineData("41b3de4355555553", "333333333.3333332")]
    [InlineData("41b3de4355555554", "333333333.33333325")]
    [InlineData("41b3de4355555555", "333333333.3333333")]
    [InlineData("41b3de4355555556", "333333333.3333334")]
    [InlineData("41b3de4355555557", "333333333.33333343")]
    [InlineData("becbf647612f3696", "-0.0000033333333333333333")]
    [InlineData("43143ff3c1cb0959", "1424953923781206.2")]
    public void Number_OfRfc8785AppendixB_HasThePublishedForm(string bits, string expected)
    {
        var number = BitConverter.UInt64BitsToDouble(ulong.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

        Assert.Equal(expected, CanonicalJson.SerializeToText(number));
        Assert.Equal(expected, Canonical(expected));
    }

    [Fact]
    public void Sample_OfRfc8785Section322_HasThePublishedBytes()
    {
        const string sample = """
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """;

        var bytes = CanonicalJson.Serialize(Element(sample));

        // RFC 8785, section 3.2.4.
        const string published =
            "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e333333333333332c31652b33"
            + "302c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d";
        Assert.Equal(published, Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public void MemberOrder_OfRfc8785Section323_IsByUtf16CodeUnits()
    {
        const string sample = """
            {
              "\u20ac": "Euro Sign",
              "\r": "Carriage Return",
              "\ufb33": "Hebrew Letter Dalet With Dagesh",
              "1": "One",
              "\ud83d\ude00": "Emoji: Grinning Face",
              "\u0080": "Control",
              "\u00f6": "Latin Small Letter O With Diaeresis"
            }
            """;

        using var canonical = JsonDocument.Parse(CanonicalJson.Serialize(Element(sample)));

        Assert.Equal(
            ["Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign", "Emoji: Grinning Face",
                "Hebrew Letter Dalet With Dagesh"],
            canonical.RootElement.EnumerateObject().Select(member => member.Value.GetString()));
    }

    [Theory]
    [InlineData("""{"1": {"f": {"f": "hi","F": 5} ,"\n": 56.0}, "10": { }, "": "empty", "a": { }, "111": [ { } ], "A": { }}""",
        """{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{}],"A":{},"a":{}}""")]
    [InlineData("""{"peach": 1, "péché": 2, "pêche": 3, "sin": 4}""", """{"peach":1,"péché":2,"pêche":3,"sin":4}""")]
    [InlineData(""" [ 56 , { "d" : true, "10" : null, "1" : [ ] } ] """, """[56,{"1":[],"10":null,"d":true}]""")]
    [InlineData("\"\\b\\f\\t\\r\\u001f\\u007f\\/<>&+\"", "\"\\b\\f\\t\\r\\u001f\u007f/<>&+\"")]
    public void Structure_WrittenInAnyWay_HasOneForm(string json, string expected) => Assert.Equal(expected, Canonical(json));

    [Fact]
    public void Value_AsElementNodeOrRecord_HasOneForm()
    {
        var fact = new Fact { Name = "Zoë <3", Count = 3, Missing = null, Kind = Color.DarkRed };
        const string expected = """{"count":3,"kind":"darkRed","name":"Zoë <3"}""";

        Assert.Equal(expected, CanonicalJson.SerializeToText(fact));
        Assert.Equal(expected, Canonical("""{"name":"Zo\u00eb \u003c3","kind":"darkRed","count":3.0}"""));
        Assert.Equal(expected, CanonicalJson.SerializeToText(JsonNode.Parse("""{"name":"Zoë <3","kind":"darkRed","count":3}""")));
        Assert.Equal(Sha256Text.Of(Encoding.UTF8.GetBytes(expected)), CanonicalJson.Hash(fact));
    }

    [Theory]
    [InlineData("""{"a":1,"a":1}""", "GWB7002")]
    [InlineData("""{"a":1,"\u0061":1}""", "GWB7002")]
    [InlineData("""[{"x":{"b":1,"c":2,"b":3}}]""", "GWB7002")]
    [InlineData("\"\\ud800\"", "GWB7004")]
    [InlineData("\"\\ude00\\ud83d\"", "GWB7004")]
    [InlineData("{\"\\ud800\":1}", "GWB7004")]
    [InlineData("9007199254740993", "GWB7003")]
    [InlineData("-9007199254740993", "GWB7003")]
    [InlineData("1e999", "GWB7003")]
    public void Text_WithoutOneMeaning_IsRefused(string json, string code)
    {
        using var document = JsonDocument.Parse(json);

        Assert.Equal(code, Refused.CodeOf(() => CanonicalJson.Serialize(document.RootElement)));
        Assert.Equal(code, Refused.CodeOf(() => CanonicalJson.Serialize(JsonNode.Parse(json))));
    }

    [Fact]
    public void Value_WithoutJsonForm_IsRefused()
    {
        Assert.Equal("GWB7003", Refused.CodeOf(() => CanonicalJson.Serialize(double.NaN)));
        Assert.Equal("GWB7003", Refused.CodeOf(() => CanonicalJson.Serialize(new { Ratio = double.PositiveInfinity })));
        Assert.Equal("GWB7004", Refused.CodeOf(() => CanonicalJson.Serialize(new { Name = "\ud800" })));
        Assert.Equal("GWB7004", Refused.CodeOf(() => CanonicalJson.Serialize(new Dictionary<string, int> { ["\udc00"] = 1 })));
        Assert.Equal("GWB7004", Refused.CodeOf(() => CanonicalJson.Serialize(new JsonObject { ["a"] = "\ud800" })));
        Assert.Equal("GWB7003", Refused.CodeOf(() => CanonicalJson.Serialize(new { Usn = long.MaxValue })));
    }

    [Fact]
    public void Nesting_BeyondTheLimit_IsRefused()
    {
        JsonNode deep = new JsonArray();
        for (var level = 0; level < 70; level++)
        {
            deep = new JsonArray(deep);
        }

        Assert.Equal("GWB7005", Refused.CodeOf(() => CanonicalJson.Serialize(deep)));
    }

    [Theory]
    [InlineData("{\"a\":1,}", "GWB7001")]
    [InlineData("{\"a\":1} x", "GWB7001")]
    [InlineData("", "GWB7001")]
    [InlineData("{\"a\":1,\"a\":2}", "GWB7002")]
    [InlineData("// no\n1", "GWB7001")]
    public void Parse_OfLooseText_IsRefused(string json, string code) =>
        Assert.Equal(code, Refused.CodeOf(() => CanonicalJson.Parse(Encoding.UTF8.GetBytes(json))));

    [Fact]
    public void Parse_OfBrokenUtf8_IsRefused() =>
        Assert.Equal("GWB7004", Refused.CodeOf(() => CanonicalJson.Parse(new byte[] { (byte)'"', 0xC3, (byte)'"' })));

    [Fact]
    public void Number_OfAnyDouble_ReadsBackAsItself() => Prop.ForAll(
        ArbMap.Default.ArbFor<double>().Filter(double.IsFinite),
        number => double.Parse(CanonicalJson.SerializeToText(number), CultureInfo.InvariantCulture) == number).QuickCheckThrowOnFailure();

    [Fact]
    public void CanonicalText_MadeCanonicalAgain_IsUnchanged() => Prop.ForAll(
        ArbMap.Default.ArbFor<(long Bits, byte[] Text)>(),
        value =>
        {
            var number = BitConverter.Int64BitsToDouble(value.Bits);
            var text = Encoding.Latin1.GetString(value.Text ?? []);
            var canonical = CanonicalJson.SerializeToText(new { Z = text, A = double.IsFinite(number) ? number : 0 });
            return Canonical(canonical) == canonical;
        }).QuickCheckThrowOnFailure();

    private static JsonElement Element(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static string Canonical(string json) => CanonicalJson.SerializeToText(Element(json));

    private sealed record Fact
    {
        public required string Name { get; init; }

        public required int Count { get; init; }

        public required string? Missing { get; init; }

        public required Color Kind { get; init; }
    }

    private enum Color
    {
        DarkRed,
    }
}
