using System.Text.Json.Serialization;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Contracts.Documents;

/// <summary>Names a large document by its content. This record, never the document, passes through orchestration history.</summary>
public sealed record DocumentReference
{
    /// <summary>SHA-256 of the whole content, 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Length of the content in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>What it is, for example <c>snapshot</c>, <c>plan</c>, <c>evidence</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Number of items in the content when it is a JSON array, otherwise 1.</summary>
    public required int Count { get; init; }

    /// <summary>Number of parts of at most 48 KB in which it travels; at least 1. Follows from <see cref="Bytes"/>.</summary>
    [JsonIgnore]
    public int Parts => DocumentParts.CountFor(Bytes);

    /// <summary>Describes the content.</summary>
    public static DocumentReference Of(string kind, ReadOnlySpan<byte> content, int count = 1) => new()
    {
        Sha256 = Sha256Text.Of(content),
        Bytes = content.Length,
        Kind = kind,
        Count = count,
    };

    /// <summary>Null when it can be the name of a document, else GWB7101.</summary>
    public Refusal? Check() =>
        !Sha256Text.IsValid(Sha256) ? ContractError.ReferenceMalformed.Because("hash")
        : Bytes < 0 || Parts > DocumentParts.MaxParts ? ContractError.ReferenceMalformed.Because("size")
        : Count < 0 ? ContractError.ReferenceMalformed.Because("count")
        : null;
}
