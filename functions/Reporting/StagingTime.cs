using System.Globalization;
using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.Reporting;

/// <summary>How long the active server would be in staging mode, drawn against the limits of 12 and 48 hours.</summary>
static class StagingTime
{
    public static Html Render(TimePlan time)
    {
        var end = Math.Max(time.UndoSeconds, time.ForwardSeconds);
        var parts = new (string Class, string Meaning, int Seconds)[]
        {
            ("b1", "Two full cycles of the slowest server", 2 * time.InitialSeconds),
            ("b4", "Longest wait at the second gate", time.ConfirmSeconds),
            ("b2", time.ForwardSeconds >= time.UndoSeconds ? "Going forward after the switch (longer than going back)" : "Going back (longer than going forward)", end),
            ("b3", "A quarter on top", time.PredictedStagingSeconds - (2 * time.InitialSeconds) - time.ConfirmSeconds - end),
        };

        // Four hours beyond the second limit leave room for its label.
        var whole = Math.Max(TimeArithmetic.BlocksAbove, time.PredictedStagingSeconds) + (4 * 3_600.0);
        return Html.Of($"""
            <p>While the active server is in staging mode, exports to Entra, password hash synchronisation and password writeback of the whole tenant stand still:
            <strong>{Hours(time.PredictedStagingSeconds)} hours</strong> by prediction. {Judged(time.PredictedStagingSeconds)}</p>
            <svg height="44" role="img" aria-label="{Hours(time.PredictedStagingSeconds)} hours of staging mode; the limits stand at 12 and 48 hours">
            <rect width="100%" height="18" rx="3" class="track"/>
            {Parts(parts, whole)}{Limit(TimeArithmetic.AcceptanceAbove, whole, "12 h: acceptance")}{Limit(TimeArithmetic.BlocksAbove, whole, "48 h: blocks")}
            </svg>
            {HtmlPage.Key(parts.Select(part => (part.Class, part.Meaning)))}
            {HtmlPage.Table("Parts of the time", ["Part", "#Hours"], parts.Select(part => (IReadOnlyList<Html>)[HtmlPage.Text(part.Meaning), HtmlPage.Text(Hours(part.Seconds))])
                .Append([Html.Of($"<strong>Predicted time in staging mode</strong>"), Html.Of($"<strong>{Hours(time.PredictedStagingSeconds)}</strong>")]))}
            """);
    }

    public static string Hours(int seconds) => (seconds / 3_600.0).ToString("0.0", CultureInfo.InvariantCulture);

    static string Judged(int seconds) => seconds switch
    {
        > TimeArithmetic.BlocksAbove => "That is above 48 hours, and blocks.",
        > TimeArithmetic.AcceptanceAbove => "That is above 12 hours, and needs acceptance.",
        _ => "That is below the 12 hours from which it needs acceptance.",
    };

    static Html Parts(IEnumerable<(string Class, string Meaning, int Seconds)> parts, double whole)
    {
        var (at, drawn) = (0.0, new List<Html>());
        foreach (var (kind, _, seconds) in parts)
        {
            drawn.Add(Html.Of($"<rect x=\"{HtmlPage.Percent(100 * at / whole)}\" width=\"{HtmlPage.Percent(100 * seconds / whole)}\" height=\"18\" class=\"{kind}\"/>"));
            at += seconds;
        }

        return Html.Join(drawn);
    }

    static Html Limit(int seconds, double whole, string label)
    {
        var at = HtmlPage.Percent(100 * seconds / whole);

        // The right half's label ends at its mark, so that it never leaves the page.
        return Html.Of($"""
            <line x1="{at}" x2="{at}" y1="-3" y2="24" class="mark"/>
            <text x="{at}" y="38" text-anchor="{(seconds > whole / 2 ? "end" : "start")}">{label}</text>

            """);
    }
}
