using System.Globalization;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Reporting;
using static GwbCloud.Functions.Pages.PageParts;
using Words = GwbCloud.Functions.Pages.PageText.Comparisons;

namespace GwbCloud.Functions.Pages;

/// <summary>What differs between two assessments.</summary>
static class ComparisonPage
{
    const int MostFindings = 100;

    /// <summary>With which other one?</summary>
    public static PageContent Choose(string id, IReadOnlyList<string> others) => Page(id, Html.Of($"""
        <p>{Words.What}</p>
        {Form(id, others, null)}
        """));

    public static PageContent Render(string id, IReadOnlyList<string> others, AssessmentComparison found, PageList<GroupChange> groups) => Page(id, Html.Of($"""
        {Form(id, others, found.With)}
        {Section("numbers", Words.Numbers, Table(Words.Numbers, [Words.Figure, Words.Before, Words.After],
        [
            Row(PageText.Tasks.State, AssessmentOverview.Badge(found.StateBefore), AssessmentOverview.Badge(found.StateAfter)),
            Number(PageText.Assessments.Migrate, found.RadiusBefore.Migrating, found.RadiusAfter.Migrating),
            Number(PageText.Assessments.NotReady, found.RadiusBefore.CannotMove, found.RadiusAfter.CannotMove),
            Number(PageText.Assessments.Freeze, found.RadiusBefore.Freezing, found.RadiusAfter.Freezing),
            Number(PageText.Assessments.Lost, found.RadiusBefore.MembersLost, found.RadiusAfter.MembersLost),
            Number(PageText.Assessments.Appear, found.RadiusBefore.M365NewlyWritten, found.RadiusAfter.M365NewlyWritten),
            Row(PageText.Assessments.Staging, HtmlPage.Text(StagingTime.Hours(found.StagingSecondsBefore)), HtmlPage.Text(StagingTime.Hours(found.StagingSecondsAfter))),
            Row(Words.PlanParts, Nothing, HtmlPage.Text(found.Plan.Parts is { } parts ? (parts.Count == 0 ? Words.NoPart : string.Join(", ", parts)) : Words.NoPlan)),
        ]))}
        {Section("findings", PageText.Findings.Title, found.Findings.Count == 0 ? Empty(Words.SameFindings) : Html.Of($"""
        {Table(PageText.Findings.Title, [PageText.Findings.Finding, Words.Change, Words.Before, Words.After], found.Findings.Take(MostFindings).Select(change => (IReadOnlyList<Html>)
        [
            Html.Of($"{Name(change.Title)} <code>{change.Code}</code>"), Of(change.Change),
            Found(change.SeverityBefore, change.AcceptedBefore, change.CasesBefore), Found(change.SeverityAfter, change.AcceptedAfter, change.CasesAfter),
        ]))}
        {(found.Findings.Count > MostFindings ? Html.Of($"<p class=\"soft\">{Words.First(MostFindings, found.Findings.Count)}</p>") : Nothing)}
        """))}
        {Section("servers", Words.Servers, found.Servers.Count == 0 ? Empty(Words.SameServers) : Table(Words.Servers, [PageText.Tasks.Server, Words.Change, Words.What_], found.Servers.Select(server => (IReadOnlyList<Html>)
        [
            Name(server.Server), HtmlPage.Text(Words.Of(server.Change)), HtmlPage.Text(string.Join(", ", server.Facts)),
        ])))}
        {Section("groups", PageText.Groups.Title, Html.Of($"""
        <ul class="links inline">{found.Groups.Where(kind => kind.Value > 0).Select(kind => Html.Of(
            $"<li>{Link(PagePaths.List(groups.Path, 1, ("with", found.With), ("change", GroupPages.ValueOf(kind.Key))) + "#groups", Words.Groups(kind.Value, kind.Key))}</li>"))}</ul>
        {Part("list", Html.Of($"""
        {(groups.Total == 0 ? Nothing : Table(PageText.Groups.Title, [PageText.Groups.Group, Words.Change, Words.Before, Words.After], groups.Items.Select(group => (IReadOnlyList<Html>)
        [
            Name(group.Name), HtmlPage.Text(Words.Of(group.Change)), State(group.ClassBefore, group.ReadinessBefore, group.ReasonsWent), State(group.ClassAfter, group.ReadinessAfter, group.ReasonsCame),
        ])))}
        {groups.Pager(PageText.Groups.Many)}
        """))}
        """))}
        """));

    static PageContent Page(string id, Html body) => new()
    {
        Title = Words.Title,
        Crumbs = AssessmentCrumbs.Of(id),
        Body = Html.Of($"<h1>{Words.Title}</h1>\n{body}"),
    };

    static Html Form(string id, IReadOnlyList<string> others, string? with) => others.Count == 0 ? Empty(Words.NoOther) : Html.Of($"""
        <form class="filter" method="get" action="{PagePaths.Assessment(id, "comparison")}">
        <label><span>{Words.With}</span><select name="with" id="with">{others.Select(other => Html.Of($"<option value=\"{other}\"{(other == with ? Html.Of($" selected") : Nothing)}>{other}</option>"))}</select></label>
        <button type="submit" class="primary">{Words.Compare}</button>
        </form>
        """);

    static Html Found(FindingSeverity? severity, bool accepted, int cases) => HtmlPage.Text(severity is { } found
        ? $"{Reporting.Words.Of(found)}, {Count(cases)}{(accepted ? $", {PageText.Findings.Accepted}" : "")}"
        : PageText.Dash);

    /// <summary>What a figure counts stands below it on other pages, and begins a line here.</summary>
    static IReadOnlyList<Html> Row(string what, Html before, Html after) => [HtmlPage.Text($"{char.ToUpperInvariant(what[0])}{what[1..]}"), before, after];

    static IReadOnlyList<Html> Number(string what, int before, int after) => Row(what, HtmlPage.Number(before), before == after
        ? Html.Of($"{after} <span class=\"soft\">({Words.Equal})</span>")
        : Html.Of($"<strong>{after}</strong> <span class=\"soft\">({(after - before).ToString("+#,0;-#,0", CultureInfo.InvariantCulture)})</span>"));

    static Html Of(FindingChangeKind change) => Badge(
        change switch { FindingChangeKind.Gone or FindingChangeKind.Better => "fine", FindingChangeKind.Changed => "know", _ => "warn" },
        change is FindingChangeKind.Gone or FindingChangeKind.Better ? Icons.Done : Icons.Warning, Words.Of(change));

    static Html State(GroupClass? kind, Readiness? readiness, IReadOnlyList<string> reasons) => kind is null
        ? HtmlPage.Text(PageText.Dash)
        : HtmlPage.Text(string.Join("; ", new[] { Reporting.Words.Of(kind.Value), readiness is { } r ? PageText.Groups.Of(r) : "" }.Concat(reasons).Where(text => text.Length > 0)));

    static string Count(int cases) => string.Create(CultureInfo.InvariantCulture, $"{cases:N0}");
}
