using System.Buffers;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Functions.Documents;

/// <summary>What may become part of a path: nothing else ever reaches the file system.</summary>
static class DocumentNames
{
    const int MaxLength = 240;

    static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-./");

    /// <exception cref="ArgumentException">The name is not one of lower-case letters, digits, dashes, dots and slashes.</exception>
    public static string Checked(string name) =>
        name.Length is > 0 and <= MaxLength && HasOnlyAllowed(name) && Array.TrueForAll(name.Split('/'), IsSegment)
            ? name
            : throw new ArgumentException($"'{Shown(name)}' can't name a document.", nameof(name));

    /// <exception cref="ArgumentException">No name can begin so.</exception>
    public static string CheckedPrefix(string prefix) =>
        prefix.Length <= MaxLength && HasOnlyAllowed(prefix) && Array.TrueForAll(prefix.Split('/')[..^1], IsSegment)
            ? prefix
            : throw new ArgumentException($"No document's name begins with '{Shown(prefix)}'.", nameof(prefix));

    /// <exception cref="DocumentException">The reference can't be that of a document.</exception>
    public static string Checked(DocumentReference reference) =>
        Sha256Text.IsValid(reference.Sha256) && reference.Bytes >= 0
            ? reference.Sha256
            : throw new DocumentException($"The reference to a document of kind {Shown(reference.Kind)} is malformed.");

    static bool HasOnlyAllowed(string name) => !name.AsSpan().ContainsAnyExcept(Allowed);

    // A segment that begins or ends with a dot is another name, or none, on some file systems.
    static bool IsSegment(string segment) => segment.Length > 0 && segment[0] != '.' && segment[^1] != '.';

    static string Shown(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
