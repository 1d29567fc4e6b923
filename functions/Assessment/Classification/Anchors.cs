namespace GwbCloud.Functions.Assessment;

/// <summary><c>Group_</c> and the objectId: the value of both anchors.</summary>
public static class Anchors
{
    const string Prefix = "Group_";

    public static string Of(Guid cloudId) => $"{Prefix}{cloudId:D}";

    /// <summary>The objectId of an anchor, null when the text is none: another prefix, no dashes, blanks.</summary>
    public static Guid? CloudId(string? anchor)
        => anchor is { Length: 42 } && anchor.StartsWith(Prefix, StringComparison.Ordinal) && Guid.TryParseExact(anchor[6..], "D", out var id)
            ? id
            : null;
}
