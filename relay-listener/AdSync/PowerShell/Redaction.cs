using System.Text.RegularExpressions;

namespace GwbCloud.RelayListener.AdSync.PowerShell;

/// <summary>Takes names of people and objects out of texts that are kept or travel: distinguished names, sign-in names, account names.</summary>
static partial class Redaction
{
    /// <summary>The text without names, on one line, cut at <paramref name="length"/> characters.</summary>
    public static string Line(string text, int length = 200)
    {
        string line = Text(Space().Replace(text, " ").Trim());
        return line.Length <= length ? line : line[..length] + "...";
    }

    /// <summary>The text without names.</summary>
    public static string Text(string text) => Account().Replace(SignIn().Replace(DistinguishedName().Replace(text, "<dn>"), "<name>"), "<account>");

    /// <summary>The shape of a text: letters become a, digits 9, anything beyond ASCII a dot. Shows whether it is JSON, a table or a banner, and nobody's name.</summary>
    public static string Shape(ReadOnlySpan<byte> bytes, int length = 512)
    {
        var shape = new char[Math.Min(bytes.Length, length)];
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = (char)bytes[i] switch
            {
                >= 'a' and <= 'z' or >= 'A' and <= 'Z' => 'a',
                >= '0' and <= '9' => '9',
                '\n' => '\n',
                >= ' ' and <= '~' and var sign => sign,
                _ => '.',
            };
        }
        return new(shape);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    // A name runs to the last part that looks like one; its values may hold spaces and escaped commas.
    [GeneratedRegex(@"\b(?:CN|OU|DC|UID|O)=(?:\\.|[^,""'\r\n;<>])+(?:,\s*[A-Za-z]+=(?:\\.|[^,""'\r\n;<>])+)*", RegexOptions.IgnoreCase)]
    private static partial Regex DistinguishedName();

    [GeneratedRegex(@"[^\s""'<>(),;:]+@[^\s""'<>(),;:]+")]
    private static partial Regex SignIn();

    // DOMAIN\account, but no path: those have a drive or begin with a separator.
    [GeneratedRegex(@"(?<![\w:\\.])[A-Za-z][\w.-]{0,30}\\[\w.$-]{1,64}(?![\w\\])")]
    private static partial Regex Account();
}
