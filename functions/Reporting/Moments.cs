using System.Globalization;
using System.Text.RegularExpressions;

namespace GwbCloud.Functions.Reporting;

/// <summary>Moments inside sentences. A sentence carries them as <c>2026-11-21 22:00:00Z</c>, which sorts and is never ambiguous; people are shown them as every other time.</summary>
static partial class Moments
{
    /// <summary>A sentence for places that have no markup: each moment as <see cref="Words.Time"/> writes it.</summary>
    public static string InWords(string? sentence) =>
        sentence is null ? "" : Written().Replace(sentence, found => Read(found) is { } at ? Words.Time(at) : found.Value);

    /// <summary>A sentence as text, with each moment as the page shows moments.</summary>
    /// <param name="sentence">Encoded here, but for the moments.</param>
    /// <param name="show">How the page shows one.</param>
    public static Html InHtml(string? sentence, Func<DateTimeOffset, Html> show)
    {
        List<Html> pieces = [];
        var text = sentence ?? "";
        var from = 0;
        foreach (Match found in Written().Matches(text))
        {
            if (Read(found) is not { } at) { continue; }
            pieces.Add(HtmlPage.Text(text[from..found.Index]));
            pieces.Add(show(at));
            from = found.Index + found.Length;
        }

        pieces.Add(HtmlPage.Text(text[from..]));
        return Html.Join(pieces);
    }

    static DateTimeOffset? Read(Match found) =>
        DateTimeOffset.TryParseExact(found.Value, "u", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    [GeneratedRegex(@"(?<![0-9A-Za-z])[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}Z(?![0-9A-Za-z])", RegexOptions.CultureInvariant)]
    private static partial Regex Written();
}
