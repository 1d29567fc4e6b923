using GwbCloud.Contracts;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.CleanUp;
using GwbCloud.Functions.Operations.Discover;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Reporting;
using static GwbCloud.Functions.Pages.PageParts;
using Words = GwbCloud.Functions.Pages.PageText.Operations;

namespace GwbCloud.Functions.Pages;

/// <summary>An operation as its page looks at it.</summary>
sealed record OperationLook
{
    public required OperationView View { get; init; }

    /// <summary>The first of the changes.</summary>
    public required IReadOnlyList<ValueChange> Preview { get; init; }

    /// <summary>Why the reader may not approve, where somebody must.</summary>
    public Refusal? Objection { get; init; }
    public KeptSignIn? SignIn { get; init; }
}

/// <summary>The list of operations, one of them, and its lists.</summary>
static class OperationPages
{
    public static PageContent All(IReadOnlyList<OperationView> shown, PageList<string> list, PageVisit visit) => new()
    {
        Title = Words.Title,
        Crumbs = [new(PageText.Home.Title, PagePaths.Home)],
        Live = true,
        Body = Html.Of($"""
            <h1>{Words.Title}</h1>
            <p>{Words.What}</p>
            {Part("list", shown.Count == 0 ? PageParts.Empty(Words.None) : Html.Of($"""
            {Table(Words.Title, [Words.Operation, Words.State, "#" + Words.Values, Words.RequestedBy, Words.Asked], shown.Select(view => (IReadOnlyList<Html>)
            [
                Link(PagePaths.Operation(view.OperationId), Words.Kind(view.Kind)), Badge(view), HtmlPage.Number(view.Plan?.Total ?? 0), Person(view.RequestedBy, visit), Time(view.AskedAt),
            ]))}
            {list.Pager(Words.Many)}
            """))}
            {(visit.IsOperator ? Section("plan", Words.PlanOne, OperationForms.All) : Nothing)}
            """),
    };

    public static PageContent One(OperationLook look, PageVisit visit)
    {
        var view = look.View;
        return new()
        {
            Title = Words.Kind(view.Kind),
            Crumbs = Crumbs(),
            Live = true,
            Announcement = Words.Sentence(view),
            Body = Html.Of($"""
                <h1>{Words.Kind(view.Kind)}</h1>
                {Part("standing", Standing(view))}
                {Part("tasks", Tasks(view, visit))}
                {Part("approval", Approval(look, visit))}
                {Part("actions", visit.IsOperator ? Actions(view) : Nothing)}
                {(view.Plan is { } plan ? Part("plan", Plan(view, plan, look.Preview)) : Nothing)}
                {Part("notices", view.Notices.Count == 0 ? Nothing : Section("notices", Words.Notices, Html.Of($"<ul>{view.Notices.Select(notice => Html.Of($"<li><code>{notice.Code}</code> {Sentence(notice.Message)} {Name(notice.Remedy)}</li>"))}</ul>")))}
                {Facts(
                    (Words.Operation, Code(view.OperationId)), (Words.RequestedBy, Person(view.RequestedBy, visit)), (Words.Asked, Time(view.AskedAt)),
                    (Words.StartedBy, view.StartedBy is null ? HtmlPage.Text(PageText.Dash) : Person(view.StartedBy, visit)), (Words.Ended, Time(view.EndedAt)))}
                <ul class="links">{Links(view, visit)}<li><a download="{view.OperationId}.jsonl" href="{PagePaths.Api($"operations/{view.OperationId}/audit")}">{Words.Audit}</a></li></ul>
                {Part("deliveries", view.Deliveries is { } sent ? MigrationOverview.Deliveries(sent) : Nothing)}
                """),
        };
    }

    public static PageContent Changes(OperationView view, PageList<ValueChange> list) => new()
    {
        Title = Words.Changes,
        Crumbs = Crumbs(view),
        Body = Html.Of($"""
            <h1>{Words.Changes}</h1>
            {list.Form(list.SearchField(Words.Search))}
            {Part("list", Html.Of($"""
            {(list.Total == 0 ? Nothing : ChangeTable(list.Items))}
            {list.Pager(Words.ChangesMany)}
            """))}
            """),
    };

