using GwbCloud.Contracts.Documents;

namespace GwbCloud.Tests.Contracts.Documents;

public sealed class DocumentAssemblerTests
{
    private readonly Document _document = Document.Of("groups", DocumentPartsTests.Content((2 * DocumentParts.MaxPartBytes) + 9));
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> _parts;
    private readonly DocumentAssembler _assembler;

    public DocumentAssemblerTests()
    {
        _parts = DocumentParts.Split(_document.Content);
        _assembler = new DocumentAssembler(_document.Reference.Sha256, 3);
    }

    [Fact]
    public void Parts_InAnyOrderAndRepeated_CompleteTheDocument()
    {
        Assert.Equal(PartState.Stored, Accept(2).State);
        Assert.Equal([0, 1], _assembler.Missing);
        Assert.Equal(PartState.Repeated, Accept(2).State);
        Assert.Equal(PartState.Stored, Accept(0).State);
        Assert.False(_assembler.TryGetContent(out _));
        Assert.Equal(PartState.Completed, Accept(1).State);

        Assert.Equal(PartState.Repeated, Accept(1).State);
        Assert.True(_assembler.TryGetContent(out var content));
        Assert.Equal(_document.Content.ToArray(), content);
    }

    [Fact]
    public void Part_WithChangedContent_IsRefusedAndTheFirstStays()
    {
        Accept(0);
        var changed = _parts[0].ToArray();
        changed[0] ^= 1;

        Assert.Equal("GWB7104", _assembler.Accept(0, 3, changed).Refusal?.Code);

        Accept(1);
        Assert.Equal(PartState.Completed, Accept(2).State);
    }

    [Theory]
    [InlineData(-1, 3)]
    [InlineData(3, 3)]
    [InlineData(0, 2)]
    public void Part_OutOfRange_IsRefused(int index, int total) =>
        Assert.Equal("GWB7102", _assembler.Accept(index, total, _parts[0].Span).Refusal?.Code);

    [Fact]
    public void Part_OfWrongSize_IsRefused()
    {
        Assert.Equal("GWB7103", _assembler.Accept(0, 3, _parts[0].Span[1..]).Refusal?.Code);
        Assert.Equal("GWB7103", _assembler.Accept(2, 3, new byte[DocumentParts.MaxPartBytes + 1]).Refusal?.Code);
        Assert.Equal("GWB7103", _assembler.Accept(2, 3, []).Refusal?.Code);
    }

    [Fact]
    public void Document_WithWrongHash_IsRefusedAndMayBeUploadedAgain()
    {
        var wrong = _parts[0].ToArray();
        wrong[0] ^= 1;
        _assembler.Accept(0, 3, wrong);
        Accept(1);

        Assert.Equal("GWB7105", Accept(2).Refusal?.Code);

        Assert.False(_assembler.IsComplete);
        Accept(0);
        Accept(1);
        Assert.Equal(PartState.Completed, Accept(2).State);
    }

    [Theory]
    [InlineData("nothex", 1)]
    [InlineData(null, 1)]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 0)]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", DocumentParts.MaxParts + 1)]
    [InlineData("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", 1)]
    public void Assembler_ForWhatCannotBe_IsRefused(string? sha256, int parts) =>
        Assert.Equal("GWB7101", Refused.CodeOf(() => _ = new DocumentAssembler(sha256!, parts)));

    private PartVerdict Accept(int index) => _assembler.Accept(index, 3, _parts[index].Span);
}
