namespace GwbCloud.Contracts.Documents;

/// <summary>What passes through histories and commands in place of a large document.</summary>
public sealed record DocumentReference
{
    /// <summary>What the document holds, for people and file names: <c>plan</c>, <c>snapshot</c>, <c>groups</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>SHA-256 of the content, 64 lower-case hexadecimal digits. The content's only name.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Length of the content in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Number of items in the content when it is a JSON array, otherwise 1.</summary>
    public required int Count { get; init; }
}