    public static PageContent Values(string title, OperationView view, PageList<LeftValue> list) => new()
    {
        Title = title,
        Crumbs = Crumbs(view),
        Body = Html.Of($"""
            <h1>{title}</h1>
            {list.Form(list.SearchField(Words.Search))}
            {Part("list", Html.Of($"""
            {(list.Total == 0 ? Nothing : Table(title, [Words.Target, Words.Why, Words.ObjectId], list.Items.Select(left => (IReadOnlyList<Html>)[Name(left.Name ?? left.Target), Name(left.Why), Code(left.Target)])))}
            {list.Pager(Words.ValuesMany)}
            """))}
            """),
    };

    /// <summary>What is left as it is: by the plan before the first run, by the last run after it.</summary>
    public static DocumentReference? LeftOf(OperationView view) => view.Run == 0 ? view.Plan?.Draft.LeftOut : view.Left;

    internal static IReadOnlyList<Crumb> Crumbs(OperationView? below = null) =>
    [
        new(PageText.Home.Title, PagePaths.Home), new(Words.Title, PagePaths.Operations),
        .. below is null ? (Crumb[])[] : [new(Words.Kind(below.Kind), PagePaths.Operation(below.OperationId))],
    ];

    static Html Standing(OperationView view) => Html.Of($"""
        <section class="standing {Tone(view)}" aria-label="{Words.State}">
        <p class="word">{Badge(view)}</p>
        <p class="lead">{Words.Sentence(view)}</p>
        {(view.Run > 0 && view.Total > 0 ? Html.Of($"{Progress(Words.Progress, view.Done, view.Total)}<p>{Words.Share(view.Done, view.Total)}. {Words.Written}: {HtmlPage.Number(view.Written)}</p>") : Nothing)}
        {(LeftOf(view) is { Count: > 0 } left ? Html.Of($"<p>{Words.Left}: {Link(PagePaths.Operation(view.OperationId, "left"), PageParts.Plain(left.Count))}</p>") : Nothing)}
        </section>
        """);

    /// <summary>What a person does outside of this; nobody says that it is done, it is read back.</summary>
    static Html Tasks(OperationView view, PageVisit visit) => Html.Join((view.State == OperationState.Ended ? [] : view.Tasks.Where(task => task.State == TaskState.Open)).Select(task => Section(task.Id, Words.Tasks, Html.Of($"""
        <h3>{Sentence(task.Title)}</h3>
        <p>{Sentence(task.Why)}</p>
        <ol class="steps">{task.Steps.Select(step => Html.Of($"<li>{Sentence(step)}</li>"))}</ol>
        {Html.Join(task.Commands.Select(TaskPages.Command))}
        {Facts([
            (PageText.Tasks.Server, Name(task.Server)), (PageText.Tasks.Deadline, Until(task.Deadline, visit.Now)), (PageText.Tasks.Read, Sentence(task.Reads)), (PageText.Tasks.ReadAt, Time(task.ReadAt)),
            .. task.CheckedBy is { } who ? [(PageText.Tasks.LastAsked, Html.Of($"{Person(who, visit)}, {Time(task.CheckedAt)}"))] : Array.Empty<(string, Html)>(),
        ])}
        {TaskPages.Check($"operations/{view.OperationId}/tasks/{Uri.EscapeDataString(task.Id)}", visit)}
        """))));

