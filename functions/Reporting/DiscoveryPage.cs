using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.Reporting;

/// <summary>A discovery on one page, for paper, and as a part of the page of an assessment.</summary>
public static class DiscoveryPage
{
    /// <param name="report">What was read.</param>
    /// <param name="id">Of the operation that read it.</param>
    public static string Render(DiscoveryReport report, string id)
    {
        ArgumentNullException.ThrowIfNull(report);
        return HtmlPage.Render($"Group writeback of {report.Domain}", Html.Of($"""
            <header>
            <h1>Group writeback of {report.Domain}</h1>
            <p class="soft"><code>{id}</code> · read {Words.Time(report.ReadAt)} · tenant <code>{report.Tenant.ToString("D")}</code></p>
            </header>
            <main>
            {Body(report)}
            <h2>The lists in full</h2>
            <ul>
            {DiscoveryTables.Columns.Keys.Select(table => Html.Of($"<li><code>GET /api/operations/{id}/report?format=csv&amp;table={table}</code></li>\n"))}<li><code>GET /api/operations/{id}/report</code></li>
            </ul>
            </main>

            """));
    }

    /// <summary>The items by chapter; headings begin below that of a chapter of the page.</summary>
    internal static Html Body(DiscoveryReport report) => Html.Of($"""
        <p>What the plan document for group writeback says, item by item, beside what this tenant has. {Summary(report)}</p>
        {Enum.GetValues<DiscoveryPart>().Select(part => Html.Of($"""
        <h3>{Words.Of(part)}</h3>
        {report.Items.Where(item => item.Part == part).Select(One)}
        """))}
        """);

    internal static string Summary(DiscoveryReport report)
    {
        return string.Join(" ", Enum.GetValues<DiscoveryStanding>().Select(Count).OfType<string>());

        string? Count(DiscoveryStanding standing) => report.Items.Count(item => item.Standing == standing) is > 0 and var number
            ? $"{Words.Of(standing)}: {Words.Number(number)}." : null;
    }

    static Html One(DiscoveryItem item) => Html.Of($"""
        <section class="finding {ClassOf(item.Standing)}">
        <h4>{item.Title} <span class="badge {ClassOf(item.Standing)}">{Words.Of(item.Standing)}</span></h4>
        <dl>
        <dt>Document</dt><dd>{item.Says}</dd>
        {(item.Default is null ? Html.Of($"") : Html.Of($"<dt>Default</dt><dd>{item.Default}</dd>"))}
        {(item.Limit is null ? Html.Of($"") : Html.Of($"<dt>Limit</dt><dd>{item.Limit}</dd>"))}
        <dt>Here</dt><dd><ul class="names">{item.Values.Select(value => Html.Of($"<li>{HtmlPage.Name(value.Of)}: <strong>{HtmlPage.Name(value.Value)}</strong></li>"))}</ul></dd>
        <dt>Read from</dt><dd>{item.ReadFrom}</dd>
        <dt>Meaning</dt><dd>{HtmlPage.Name(item.Meaning)}</dd>
        </dl>
        </section>

        """);

    internal static string ClassOf(DiscoveryStanding standing) => standing switch
    {
        DiscoveryStanding.AsDescribed => "fine",
        DiscoveryStanding.Changed => "know",
        DiscoveryStanding.Attention => "stop",
        _ => "warn",
    };
}
