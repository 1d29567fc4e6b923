using GwbCloud.Functions.Api;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Reporting;
using static GwbCloud.Functions.Pages.PageParts;
using Words = GwbCloud.Functions.Pages.PageText.Migrations;

namespace GwbCloud.Functions.Pages;

/// <summary>One migration: how it stands, what waits for a person, the stages from first to last, and what can be asked of it.</summary>
static class MigrationOverview
{
    const int MostTasks = 5;
    const int MostOrphans = 20;

    public static PageContent Render(MigrationLook look, PageVisit visit)
    {
        var view = look.View;
        return new()
        {
            Title = Words.Title(view.MigrationId),
            Crumbs = [new(PageText.Home.Title, PagePaths.Home)],
            Live = view.State != MigrationState.Ended,
            Announcement = Moments.InWords(Standing.Sentence(look)),
            Body = Html.Of($"""
                {Part("head", Html.Of($"""
                <header class="page-head">
                <h1>{Words.Heading} <code>{view.MigrationId}</code></h1>
                </header>
                """))}
                {Part("standing", Standing.Render(look, visit))}
                {Part("needs", Needs(look, visit))}
                <div class="columns three">
                <div class="first">
                {Part("actions", Actions(look, visit))}
                {Part("notices", Notices(view))}
                {Part("deliveries", view.Deliveries is { } sent ? Deliveries(sent) : Nothing)}
                </div>
                {Part("timeline", Section("stages", Words.Stages, Timeline.Render(look)))}
                <div>
                {Part("facts", Section("facts", Words.Facts, Facts(
                    (Words.Window, Html.Of($"{Time(view.Window.Start)} {PageText.To} {Time(view.Window.End)}")),
                    (Words.Change, HtmlPage.Text(view.Window.ChangeNumber ?? PageText.None)),
                    (Words.RequestedBy, Person(view.RequestedBy, visit)),
                    (Words.Started, Time(view.StartedAt)),
                    (view.EndedAt is null ? Words.Changed : Words.Ended, Time(view.EndedAt ?? view.UpdatedAt)),
                    (Words.Plan, Link(PagePaths.Assessment(view.AssessmentId), view.AssessmentId)))))}
                {Part("more", More(view))}
                </div>
                </div>
                """),
        };
    }

    /// <summary>What waits for a person, most urgent first. Nothing stands here when nothing does.</summary>
    static Html Needs(MigrationLook look, PageVisit visit)
    {
        var view = look.View;
        var tasks = look.OpenTasks;
        var cards = new List<Html>();
        if (view.Gate is { } gate)
        {
            cards.Add(Card("gate", "warn", Icons.Waiting, PageText.Gates.Title(gate.Gate), Html.Of($"""
                <p>{PageText.Gates.Approved(gate.Approved, gate.Required)} {PageText.Gates.Closes} {Until(gate.Deadline, look.Now)}.</p>
                """), PagePaths.Gate(view.MigrationId, GatePage.NameOf(gate.Gate)), visit.IsApprover ? PageText.Gates.ReadAndDecide : PageText.Gates.Read));
        }

        cards.AddRange(tasks.Take(MostTasks).Select(task => Card($"task-{task.Id}", task.State == TaskState.Overdue || task.Deadline < look.Now ? "stop" : "warn", Icons.Person, task.Title, Html.Of($"""
            <p>{PageText.Tasks.Due} {Until(task.Deadline, look.Now)}.</p>
            {(task.Reads is null ? Nothing : Html.Of($"<p class=\"soft\">{PageText.Tasks.Read}: {PageParts.Sentence(task.Reads)}</p>"))}
            """), PagePaths.Task(view.MigrationId, task.Id), PageText.Tasks.Open)));
        if (tasks.Count > MostTasks)
        {
            cards.Add(Html.Of($"<p>{Link(PagePaths.Migration(view.MigrationId, "tasks"), PageText.Tasks.All(view.Tasks.Count))}</p>"));
        }

        if (view.Hold is { } hold)
        {
            cards.Add(Card("hold", "warn", Icons.Waiting, PageText.Tasks.Held(PageText.Stages.Name(hold.Before)), Html.Of($"""
                <p>{PageText.Tasks.HeldSince} {Time(hold.Since)}. {PageText.Tasks.HeldUntil} {Until(hold.Until, look.Now)}.</p>
                """), PagePaths.Action(view.MigrationId, "release"), PageText.Verbs.Name(OperatorAction.Release)));
        }

        if (view.Review is { } review && view.State == MigrationState.NeedsAttention)
        {
            cards.Add(Card("review", "stop", Icons.Warning, PageText.Reviews.Waiting(review.Count), Html.Of($"<p>{PageText.Reviews.Why}</p>"), PagePaths.Migration(view.MigrationId, "review"), PageText.Reviews.Open));
        }

        return cards.Count == 0 ? Nothing : Section("needs-you", Words.NeedsSomebody, Html.Of($"<div class=\"cards\">{cards}</div>"));
    }

