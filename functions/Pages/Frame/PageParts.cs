using System.Globalization;
using GwbCloud.Functions.Reporting;

namespace GwbCloud.Functions.Pages;

/// <summary>The pieces that pages are put together from.</summary>
static class PageParts
{
    /// <summary>The id of a migration, as a browser checks it.</summary>
    public const string MigrationIdPattern = "m-[0-9]{8}-[0-9]{6}-[0-9a-f]{4}";

    /// <summary>An object id, as a browser checks it.</summary>
    public const string GuidPattern = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

    public static Html Nothing => Html.Of($"");

    /// <summary>A part that is exchanged by itself when it changes.</summary>
    public static Html Part(string name, Html content) => Html.Of($"<div data-part=\"{name}\">{content}</div>\n");

    /// <summary>A section under its own heading.</summary>
    public static Html Section(string id, string heading, Html content) => Html.Of($"""
        <section aria-labelledby="{id}">
        <h2 id="{id}">{heading}</h2>
        {content}
        </section>

        """);

    /// <summary>A moment: UTC as text and on hover; the script shows it in the reader's own zone.</summary>
    public static Html Time(DateTimeOffset? moment) => moment is not { } at ? Html.Of($"<span class=\"soft\">{PageText.Dash}</span>")
        : Html.Of($"<time datetime=\"{Iso(at)}\" title=\"{Utc(at)}\">{Utc(at)}</time>");

    public static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A span of time in its two largest units.</summary>
    public static string Span(TimeSpan span)
    {
        var (days, hours, minutes, seconds) = ((int)span.TotalDays, span.Hours, span.Minutes, span.Seconds);
        return span < TimeSpan.Zero ? PageText.Spans.Over
            : days > 0 ? Of(days, "d", hours, "h")
            : hours > 0 ? Of(hours, "h", minutes, "min")
            : minutes >= 10 ? Of(minutes, "min", 0, "")
            : minutes > 0 ? Of(minutes, "min", seconds, "s")
            : Of(seconds, "s", 0, "");

        static string Of(int large, string unit, int small, string smaller) =>
            small == 0 ? string.Create(CultureInfo.InvariantCulture, $"{large} {unit}") : string.Create(CultureInfo.InvariantCulture, $"{large} {unit} {small} {smaller}");
    }

    /// <summary>How long until a moment, or since when it is over.</summary>
    public static Html Until(DateTimeOffset at, DateTimeOffset now) => at < now
        ? Html.Of($"<strong class=\"late\">{PageText.Spans.Over}</strong> ({Time(at)})")
        : Html.Of($"{Time(at)} <span class=\"soft\">({PageText.Spans.In(Span(at - now))})</span>");

    /// <summary>Entries of a list in a form, as many as somebody wants; the first is there, and without script it is the only one.</summary>
    /// <param name="list">Name of the list in what is sent.</param>
    /// <param name="legend">What it is.</param>
    /// <param name="entry">Fields of one entry, each in its label.</param>
    /// <param name="another">What the button says that adds one.</param>
    public static Html Entries(string list, string legend, Html entry, string another) => Html.Of($"""
        <fieldset data-list="{list}"><legend>{legend}</legend>
        <div data-entry class="entry">{entry}<button type="button" class="quiet" data-remove hidden>{PageText.Remove}</button></div>
        <p><button type="button" data-add hidden>{another}</button></p>
        </fieldset>
        """);

    /// <summary>A state: a colour, a sign and a word that says the same.</summary>
    public static Html Badge(string tone, Html icon, string word) => Html.Of($"<span class=\"badge {tone}\">{icon}{word}</span>");

    public static Html Code(string? text) => Html.Of($"<code>{text}</code>");

    /// <summary>Something to be copied whole.</summary>
    public static Html Copyable(string text) => Html.Of($"""
        <span class="copyable"><code>{text}</code><button type="button" class="quiet" data-copy hidden>{PageText.Copy}</button></span>
        """);

    /// <summary>A name that somebody else chose.</summary>
    public static Html Name(string? name) => HtmlPage.Name(name);

    /// <summary>Somebody who acted: the name, with the objectId on hover; the objectId where no name is known.</summary>
    public static Html Person(string? objectId, PageVisit visit) =>
        visit.People.Of(objectId) is { } name ? Html.Of($"<bdi class=\"person\" title=\"{objectId}\">{name}</bdi>") : Code(objectId);

    /// <summary>A sentence, which may hold names that somebody else chose; moments in it are shown as every other moment is.</summary>
    public static Html Sentence(string? text) => Html.Of($"<bdi>{Moments.InHtml(text, at => Time(at))}</bdi>");

    public static Html Facts(params IEnumerable<(string Name, Html Value)> facts) => Html.Of($"""
        <dl class="facts">{facts.Select(fact => Html.Of($"<div><dt>{fact.Name}</dt><dd>{fact.Value}</dd></div>"))}</dl>
        """);

    /// <summary>A table that becomes a list of cards where the screen is narrow: each cell bears its column's name.</summary>
    /// <remarks>Roles are said, because a browser forgets that something is a table as soon as it is laid out as anything else.</remarks>
    /// <param name="caption">What it shows.</param>
    /// <param name="heads">Heads of the columns; those that begin with # hold numbers.</param>
    /// <param name="rows">Cells, as many as heads; the first names the row.</param>
    public static Html Table(string caption, IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<Html>> rows) => Html.Of($"""
        <table role="table">
        <caption>{caption}</caption>
        <thead role="rowgroup"><tr role="row">{heads.Select(head => Html.Of($"<th role=\"columnheader\" scope=\"col\"{ClassOf(head)}>{head.TrimStart('#')}</th>"))}</tr></thead>
        <tbody role="rowgroup">
        {rows.Select(row => Html.Of($"<tr role=\"row\">{row.Select((cell, at) => Cell(heads[at], cell, at))}</tr>\n"))}</tbody>
        </table>
        """);

    public static Html Progress(string label, int done, int total) => Html.Of($"""<progress max="{Plain(total)}" value="{Plain(Math.Min(done, total))}" aria-label="{label}"></progress>""");

    /// <summary>A bar of parts of a whole. Decoration: its numbers stand beside it.</summary>
    public static Html Bar(double whole, params IEnumerable<(double Part, string Class)> parts) => HtmlPage.Bar(whole, parts);

    public static string Plain(int number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static Html Link(string path, string text) => Html.Of($"<a href=\"{path}\">{text}</a>");

    /// <summary>What has nothing to show says so.</summary>
    public static Html Empty(string text) => Html.Of($"<p class=\"empty\">{text}</p>");

    static Html Cell(string head, Html cell, int at) => at == 0
        ? Html.Of($"<th role=\"rowheader\" scope=\"row\">{cell}</th>")
        : Html.Of($"<td role=\"cell\"{ClassOf(head)} data-head=\"{head.TrimStart('#')}\">{cell}</td>");

    static Html ClassOf(string head) => head.StartsWith('#') ? Html.Of($" class=\"n\"") : Nothing;
}