    static Html Plan(OperationView view, OperationPlan plan, IReadOnlyList<ValueChange> preview) => Html.Of($"""
        {Section("found", Words.Plan, Html.Of($"""
        {Table(Words.Plan, [Words.Fact, Words.Value], plan.Draft.Facts.Select(fact => (IReadOnlyList<Html>)[HtmlPage.Text(fact.Name), Name(fact.Value)]))}
        {Facts((Words.PlannedAt, Time(plan.PlannedAt)), (Words.ValidUntil, Time(plan.ValidUntil)), (Words.Hash, Copyable(view.PlanHash ?? "")))}
        """))}
        {(plan.Draft.Consequences.Count == 0 ? Nothing : Section("follows", Words.Consequences, Html.Of($"<ul class=\"consequences\">{plan.Draft.Consequences.Select(text => Html.Of($"<li>{Name(text)}</li>"))}</ul>")))}
        {(plan.Draft.Affected is { Count: > 0 } affected ? Section("affected", Words.Affected, Html.Of($"<p>{Link(PagePaths.Operation(view.OperationId, "affected"), Words.AffectedCount(affected.Count))}</p>")) : Nothing)}
        {(view.Kind == DiscoverOperation.Name ? Nothing : Section("undo", Words.UndoHead, Html.Of($"<p>{plan.Draft.Undo ?? Words.NoUndo}</p>")))}
        {(preview.Count == 0 ? Nothing : Section("changes", Words.Changes, Html.Of($"""
        {ChangeTable(preview)}
        <p>{Words.Share(preview.Count, plan.Total)}. {Link(PagePaths.Operation(view.OperationId, "changes"), Words.ToChanges)}</p>
        """)))}
        """);

    /// <summary>What else there is of it: the report of a discovery, the script of a clean-up, the findings of a restore and, for operators, its files.</summary>
    static Html Links(OperationView view, PageVisit visit) => view switch
    {
        { Plan.Draft.Report: null } or { Plan: null } => Nothing,
        { Kind: DiscoverOperation.Name } => Html.Of($"<li>{Link(PagePaths.Operation(view.OperationId, "report"), PageText.Discoveries.Title)}</li>"),
        { Kind: CleanUpOperation.Name } => Html.Of($"<li><a download href=\"{PagePaths.Api($"operations/{view.OperationId}/report?format=rules")}\">{PageText.Migrations.RulesScript}</a></li>"),
        _ when view.Plan.Draft.Changes is null || !visit.IsOperator => Html.Of($"<li>{Report(view)}</li>"),
        _ => Html.Of($"""
            <li>{Report(view)}</li>
            {Words.RepairFiles.Select(file => Html.Of($"<li><a download=\"{file.Name}\" href=\"{PagePaths.Api($"operations/{view.OperationId}/repair?format={file.Format}")}\">{file.Text}</a></li>"))}
            """),
    };

    static Html Report(OperationView view) => Html.Of($"<a download=\"{view.OperationId}.json\" href=\"{PagePaths.Api($"operations/{view.OperationId}/report")}\">{Words.RestoreReport}</a>");

    static Html ChangeTable(IEnumerable<ValueChange> changes) => Table(Words.Changes, [Words.Target, Words.Before, Words.After, Words.ObjectId], changes.Select(change => (IReadOnlyList<Html>)
    [
        Name(change.Name ?? change.Target), HtmlPage.Text(change.Before), HtmlPage.Text(change.After), Code(change.Target),
    ]));

    static Html Actions(OperationView view)
    {
        List<Html> forms = [];
        if (OperationVerbs.Refusal(view, OperationVerb.Start) is null && !OperationVerbs.WaitsForApproval(view))
        {
            forms.Add(Html.Of($"""
                <form data-api="{PagePaths.Api($"operations/{view.OperationId}/start")}">
                <input type="hidden" name="planHash" value="{view.PlanHash}">
                <p><button type="submit" class="primary" disabled>{(view.Run == 0 ? Words.Start : Words.GoOn)}</button></p>
                </form>
                """));
        }

        if (OperationVerbs.Refusal(view, OperationVerb.Stop) is null) { forms.Add(Bare(view, "stop", Words.Stop, "danger")); }
        if (OperationVerbs.Refusal(view, OperationVerb.Undo) is null) { forms.Add(Bare(view, "undo", Words.Undo, "danger")); }
        return forms.Count == 0 ? Nothing : Section("act", Words.Actions, Html.Of($"{forms}"));
    }

    static Html Bare(OperationView view, string verb, string text, string tone) => Html.Of($"""
        <form data-api="{PagePaths.Api($"operations/{view.OperationId}/{verb}")}" data-empty><p><button type="submit" class="{tone}" disabled>{text}</button></p></form>
        """);

