using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Reporting;
using static GwbCloud.Functions.Pages.PageParts;
using Words = GwbCloud.Functions.Pages.PageText.Assessments;

namespace GwbCloud.Functions.Pages;

/// <summary>One assessment: the verdict with what to do next, what the migration touches, and the ways to every list.</summary>
static class AssessmentOverview
{
    const int MostSteps = 12;

    /// <summary>One that has no results: it still reads, or failed.</summary>
    public static PageContent Pending(AssessmentOutcome outcome, DateTimeOffset asked) => new()
    {
        Title = Words.Title(outcome.AssessmentId),
        Crumbs = [new(PageText.Home.Title, PagePaths.Home)],
        Live = outcome.State == AssessmentState.Running,
        Announcement = Words.State(outcome.State),
        Body = Html.Of($"""
            {Head(outcome.AssessmentId, asked)}
            {Part("standing", Html.Of($"""
            <section class="standing {Tone(outcome.State)}" aria-label="{PageText.Migrations.Standing}">
            <p class="word">{Badge(outcome.State)}</p>
            <p class="lead">{Name(outcome.Error ?? Words.StillReads)}</p>
            </section>
            """))}
            """),
    };

    public static PageContent Render(AssessmentReport report, PageVisit visit)
    {
        var (outcome, verdict) = (report.Outcome, Verdict.Of(report));
        return new()
        {
            Title = Words.Title(outcome.AssessmentId),
            Crumbs = [new(PageText.Home.Title, PagePaths.Home)],
            Body = Html.Of($"""
                {Head(outcome.AssessmentId, report.At)}
                <section class="standing {verdict.Class}" aria-label="{PageText.Migrations.Standing}">
                <p class="word">{PageParts.Badge(verdict.Class, verdict.Class == "fine" ? Icons.Done : Icons.Warning, verdict.Word)}</p>
                <p class="lead">{verdict.Meaning}</p>
                <ol>{verdict.Next.Take(MostSteps).Select(step => Html.Of($"<li>{Name(step)}</li>"))}</ol>
                {(verdict.Next.Count > MostSteps ? Html.Of($"<p>{Link(PagePaths.Assessment(outcome.AssessmentId, "findings"), PageText.Findings.AllOf(report.Findings.Count))}</p>") : Nothing)}
                </section>
                <ul class="tiles">
                {Tile(PagePaths.Assessment(outcome.AssessmentId, "groups?class=migrates"), outcome.Migrating, Words.Migrate)}
                {Tile(PagePaths.Assessment(outcome.AssessmentId, "groups?readiness=notReady"), outcome.NotReady, Words.NotReady)}
                {Tile(PagePaths.Assessment(outcome.AssessmentId, "groups?class=freezes"), outcome.Freezing, Words.Freeze)}
                {Tile(PagePaths.Assessment(outcome.AssessmentId, "losses"), outcome.MembersLost, Words.Lost)}
                {Tile(PagePaths.Assessment(outcome.AssessmentId, "groups?class=fallsToV1"), outcome.M365NewlyWritten, Words.Appear)}
                <li><span class="tile"><b>{StagingTime.Hours(outcome.Time!.PredictedStagingSeconds)}</b><span>{Words.Staging}</span></span></li>
                </ul>
                <div class="columns">
                <div>
                {Section("findings", PageText.Findings.Title, Findings(report))}
                {Section("groups", PageText.Groups.Title, Classes(report))}
                </div>
                <div>
                {Section("lists", Words.Lists, Lists(report))}
                {Section("plan", Words.Plan, Plan(report, visit))}
                </div>
                </div>
                """),
        };
    }

    public static Html Badge(AssessmentState state) => PageParts.Badge(Tone(state), state switch
    {
        AssessmentState.Running => Icons.Running,
        AssessmentState.Ready => Icons.Done,
        _ => Icons.Warning,
    }, Words.State(state));

    static string Tone(AssessmentState state) => state switch
    {
        AssessmentState.Running => "know",
        AssessmentState.Ready => "fine",
        AssessmentState.NeedsAcceptance => "warn",
        _ => "stop",
    };

    static Html Head(string id, DateTimeOffset asked) => Html.Of($"""
        <header class="page-head"><h1>{Words.Heading} <code>{id}</code></h1><p class="soft">{Words.Asked} {Time(asked)}</p></header>
        """);