    /// <summary>Messages link to a card by its id.</summary>
    static Html Card(string id, string tone, Html icon, string title, Html text, string path, string button) => Html.Of($"""
        <article class="card {tone}" id="{id}">
        <h3>{icon}{PageParts.Sentence(title)}</h3>
        {text}
        <p><a class="button primary" href="{path}">{button}<span class="unseen">: {Moments.InWords(title)}</span></a></p>
        </article>

        """);

    static Html Actions(MigrationLook look, PageVisit visit)
    {
        if (look.Offered.Count == 0)
        {
            return Nothing;
        }

        return Section("actions", Words.Actions, visit.IsOperator
            ? Html.Of($"<ul class=\"actions\">{look.Offered.Select(action => Html.Of($"""
                <li><a class="button{(action == OperatorAction.Stop ? " danger" : "")}" href="{PagePaths.Action(look.View.MigrationId, OperatorDesk.NameOf(action))}">{(action == OperatorAction.Stop ? Icons.Stop : Nothing)}{PageText.Verbs.Name(action)}</a>
                <span class="soft">{PageText.Verbs.Short(action, MigrationVerbs.StateOf(look.View))}</span></li>
                """))}</ul>")
            : Html.Of($"<p class=\"soft\">{Words.OperatorsOnly}</p>"));
    }

    static Html More(MigrationView view)
    {
        var id = view.MigrationId;
        return Section("more", Words.More, Html.Of($"""
            <ul class="links">
            <li>{Link(PagePaths.Assessment(view.AssessmentId), Words.ToPlan)}</li>
            <li>{Link(PagePaths.Migration(id, "tasks"), PageText.Tasks.All(view.Tasks.Count))}</li>
            {(view.Review is { } review ? Html.Of($"<li>{Link(PagePaths.Migration(id, "review"), PageText.Reviews.Link(review.Count))}</li>") : Nothing)}
            {(view.Exports.Count > 0 ? Html.Of($"<li>{Link(PagePaths.Migration(id, "exports"), PageText.Exports.Link(view.Exports.Sum(look => look.Offending.Count)))}</li>") : Nothing)}
            <li>{Link(PagePaths.Migration(id, "audit"), PageText.Audit.Title)}</li>
            <li id="report">{Link(PagePaths.Api($"migrations/{id}/report?format=html"), Words.Report)}</li>
            {(view.Outcome != MigrationOutcome.Completed ? Nothing : Html.Of($"""
            <li>{Link(PagePaths.Operations, Words.CleanUp)}</li>
            <li><a download href="{PagePaths.Api($"migrations/{id}/report?format=rules")}">{Words.RulesScript}</a></li>
            """))}
            </ul>
            <h3>{PageText.Assessments.Tables}</h3>
            <ul class="links inline">{MigrationTables.Columns.Keys.Select(table => Html.Of($"<li><a download href=\"{PagePaths.Api($"migrations/{id}/report?format=csv&table={table}")}\">{table}.csv</a></li>\n"))}</ul>
            {(view.Orphans.Count == 0 ? Nothing : Html.Of($"""
            <h3>{Words.Orphans(view.Orphans.Count)}</h3>
            <ul class="names">{view.Orphans.Take(MostOrphans).Select(orphan => Html.Of($"<li>{Name(orphan.DistinguishedName)}</li>"))}</ul>
            """))}
            """));
    }

    /// <summary>That a message did not arrive is told here, because nowhere else it can be.</summary>
    internal static Html Deliveries(DeliveriesView sent) => Section("deliveries", Words.Messages, Html.Of($"""
        <p>{Words.Delivered(sent.Delivered, sent.Waiting)}</p>
        {(sent.Failed.Count == 0 ? Nothing : Html.Of($"""
        <p>{PageParts.Badge("warn", Icons.Warning, Words.NotDelivered(sent.Failed.Count))}</p>
        <ul class="notices">{sent.Failed.Reverse().Select(failed => Html.Of($"<li><p>{PageParts.Sentence(failed.Title)} <span class=\"soft\">{Name(failed.Channel)}, {Time(failed.At)}</span></p><p class=\"soft\"><code>{failed.Reason.Code}</code> {Name(failed.Reason.Message)}</p></li>"))}</ul>
        """))}
        """));

    static Html Notices(MigrationView view) => Section("notices", Words.Notices, view.Notices.Count == 0
        ? Empty(Words.NoNotices)
        : Html.Of($"""
        <ol class="notices">{view.Notices.Reverse().Select(notice => Html.Of($"""
        <li><p><code>{notice.Code}</code> {PageParts.Sentence(notice.Message)}</p>{(notice.Remedy is null ? Nothing : Html.Of($"<p class=\"soft\">{PageParts.Sentence(notice.Remedy)}</p>"))}</li>
        """))}</ol>
        """));
}
