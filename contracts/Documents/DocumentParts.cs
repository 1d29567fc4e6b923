using GwbCloud.Contracts.Json;

namespace GwbCloud.Contracts.Documents;

/// <summary>Cuts documents into parts that fit through the relay, and puts them together again.</summary>
/// <remarks>Every part but the last holds exactly <see cref="MaxPartBytes"/>, so the same content always has the same parts.</remarks>
public static class DocumentParts
{
    /// <summary>48 KB: with its headers a part stays below the 64 KB that the relay carries on its control channel.</summary>
    public const int MaxPartBytes = 48 * 1024;

    /// <summary>192 MB; beyond that a reference is nonsense rather than large.</summary>
    public const int MaxParts = 4096;

    /// <summary>Number of parts for a content of that many bytes; an empty content has one empty part.</summary>
    public static int CountFor(long bytes) => bytes <= 0 ? 1 : (int)Math.Min(((bytes - 1) / MaxPartBytes) + 1, int.MaxValue);

    /// <summary>The parts in order.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> content) =>
        [.. Enumerable.Range(0, CountFor(content.Length)).Select(index => Slice(content, index))];

    /// <summary>The content from its parts in order, verified against the reference.</summary>
    /// <exception cref="ContractException">GWB7101 to GWB7106.</exception>
    public static byte[] Join(DocumentReference reference, IEnumerable<ReadOnlyMemory<byte>> parts)
    {
        if (reference.Check() is { } malformed)
        {
            throw new ContractException(malformed);
        }

        var content = new byte[reference.Bytes];
        var offset = 0;
        var index = 0;
        foreach (var part in parts)
        {
            if (index >= reference.Parts)
            {
                throw ContractError.PartOutOfRange.Exception();
            }

            if (part.Length != Math.Min(MaxPartBytes, content.Length - offset))
            {
                throw ContractError.PartSizeWrong.Exception();
            }

            part.Span.CopyTo(content.AsSpan(offset));
            offset += part.Length;
            index++;
        }

        if (index < reference.Parts)
        {
            throw ContractError.DocumentIncomplete.Exception($"{index} of {reference.Parts}");
        }

        return string.Equals(Sha256Text.Of(content), reference.Sha256, StringComparison.Ordinal)
            ? content
            : throw ContractError.DocumentHashWrong.Exception();
    }

    /// <summary>Why a part cannot be one of a document of that many parts; null when it can.</summary>
    public static ErrorEntry? RefusePart(int index, int total, int bytes) =>
        index < 0 || index >= total ? ContractError.PartOutOfRange
        : bytes > MaxPartBytes || (index < total - 1 && bytes != MaxPartBytes) || (total > 1 && bytes == 0) ? ContractError.PartSizeWrong
        : null;

    internal static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> content, int index) =>
        content.Slice(index * MaxPartBytes, Math.Min(MaxPartBytes, content.Length - (index * MaxPartBytes)));
}