    static Html Approval(OperationLook look, PageVisit visit)
    {
        var (view, plan) = (look.View, look.View.Plan);
        if (plan is not { NeedsApproval: true }) { return Nothing; }
        var dangers = Html.Of($"<p>{Words.Dangers}:</p><ul class=\"consequences\">{plan.Draft.Dangers.Select(text => Html.Of($"<li>{Name(text)}</li>"))}</ul>");
        if (view.Decision is { } made)
        {
            return Section("approval-head", Words.Approval, Html.Of($"""
                {dangers}
                <p>{(made.Decision == ApprovalDecision.Approve ? PageText.Gates.Of(ApprovalDecision.Approve) : PageText.Gates.Of(ApprovalDecision.Deny))}: {Person(made.By, visit)}, {Time(made.At)}. {Name(made.Comment)}</p>
                """));
        }

        return !OperationVerbs.WaitsForApproval(view) ? Nothing : Section("approval-head", Words.Approval, Html.Of($"""
            {dangers}
            <p>{Words.Waits}</p>
            {(visit.Request.Query["problem"] is [{ } code] && ErrorTable.Find(code) is { } problem ? Html.Of($"<p class=\"late\">{Words.NotSigned} <code>{problem.Code}</code> {problem.Message}</p>") : Nothing)}
            {(!visit.IsApprover ? Nothing
                : look.Objection is { } objection ? Html.Of($"<p>{Words.NotYou} {Name(objection.Message)}</p>")
                : look.SignIn is { Used: false, IdToken: not null } kept && kept.Until > visit.Now ? Confirm(view, kept)
                : SignIn(view))}
            """));
    }

    static Html SignIn(OperationView view) => Html.Of($"""
        <p>{Words.SignInText}</p>
        <form data-api="{PagePaths.Api($"operations/{view.OperationId}/sign-ins")}" data-return data-go-address>
        <input type="hidden" name="planHash" value="{view.PlanHash}">
        <fieldset><legend>{Words.Choose}</legend>
        <p><label class="check"><input type="radio" name="decision" value="approve" required> {Words.Approve}</label></p>
        <p><label class="check"><input type="radio" name="decision" value="deny" required> {Words.Deny}</label></p>
        </fieldset>
        {ActionPage.Comment(required: false)}
        <p><button type="submit" class="primary" disabled>{Words.SignIn}</button></p>
        </form>
        """);

    static Html Confirm(OperationView view, KeptSignIn kept) => Html.Of($"""
        <div class="confirm">
        <h3>{Words.Confirm}: {PageText.Gates.Of(SignedDecision.Read(new() { Record = kept.Record!, IdToken = "" })?.Record.Decision ?? ApprovalDecision.Deny)}</h3>
        {Facts((Words.Comment, Name(kept.Comment)), (Words.SignInUntil, Time(kept.Until)))}
        <form data-api="{PagePaths.Api($"operations/{view.OperationId}/decisions")}" data-then="{PagePaths.Operation(view.OperationId)}">
        <input type="hidden" name="signIn" value="{kept.Id}">
        <p><button type="submit" class="primary" disabled>{Words.DecideNow}</button> {Link(PagePaths.Operation(view.OperationId), Words.NotAfterAll)}</p>
        </form>
        </div>
        """);

    static Html Badge(OperationView view) => PageParts.Badge(Tone(view), view.State switch
    {
        OperationState.Planning or OperationState.Running => Icons.Running,
        OperationState.Undoing => Icons.Undone,
        OperationState.Planned => Icons.Waiting,
        _ => view.Outcome switch
        {
            OperationOutcome.Completed or OperationOutcome.NothingToDo => Icons.Done,
            OperationOutcome.Undone => Icons.Undone,
            OperationOutcome.Denied or OperationOutcome.Expired => Icons.Skipped,
            _ => Icons.Warning,
        },
    }, Words.Word(view));

    static string Tone(OperationView view) => view.State switch
    {
        OperationState.Planning or OperationState.Running => "know",
        OperationState.Planned or OperationState.Undoing => "warn",
        _ => view.Outcome switch
        {
            OperationOutcome.Completed or OperationOutcome.NothingToDo or OperationOutcome.Undone => "fine",
            OperationOutcome.Denied or OperationOutcome.Expired => "calm",
            _ => "stop",
        },
    };
}