    static Html Tile(string path, int number, string what) => Html.Of($"<li><a class=\"tile\" href=\"{path}\"><b>{number}</b><span>{what}</span></a></li>\n");

    static Html Findings(AssessmentReport report)
    {
        var path = PagePaths.Assessment(report.Outcome.AssessmentId, "findings");
        return report.Findings.Count == 0 ? Empty(PageText.Findings.Nothing) : Html.Of($"""
            <ul class="links">
            {Count(FindingSeverity.Blocks, "blocks")}
            {Count(FindingSeverity.NeedsAcceptance, "needsAcceptance")}
            {Count(FindingSeverity.ToKnow, "toKnow")}
            </ul>
            <p>{Link(path, PageText.Findings.AllOf(report.Findings.Count))}</p>
            """);

        Html Count(FindingSeverity severity, string value) => report.Findings.Where(finding => finding.Severity == severity).ToList() is { Count: > 0 } found
            ? Html.Of($"<li>{FindingPages.Severity(severity)} {Link($"{path}?severity={value}", PageText.Findings.Number(found.Count))}{PageText.Findings.SoFar(severity, found.Count(finding => finding.Accepted), found.Count)}</li>\n")
            : Nothing;
    }

    static Html Classes(AssessmentReport report)
    {
        var tally = report.Tally;
        var present = Enum.GetValues<GroupClass>().Where(kind => tally[kind] > 0).ToList();
        return present.Count == 0 ? Empty(PageText.Groups.Nothing) : Table(PageText.Groups.ByClass, [PageText.Groups.Class, "#" + PageText.Groups.Number, "#" + PageText.Groups.NotReady], present.Select(kind => (IReadOnlyList<Html>)
        [
            Html.Of($"{Link(PagePaths.Assessment(report.Outcome.AssessmentId, $"groups?class={GroupPages.ValueOf(kind)}"), Reporting.Words.Of(kind))}<br><span class=\"soft\">{Reporting.Words.Meaning(kind)}</span>"),
            HtmlPage.Number(tally[kind]), HtmlPage.Number(tally[kind, Readiness.NotReady]),
        ]));
    }

    static Html Lists(AssessmentReport report)
    {
        var id = report.Outcome.AssessmentId;
        return Html.Of($"""
            <ul class="links">
            <li>{Link(PagePaths.Assessment(id, "findings"), PageText.Findings.Title)}</li>
            <li>{Link(PagePaths.Assessment(id, "groups"), PageText.Groups.Title)}</li>
            <li>{Link(PagePaths.Assessment(id, "names"), PageText.Names.Title)}</li>
            <li>{Link(PagePaths.Assessment(id, "losses"), PageText.Losses.Title)}</li>
            <li>{Link(PagePaths.Assessment(id, "tasks"), PageText.Risks.Link(report.Outcome.Tasks?.Count ?? 0))}</li>
            <li>{Link(PagePaths.Assessment(id, "discovery"), PageText.Discoveries.Title)}</li>
            <li>{Link(PagePaths.Assessment(id, "comparison"), PageText.Comparisons.Title)}</li>
            <li>{Link(PagePaths.Api($"assessments/{id}/report?format=html"), Words.Report)}</li>
            </ul>
            <h3>{Words.Tables}</h3>
            <ul class="links inline">{AssessmentTables.Columns.Keys.Select(table => Html.Of($"<li><a download href=\"{PagePaths.Api($"assessments/{id}/report?format=csv&table={table}")}\">{table}.csv</a></li>\n"))}</ul>
            """);
    }

    static Html Plan(AssessmentReport report, PageVisit visit)
    {
        var outcome = report.Outcome;
        return outcome.PlanHash is not { } hash ? Empty(Words.NoPlan) : Html.Of($"""
            {Facts((Words.Hash, Copyable(hash)), (Words.Valid, outcome.ValidUntil is { } until ? Until(until, visit.Now) : Nothing), (Words.Accepted, HtmlPage.Number(report.Facts.Request.Acceptances.Count)))}
            {(outcome.State == AssessmentState.Ready && visit.IsOperator ? Html.Of($"<p><a class=\"button primary\" href=\"{PagePaths.Assessment(outcome.AssessmentId, "start")}\">{Words.Start}</a></p>") : Nothing)}
            """);
    }
}
