using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace GwbCloud.Functions.Reporting;

/// <summary>
/// A piece of HTML, written as an interpolated string: its literals are markup, and whatever stands in its holes is text that is encoded.
/// So no value can become markup by being forgotten.
/// </summary>
/// <remarks>
/// Control characters and those that turn the direction of writing are shown by their number: the name of a group is what its owner
/// typed, and must not rearrange what stands around it.
/// </remarks>
[InterpolatedStringHandler]
public readonly struct Html
{
    static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    readonly StringBuilder? _text;

    public Html(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + (formattedCount * 16));

    /// <summary>The piece that an interpolated string is.</summary>
    public static Html Of(Html html) => html;

    /// <summary>Pieces one after another.</summary>
    public static Html Join(IEnumerable<Html> pieces)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        Html all = $"";
        foreach (var piece in pieces)
        {
            all.AppendFormatted(piece);
        }

        return all;
    }

    public void AppendLiteral(string literal) => _text!.Append(literal);

    public void AppendFormatted(Html html) => _text!.Append(html._text);

    public void AppendFormatted(IEnumerable<Html> pieces) => AppendFormatted(Join(pieces));

    public void AppendFormatted(string? text) => _text!.Append(Encoder.Encode(VisibleText.Of(text ?? "")));

    public void AppendFormatted(long number) => _text!.Append(CultureInfo.InvariantCulture, $"{number:N0}");

    public void AppendFormatted(int number) => AppendFormatted((long)number);

    public override string ToString() => _text?.ToString() ?? "";
}
