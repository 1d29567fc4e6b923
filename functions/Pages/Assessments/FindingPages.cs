using System.Text.Json;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Reporting;
using static GwbCloud.Functions.Pages.PageParts;
using Words = GwbCloud.Functions.Pages.PageText.Findings;

namespace GwbCloud.Functions.Pages;

/// <summary>The findings of an assessment, and one of them with all that it concerns and the way to accept it.</summary>
static class FindingPages
{
    public static PageContent List(string id, PageList<Finding> list) => new()
    {
        Title = Words.Title,
        Crumbs = AssessmentCrumbs.Of(id),
        Body = Html.Of($"""
            <h1>{Words.Title}</h1>
            {list.Form(
                list.SearchField(Words.Search),
                list.Choice("severity", Words.Severity, PageText.Any, Enum.GetValues<FindingSeverity>().Select(severity => (JsonNamingPolicy.CamelCase.ConvertName(severity.ToString()), Reporting.Words.Of(severity)))),
                list.Choice("state", Words.State, PageText.Any, ("open", Words.Open), ("accepted", Words.Accepted)),
                list.Choice("sort", PageText.Sort, "", ("severity", Words.Severity), ("code", Words.Code), ("concerns", Words.Concerns)))}
            {Part("list", Html.Of($"""
            {(list.Total == 0 ? Nothing : Table(Words.Title, [Words.Finding, Words.Severity, "#" + Words.Concerns, Words.Remedy], list.Items.Select(finding => (IReadOnlyList<Html>)
            [
                Html.Of($"<a href=\"{PagePaths.Finding(id, finding.Code)}\">{Name(finding.Title)}</a> <code>{finding.Code}</code>"), State(finding), HtmlPage.Number(finding.Groups), Name(finding.Remedy),
            ])))}
            {list.Pager(Words.Many)}
            """))}
            """),
    };

    public static PageContent One(string id, Finding finding, PageList<Concern> concerned, IReadOnlyList<Acceptance> acceptances, StatementChoice? stating, PageVisit visit) => new()
    {
        Title = finding.Code,
        Crumbs = AssessmentCrumbs.Of(id, new Crumb(Words.Title, PagePaths.Assessment(id, "findings"))),
        Body = Html.Of($"""
            <h1>{Name(finding.Title)}</h1>
            <p>{State(finding)} <code>{finding.Code}</code></p>
            {Facts((Words.Cause, Name(finding.Cause)), (Words.Remedy, Name(finding.Remedy)))}
            {(acceptances.Count == 0 ? Nothing : Section("accepted", Words.AcceptedBy, Html.Of($"<ul>{acceptances.Take(20).Select(acceptance => Html.Of(
                $"<li>{Person(acceptance.By, visit)}{(acceptance.Subject is null ? Nothing : Html.Of($" ({Name(acceptance.Subject)})"))}: {Name(acceptance.Comment)}</li>"))}</ul>")))}
            {(stating is null ? Accept(id, finding, visit) : StatementForms.Render(id, finding.Code, stating, acceptances, visit))}
            {Section("concerned", Words.Concerned, Html.Of($"""
            {concerned.Form(concerned.SearchField(Words.SearchConcerned))}
            {Part("list", Html.Of($"""
            {(concerned.Total == 0 ? Nothing : Table(Words.Concerned, [Words.Name, Words.Detail, Words.Id], concerned.Items.Select(concern => (IReadOnlyList<Html>)
            [
                Name(concern.Name), Name(concern.Detail), Code((concern.CloudId ?? concern.ObjectGuid)?.ToString("D")),
            ])))}
            {concerned.Pager(Words.Cases)}
            """))}
            """))}
            """),
    };

    public static Html Severity(FindingSeverity severity) => PageParts.Badge(
        severity switch { FindingSeverity.Blocks => "stop", FindingSeverity.NeedsAcceptance => "warn", _ => "know" },
        severity == FindingSeverity.ToKnow ? Icons.Info : Icons.Warning, Reporting.Words.Of(severity));

    static Html State(Finding finding) => finding is { Severity: FindingSeverity.NeedsAcceptance, Accepted: true }
        ? PageParts.Badge("fine", Icons.Done, Words.Accepted)
        : Severity(finding.Severity);

    /// <summary>Exactly what was read is accepted, by its set where the finding goes by name.</summary>
    static Html Accept(string id, Finding finding, PageVisit visit)
    {
        if (finding is not { Severity: FindingSeverity.NeedsAcceptance, Accepted: false } || !visit.IsOperator)
        {
            return Nothing;
        }

        return Section("accept", Words.Accept, Html.Of($"""
            <p>{Words.AcceptText(finding.Open > 0 ? finding.Open : finding.Groups)}</p>
            <form data-api="{PagePaths.Api($"assessments/{id}/acceptances")}" data-then="{PagePaths.Finding(id, finding.Code)}">
            <fieldset data-list="acceptances" class="plain"><legend class="unseen">{Words.Accept}</legend>
            <input type="hidden" name="code" value="{finding.Code}">
            {(finding.Set is { } set ? Html.Of($"<input type=\"hidden\" name=\"set\" value=\"{set}\">") : Html.Of($"<input type=\"hidden\" name=\"atMost\" data-number value=\"{Plain(finding.Groups)}\">"))}
            {ActionPage.Comment(required: true)}
            </fieldset>
            <p><button type="submit" class="primary" disabled>{Words.AcceptNow(finding.Open > 0 ? finding.Open : finding.Groups)}</button></p>
            </form>
            """));
    }
}
