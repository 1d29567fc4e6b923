using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.Reporting;

/// <summary>The findings of an assessment, those that block first, each with cause, remedy and whom it concerns.</summary>
static class AssessmentFindings
{
    public static Html Render(AssessmentReport report) => report.Findings.Count == 0
        ? Html.Of($"<p>Nothing was found.</p>\n")
        : Html.Join(Enum.GetValues<FindingSeverity>().Select(severity => Section(report, severity, [.. report.Findings.Where(finding => finding.Severity == severity)])));

    static Html Section(AssessmentReport report, FindingSeverity severity, List<Finding> findings) => findings.Count == 0 ? Html.Of($"") : Html.Of($"""
        <h3>{Words.Of(severity)} ({findings.Count})</h3>
        {findings.Select(finding => One(finding, [.. report.Facts.Request.Acceptances.Where(acceptance => acceptance.Code == finding.Code)]))}
        """);

    static Html One(Finding finding, List<Acceptance> acceptances) => Html.Of($"""
        <section class="finding {ClassOf(finding)}">
        <h4>{finding.Title}{Badge(finding)}</h4>
        <dl>
        <dt>Code</dt><dd><code>{finding.Code}</code></dd>
        <dt>Cause</dt><dd>{finding.Cause}</dd>
        <dt>What to do</dt><dd>{finding.Remedy}</dd>
        <dt>Concerns ({finding.Groups})</dt><dd><ul class="names">{finding.Examples.Select(name => Html.Of($"<li>{HtmlPage.Name(name)}</li>"))}{More(finding)}</ul></dd>
        {(finding.Accepted ? acceptances.Select(acceptance => Html.Of(
            $"<dt>Accepted</dt><dd>{(acceptance.Subject is null ? Html.Of($"") : Html.Of($"{HtmlPage.Name(acceptance.Subject)} "))}by <code>{acceptance.By}</code>: {HtmlPage.Name(acceptance.Comment)}</dd>")) : [])}
        </dl>
        </section>

        """);

    static Html More(Finding finding) => finding.Groups > finding.Examples.Count
        ? Html.Of($"<li class=\"soft\">and {finding.Groups - finding.Examples.Count} more</li>")
        : Html.Of($"");

    static Html Badge(Finding finding) => finding.Severity != FindingSeverity.NeedsAcceptance ? Html.Of($"")
        : finding.Accepted ? Html.Of($"<span class=\"badge fine\">accepted</span>")
        : Html.Of($"<span class=\"badge warn\">to accept</span>");

    static string ClassOf(Finding finding) => finding switch
    {
        { Severity: FindingSeverity.Blocks } => "stop",
        { Severity: FindingSeverity.ToKnow } => "know",
        { Accepted: true } => "fine",
        _ => "warn",
    };
}
