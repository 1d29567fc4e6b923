using System.Buffers;
using System.Globalization;
using System.Text;

namespace GwbCloud.Functions.Reporting;

/// <summary>Keeps spreadsheets from taking the names of groups for formulas.</summary>
/// <remarks>
/// An apostrophe goes before every sign that begins a formula where a cell could begin: at the start of the text, and after quotes and
/// separators, because a spreadsheet that splits at semicolons or tabs takes a quote in the middle of a line for a letter. Blanks and
/// unseen characters before the sign do not help it. Source: OWASP, CSV injection.
/// </remarks>
public static class SpreadsheetText
{
    // = + - @, with their full-width and small forms and the minus sign.
    static readonly SearchValues<char> Beginnings = SearchValues.Create("=+-@\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B\u2212");

    static readonly SearchValues<char> Separators = SearchValues.Create(",;|\t\r\n\"'\uFF0C\uFF1B");

    public static string Harmless(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var safe = new StringBuilder(text.Length + 4);

        // Tab and line end at the very start would hide from a reader what comes after them.
        if (text is ['\t' or '\r' or '\n', ..])
        {
            safe.Append('\'');
        }

        var cellBegins = true;
        foreach (var c in text)
        {
            if (cellBegins && Beginnings.Contains(c))
            {
                safe.Append('\'');
            }

            safe.Append(char.IsControl(c) && c is not ('\t' or '\r' or '\n') ? '\uFFFD' : c);
            cellBegins = Separators.Contains(c) || (cellBegins && IsUnseen(c));
        }

        return safe.ToString();
    }

    static bool IsUnseen(char c) => char.IsWhiteSpace(c) || char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format;
}
