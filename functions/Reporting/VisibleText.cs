using System.Globalization;
using System.Text;

namespace GwbCloud.Functions.Reporting;

/// <summary>Shows by their number the characters that nobody sees: controls, and those that turn the direction of writing.</summary>
static class VisibleText
{
    public static string Of(string text)
    {
        if (!text.Any(IsUnseen))
        {
            return text;
        }

        var visible = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = IsUnseen(c) ? visible.Append(CultureInfo.InvariantCulture, $"[U{(int)c:X4}]") : visible.Append(c);
        }

        return visible.ToString();
    }

    /// <summary>At most so many characters, cut between two that people see, with an ellipsis.</summary>
    public static string Cut(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        var end = 0;
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext() && elements.ElementIndex + elements.GetTextElement().Length < most)
        {
            end = elements.ElementIndex + elements.GetTextElement().Length;
        }

        return string.Concat(text.AsSpan(0, end), "\u2026");
    }

    // Joiners (200C, 200D) stay: scripts and emoji need them.
    static bool IsUnseen(char c) =>
        (char.IsControl(c) && c is not ('\t' or '\n' or '\r'))
        || c is '\u061C' or '\u200B' or '\u200E' or '\u200F' or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\uFEFF';
}
