using System.Text;
using GwbCloud.Functions.Reporting;

namespace GwbCloud.Tests.Functions.Reporting;

public sealed class SpreadsheetTextTests
{
    public static TheoryData<string, string> Dangerous { get; } = new()
    {
        { "=1+1", "'=1+1" },
        { "+cmd", "'+cmd" },
        { "-2", "'-2" },
        { "@SUM(A1)", "'@SUM(A1)" },
        { "\t=1", "'\t'=1" },
        { "\r=1", "'\r'=1" },
        { "\nx", "'\nx" },
        { "  =1", "  '=1" },
        { "\u200B\u202E=1", "\u200B\u202E'=1" },
        { "\u00A0=1", "\u00A0'=1" },
        { "\uFF1D1", "'\uFF1D1" },
        { "\uFF0B1", "'\uFF0B1" },
        { "\uFF0D1", "'\uFF0D1" },
        { "\uFF20x", "'\uFF20x" },
        { "a\";=1", "a\";'=1" },
        { "a,=1", "a,'=1" },
        { "a; +1", "a; '+1" },
        { "a\t@x", "a\t'@x" },
        { "a\r\n-x", "a\r\n'-x" },
        { "\"=1", "\"'=1" },
        { "=", "'=" },
        { "a\0b", "a\uFFFDb" },
    };

    [Theory]
    [MemberData(nameof(Dangerous))]
    public void Text_ThatCouldBecomeAFormula_IsMadeHarmless(string text, string harmless) => Assert.Equal(harmless, SpreadsheetText.Harmless(text));

    [Theory]
    [InlineData("")]
    [InlineData("Sales-West + East @ 1=1")]
    [InlineData("Grüße, 日本 (Team)")]
    [InlineData("rock'n'roll")]
    public void Text_ThatIsNone_StaysAsItIs(string text) => Assert.Equal(text, SpreadsheetText.Harmless(text));

    [Fact]
    public async Task Csv_ValuesOfEveryKind_AreQuotedAsTheStandardSays()
    {
        using var output = new MemoryStream();

        await using (var csv = new CsvWriter(output))
        {
            await csv.WriteAsync(["a \"quoted\", name", 12, true, Guid.Empty, (Guid?)null, (string?)null], TestContext.Current.CancellationToken);
        }

        Assert.Equal([0xEF, 0xBB, 0xBF], output.ToArray()[..3]);
        Assert.Equal("\"a \"\"quoted\"\", name\",12,true,00000000-0000-0000-0000-000000000000,,\"\"\r\n", Encoding.UTF8.GetString(output.ToArray()[3..]));
    }
}
