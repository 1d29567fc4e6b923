using System.Text;
using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;

namespace GwbCloud.Functions.CloudSync;

/// <summary>A group whose name or place one mapping for all would change: it keeps what its extension property GroupDN says.</summary>
public sealed record KeptDn
{
    public required Guid CloudId { get; init; }

    /// <summary>As Active Directory has it.</summary>
    public required string DistinguishedName { get; init; }

    /// <summary>The same name in the form of the property; see <see cref="GroupDn.ValueOf(string)"/>.</summary>
    public required string Value { get; init; }

    /// <summary>Of planned groups; one whose name the property can't hold is left out.</summary>
    public static IEnumerable<KeptDn> Of(IEnumerable<GroupIdentity> groups)
        => groups.SelectMany<GroupIdentity, KeptDn>(g => GroupDn.ValueOf(g.DistinguishedName) is { } value
            ? [new() { CloudId = g.CloudId, DistinguishedName = g.DistinguishedName, Value = value }]
            : []);
}

/// <summary>The extension property GroupDN: how a distinguished name is written into it, and the expressions that read it back. Pure.</summary>
/// <remarks>
/// Expressions know no distinguished names, so that what is written makes reading simple: every special character of the name stands as its
/// hexadecimal escape, which is the same name by RFC 4514. Then the first comma ends the name, and each escape is one replacement. The
/// documented expressions, which know the escaped comma alone, read such a value as well. Source: preserve a group's organizational unit and name.
/// </remarks>
public static class GroupDn
{
    public const string Name = "GroupDN";

    /// <summary>Characters that a directory extension of type String holds.</summary>
    public const int MostCharacters = 256;

    // The backslash comes last when escapes are read: what the others leave behind must not look like one.
    static readonly (char Character, string Escape)[] Escapes =
    [
        (',', @"\2C"), ('+', @"\2B"), ('"', @"\22"), ('<', @"\3C"), ('>', @"\3E"), (';', @"\3B"), ('=', @"\3D"), ('#', @"\23"), (' ', @"\20"),
        ('\\', @"\5C"),
    ];

    /// <summary>The property's value for a name.</summary>
    /// <returns>Null for what it can't hold: names with control characters (which Active Directory gives to conflicts), or too long.</returns>
    public static string? ValueOf(string distinguishedName)
    {
        ArgumentNullException.ThrowIfNull(distinguishedName);
        return distinguishedName.StartsWith("CN=", StringComparison.OrdinalIgnoreCase)
            ? ValueOf(DistinguishedName.CommonName(distinguishedName), DistinguishedName.Parent(distinguishedName))
            : null;
    }

    /// <inheritdoc cref="ValueOf(string)"/>
    public static string? ValueOf(string name, string parent)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0 || name.Any(char.IsControl))
        {
            return null;
        }

        var value = new StringBuilder("CN=");
        for (var at = 0; at < name.Length; at++)
        {
            // Blanks are special at both ends only, the number sign at the beginning.
            var plain = name[at] switch
            {
                ' ' => at > 0 && at < name.Length - 1,
                '#' => at > 0,
                _ => false,
            };
            value.Append(plain || Array.FindIndex(Escapes, e => e.Character == name[at]) is not (>= 0 and var escape) ? name[at] : Escapes[escape].Escape);
        }

        value.Append(',').Append(parent);
        return value.Length <= MostCharacters ? value.ToString() : null;
    }

    /// <summary>The expression for <c>cn</c>: the name out of the property where a group has it, otherwise what names all others.</summary>
    /// <param name="property"><c>extension_{appId}_GroupDN</c>.</param>
    /// <param name="otherwise">Expression of the groups without the property.</param>
    public static string NameExpression(string property, string otherwise)
    {
        var name = $"Mid(Word([{property}],1,\",\"),4,9999)";
        foreach (var (character, escape) in Escapes)
        {
            name = $"Replace({name},\"{escape}\",,,{Constant(character)},,)";
        }

        return $"IIF(IsPresent([{property}]),{name},{otherwise})";
    }

    /// <summary>The expression for the container: everything behind the first comma of the property.</summary>
    /// <param name="property"><c>extension_{appId}_GroupDN</c>.</param>
    /// <param name="otherwise">Expression of the groups without the property; a constant is quoted.</param>
    public static string ContainerExpression(string property, string otherwise)
        => $"IIF(IsPresent([{property}]),Mid(Mid([{property}],InStr([{property}],\",\",,),9999),2,9999),{otherwise})";

    /// <summary>A text as a constant of an expression.</summary>
    public static string Quoted(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    // A backslash before the closing quote would escape it, so that one is cut out of a longer constant.
    static string Constant(char character) => character == '\\' ? "Left(\"\\,\",1)" : Quoted(character.ToString());
}
