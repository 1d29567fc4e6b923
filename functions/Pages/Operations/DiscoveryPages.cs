using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Reporting;
using static GwbCloud.Functions.Pages.PageParts;
using Words = GwbCloud.Functions.Pages.PageText.Discoveries;

namespace GwbCloud.Functions.Pages;

/// <summary>The report over the plan document's items: of an operation, and of an assessment.</summary>
static class DiscoveryPages
{
    public static PageContent Of(OperationView view, DiscoveryReport report) => new()
    {
        Title = Words.Title,
        Crumbs = OperationPages.Crumbs(view),
        Body = Body(report, $"operations/{view.OperationId}/report", withPage: true),
    };

    /// <param name="id">Of the assessment.</param>
    /// <param name="report">Null where the assessment has none.</param>
    public static PageContent Of(string id, DiscoveryReport? report) => new()
    {
        Title = Words.Title,
        Crumbs = AssessmentCrumbs.Of(id),
        Body = report is null ? Html.Of($"<h1>{Words.Title}</h1>{Empty(Words.None)}") : Body(report, $"assessments/{id}/report", withPage: false),
    };

    static Html Body(DiscoveryReport report, string files, bool withPage) => Html.Of($"""
        <header class="page-head"><h1>{Words.Title}</h1><p class="soft">{Words.ReadAt} {Time(report.ReadAt)}</p></header>
        <p>{Words.What} {DiscoveryPage.Summary(report)}</p>
        {Enum.GetValues<DiscoveryPart>().Select(part => Section($"part-{Plain((int)part)}", Words.Part(part), Table(
            Words.Part(part), [Words.Item, Words.Says, Words.Here, Words.Meaning], report.Items.Where(item => item.Part == part).Select(Row))))}
        <ul class="links inline">
        {(withPage ? Html.Of($"<li>{Link(PagePaths.Api($"{files}?format=html"), Words.Report)}</li>") : Nothing)}
        {DiscoveryTables.Columns.Keys.Select(table => Html.Of($"<li><a download href=\"{PagePaths.Api($"{files}?format=csv&table={table}")}\">{table}.csv</a></li>\n"))}
        </ul>
        """);

    static IReadOnlyList<Html> Row(DiscoveryItem item) =>
    [
        Html.Of($"{item.Title} {Badge(DiscoveryPage.ClassOf(item.Standing), item.Standing == DiscoveryStanding.AsDescribed ? Icons.Done : Icons.Warning, Words.Standing(item.Standing))}"),
        Html.Of($"{item.Says}{Also(Words.Default, item.Default)}{Also(Words.Limit, item.Limit)}"),
        Html.Of($"<ul class=\"plain\">{item.Values.Select(value => Html.Of($"<li>{Name(value.Of)}: <strong>{Name(value.Value)}</strong></li>"))}</ul><span class=\"soft\">{Words.ReadFrom}: {item.ReadFrom}</span>"),
        Name(item.Meaning),
    ];

    static Html Also(string what, string? value) => value is null ? Nothing : Html.Of($"<br><span class=\"soft\">{what}: {value}</span>");
}
