namespace GwbCloud.Contracts.Documents;

/// <summary>One page of a result that is too large for one answer: the same 48 KB pieces as the parts of an upload.</summary>
public sealed record DocumentPage
{
    /// <summary>The whole document.</summary>
    public required DocumentReference Reference { get; init; }

    /// <summary>0 to <see cref="DocumentReference.Parts"/> - 1.</summary>
    public required int Index { get; init; }

    /// <summary>The piece, at most 48 KB; base64 in JSON.</summary>
    public required ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>The page of a document.</summary>
    /// <exception cref="ContractException">GWB7102 when there is no such page.</exception>
    public static DocumentPage Of(Document document, int index) =>
        index >= 0 && index < document.Reference.Parts
            ? new() { Reference = document.Reference, Index = index, Content = DocumentParts.Slice(document.Content, index) }
            : throw ContractError.PartOutOfRange.Exception();

    /// <summary>The document from all of its pages, in any order, verified against the reference.</summary>
    /// <exception cref="ContractException">GWB7101 to GWB7106.</exception>
    public static Document Join(DocumentReference reference, IEnumerable<DocumentPage> pages)
    {
        var ordered = pages.OrderBy(page => page.Index).ToList();
        for (var index = 0; index < ordered.Count; index++)
        {
            if (ordered[index].Reference != reference)
            {
                throw ContractError.ReferenceMalformed.Exception("pages of different documents");
            }

            if (ordered[index].Index != index)
            {
                throw ContractError.DocumentIncomplete.Exception($"page {index}");
            }
        }

        return new() { Reference = reference, Content = DocumentParts.Join(reference, ordered.Select(page => page.Content)) };
    }
}
