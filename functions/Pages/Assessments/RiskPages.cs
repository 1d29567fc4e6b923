using GwbCloud.Functions.Assessment.Risks;
using GwbCloud.Functions.Reporting;
using static GwbCloud.Functions.Pages.PageParts;
using Words = GwbCloud.Functions.Pages.PageText.Risks;

namespace GwbCloud.Functions.Pages;

/// <summary>The groups at risk as tasks, and one of them.</summary>
static class RiskPages
{
    public static PageContent List(string id, PageList<RiskTask> list) => new()
    {
        Title = Words.Title,
        Crumbs = AssessmentCrumbs.Of(id),
        Body = Html.Of($"""
            <h1>{Words.Title}</h1>
            <p>{Words.What}</p>
            {list.Form(list.SearchField(PageText.Groups.Search), list.Choice("state", PageText.Tasks.State, PageText.Any, ("open", Words.Open), ("done", Words.Done)))}
            {Part("list", Html.Of($"""
            {(list.Total == 0 ? Nothing : Table(Words.Title, [PageText.Tasks.Task, PageText.Tasks.State, PageText.Tasks.Read, Words.ReadAt], list.Items.Select(task => (IReadOnlyList<Html>)
            [
                Html.Of($"<a href=\"{PagePaths.Risk(id, task.Id)}\"><bdi>{task.Title}</bdi></a>"), State(task), Name(task.Reads), Time(task.ReadAt),
            ])))}
            {list.Pager(PageText.Tasks.Many)}
            """))}
            """),
    };

    public static PageContent One(string id, RiskTask task, PageVisit visit)
    {
        var api = $"assessments/{id}/tasks/{Uri.EscapeDataString(task.Id)}";
        var open = task.State == RiskTaskState.Open;
        return new()
        {
            Title = task.Title,
            Crumbs = AssessmentCrumbs.Of(id, new Crumb(Words.Title, PagePaths.Assessment(id, "tasks"))),
            Live = open,
            Announcement = task.Reads,
            Body = Html.Of($"""
                <h1><bdi>{task.Title}</bdi></h1>
                <p class="lead">{Name(task.Why)}</p>
                {Part("state", Html.Of($"""
                <section class="standing {(open ? "warn" : "fine")}" aria-label="{PageText.Tasks.State}">
                <p class="word">{State(task)}</p>
                <p class="lead"><span class="soft">{PageText.Tasks.Read}:</span> {Name(task.Reads)}</p>
                {Facts((Words.ReadAt, Time(task.ReadAt)), (Words.Object, Name(task.DistinguishedName)), (PageText.Findings.Id, Copyable(task.CloudId.ToString("D"))))}
                </section>
                """))}
                {Section("steps", PageText.Tasks.Steps, Html.Of($"<ol class=\"steps\">{task.Steps.Select(step => Html.Of($"<li>{Name(step)}</li>"))}</ol>"))}
                {(task.Script is { } script ? Section("files", PageText.Tasks.Files, Html.Of($"<ul class=\"links\"><li><a download href=\"{PagePaths.Api($"{api}/script")}\">{script}.ps1</a></li></ul>")) : Nothing)}
                {Part("check", !open || !visit.IsOperator ? Nothing : Section("check", PageText.Tasks.WhenDone, Html.Of($"""
                <p>{Words.CheckText}</p>
                <form data-api="{PagePaths.Api($"{api}/check")}" data-done="{PageText.Tasks.Asked}"><p><button type="submit" class="primary" disabled>{PageText.Tasks.Check}</button></p></form>
                """)))}
                """),
        };
    }

    static Html State(RiskTask task) => task.State == RiskTaskState.Open ? PageParts.Badge("warn", Icons.Person, Words.Open) : PageParts.Badge("fine", Icons.Done, Words.Done);
}
