using System.Diagnostics.CodeAnalysis;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Contracts.Documents;

/// <summary>What became of an uploaded part.</summary>
public enum PartState
{
    /// <summary>New, kept; others are missing.</summary>
    Stored,

    /// <summary>Known already with the same content; nothing changed.</summary>
    Repeated,

    /// <summary>New, and the document is complete and has the hash that names it.</summary>
    Completed,

    /// <summary>Not taken; the refusal says why.</summary>
    Refused,
}

/// <summary>The answer to an uploaded part.</summary>
public sealed record PartVerdict
{
    /// <summary>What became of it.</summary>
    public required PartState State { get; init; }

    /// <summary>GWB7102 to GWB7105, when refused.</summary>
    public Refusal? Refusal { get; init; }
}

/// <summary>Collects the parts of one document that is uploaded under its hash. Pure: whoever uses it keeps the parts on disk.</summary>
/// <remarks>
/// Uploading a part again with the same content changes nothing; with other content it is refused. When the last part arrives
/// and the hash is wrong, all parts are let go, because nobody can tell which of them is wrong. Not safe for concurrent use.
/// </remarks>
public sealed class DocumentAssembler
{
    private readonly string _sha256;
    private readonly byte[]?[] _parts;
    private byte[]? _content;

    /// <summary>Expects that many parts under that hash.</summary>
    /// <exception cref="ContractException">GWB7101 when hash or number cannot be.</exception>
    public DocumentAssembler(string sha256, int parts)
    {
        if (!Sha256Text.IsValid(sha256) || parts is < 1 or > DocumentParts.MaxParts)
        {
            throw ContractError.ReferenceMalformed.Exception();
        }

        _sha256 = sha256;
        _parts = new byte[parts][];
    }

    /// <summary>True when every part is there and the hash is right.</summary>
    public bool IsComplete => _content is not null;

    /// <summary>The indexes that are still missing, ascending.</summary>
    public IReadOnlyList<int> Missing => [.. Enumerable.Range(0, _parts.Length).Where(index => _parts[index] is null)];

    /// <summary>Takes a part.</summary>
    /// <param name="index">0 to <paramref name="total"/> - 1.</param>
    /// <param name="total">Number of parts as the sender knows it; another number than before is refused.</param>
    /// <param name="content">Exactly 48 KB, or less in the last part.</param>
    public PartVerdict Accept(int index, int total, ReadOnlySpan<byte> content)
    {
        if (total != _parts.Length)
        {
            return Refuse(ContractError.PartOutOfRange);
        }

        if (DocumentParts.RefusePart(index, total, content.Length) is { } wrong)
        {
            return Refuse(wrong);
        }

        if (_parts[index] is { } known)
        {
            return content.SequenceEqual(known) ? new() { State = PartState.Repeated } : Refuse(ContractError.PartChanged);
        }

        _parts[index] = content.ToArray();
        return Array.Exists(_parts, part => part is null) ? new() { State = PartState.Stored } : Finish();
    }

    /// <summary>The whole content, once complete.</summary>
    public bool TryGetContent([NotNullWhen(true)] out byte[]? content)
    {
        content = _content;
        return content is not null;
    }

    private PartVerdict Finish()
    {
        var content = _parts.SelectMany(part => part!).ToArray();
        if (!string.Equals(Sha256Text.Of(content), _sha256, StringComparison.Ordinal))
        {
            Array.Clear(_parts);
            return Refuse(ContractError.DocumentHashWrong);
        }

        _content = content;
        return new() { State = PartState.Completed };
    }

    private static PartVerdict Refuse(ErrorEntry error) => new() { State = PartState.Refused, Refusal = error.Because() };
}
