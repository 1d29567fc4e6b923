using System.Text;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Json;
using System.Text.Json;

namespace GwbCloud.Tests.Contracts.Documents;

public sealed class DocumentPartsTests
{
    private const int Part = DocumentParts.MaxPartBytes;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(Part, 1)]
    [InlineData(Part + 1, 2)]
    [InlineData((3 * Part) - 1, 3)]
    public void Split_ThenJoin_GivesTheContent(int length, int parts)
    {
        var document = Document.Of("snapshot", Content(length));

        var split = DocumentParts.Split(document.Content);

        Assert.Equal(parts, split.Count);
        Assert.Equal(parts, document.Reference.Parts);
        Assert.All(split, part => Assert.True(part.Length <= Part));
        Assert.Equal(document.Content.ToArray(), DocumentParts.Join(document.Reference, split));
    }

    [Fact]
    public void Join_OfOtherParts_IsRefused()
    {
        var document = Document.Of("snapshot", Content(2 * Part + 5));
        var parts = DocumentParts.Split(document.Content);
        var changed = parts[1].ToArray();
        changed[7] ^= 1;

        Assert.Equal("GWB7105", Refused.CodeOf(() => DocumentParts.Join(document.Reference, [parts[0], changed, parts[2]])));
        Assert.Equal("GWB7105", Refused.CodeOf(() => DocumentParts.Join(document.Reference, [parts[1], parts[0], parts[2]])));
        Assert.Equal("GWB7106", Refused.CodeOf(() => DocumentParts.Join(document.Reference, [parts[0], parts[1]])));
        Assert.Equal("GWB7103", Refused.CodeOf(() => DocumentParts.Join(document.Reference, [parts[0], parts[2]])));
        Assert.Equal("GWB7102", Refused.CodeOf(() => DocumentParts.Join(document.Reference, [.. parts, parts[2]])));
        Assert.Equal("GWB7101", Refused.CodeOf(() => DocumentParts.Join(document.Reference with { Sha256 = "../../etc/passwd" }, parts)));
        Assert.Equal("GWB7101", Refused.CodeOf(() => DocumentParts.Join(document.Reference with { Bytes = long.MaxValue }, parts)));
    }

    [Fact]
    public void List_WrittenAndRead_KeepsEntriesAndShowsOneALine()
    {
        var document = Document.OfList("groups", ["a", "b", "c"]);

        Assert.Equal("[\n\"a\",\n\"b\",\n\"c\"\n]\n", Encoding.UTF8.GetString(document.Content.Span));
        Assert.Equal(3, document.Reference.Count);
        Assert.Equal(["a", "b", "c"], document.ReadList<string>());
        Assert.Empty(Document.OfList<string>("groups", []).ReadList<string>());
    }

    [Theory]
    [InlineData("{}", 1)]
    [InlineData("[1]", 1)]
    [InlineData("[\"a\"]", 2)]
    [InlineData("[null]", 1)]
    [InlineData("[\"a\"", 1)]
    public void List_ThatIsNone_IsRefused(string json, int count)
    {
        var document = Document.Of("groups", Encoding.UTF8.GetBytes(json), count);

        Assert.Equal("GWB7107", Refused.CodeOf(() => document.ReadList<string>()));
    }

    [Fact]
    public void Pages_InAnyOrder_GiveTheDocument()
    {
        var document = Document.Of("pendingExports", Content(3 * Part));
        List<int> order = [2, 0, 1];
        var pages = order
            .Select(index => JsonSerializer.Serialize(DocumentPage.Of(document, index), ContractJson.Options))
            .Select(json => JsonSerializer.Deserialize<DocumentPage>(json, ContractJson.Options)!)
            .ToList();

        var joined = DocumentPage.Join(document.Reference, pages);

        Assert.Equal(document.Content.ToArray(), joined.Content.ToArray());
        Assert.Equal("GWB7106", Refused.CodeOf(() => DocumentPage.Join(document.Reference, pages.Skip(1))));
        Assert.Equal("GWB7101", Refused.CodeOf(() => DocumentPage.Join(document.Reference with { Kind = "other" }, pages)));
        Assert.Equal("GWB7102", Refused.CodeOf(() => DocumentPage.Of(document, 3)));
        Assert.Equal("GWB7102", Refused.CodeOf(() => DocumentPage.Of(document, -1)));
    }

    internal static byte[] Content(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        return content;
    }
}
