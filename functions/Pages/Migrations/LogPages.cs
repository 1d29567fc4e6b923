using GwbCloud.Functions.Api;
using GwbCloud.Contracts.Exports;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Reporting;
using static GwbCloud.Functions.Pages.PageParts;

namespace GwbCloud.Functions.Pages;

/// <summary>Lists that belong to a migration: the audit log, what stopped the migration, exports that nobody allowed.</summary>
static class LogPages
{
    public static PageContent Audit(MigrationView view, PageList<AuditEntry> list, AuditVerdict verdict, PageVisit visit) => new()
    {
        Title = PageText.Audit.Title,
        Crumbs = MigrationCrumbs.Of(view),
        Live = view.State != MigrationState.Ended && list is { Page: 1, IsNarrowed: false },
        Body = Html.Of($"""
            <h1>{PageText.Audit.Title}</h1>
            <p>{PageText.Audit.What} {(verdict.Intact
                ? PageParts.Badge("fine", Icons.Done, PageText.Audit.Intact)
                : PageParts.Badge("stop", Icons.Warning, PageText.Audit.Broken))}</p>
            {list.Form(list.SearchField(PageText.Audit.Search))}
            {Part("list", Html.Of($"""
            {(list.Total == 0 ? Nothing : Table(PageText.Audit.Title, [PageText.Audit.Number, PageText.Audit.When, PageText.Audit.Who, PageText.Audit.Did, PageText.Audit.Detail], list.Items.Select(entry => (IReadOnlyList<Html>)
            [
                HtmlPage.Number(entry.Number), Time(entry.At), entry.Who == AuditLog.Product ? HtmlPage.Text(PageText.Product) : Person(entry.Who, visit),
                Html.Of($"{PageText.Audit.Deed(entry.What)} <code class=\"id\">{entry.What}</code>"),
                Told(entry, view, visit),
            ])))}
            {list.Pager(PageText.Audit.Lines)}
            """))}
            <p>{Link(PagePaths.Api($"migrations/{view.MigrationId}/audit"), PageText.Audit.Download)}</p>
            """),
    };

    /// <summary>What the line says in words, and the evidence or code where the words don't name it.</summary>
    static Html Told(AuditEntry entry, MigrationView view, PageVisit visit)
    {
        var words = PageText.Audit.Told(entry, view, visit.People);
        return Html.Of($"{Sentence(words)} {(entry.Evidence is { } evidence && !words.Contains(evidence, StringComparison.Ordinal) ? Code(evidence) : Nothing)}");
    }

    public static PageContent Review(MigrationView view, PageList<ReviewItem> list, PageVisit visit) => new()
    {
        Title = PageText.Reviews.Title,
        Crumbs = MigrationCrumbs.Of(view),
        Body = Html.Of($"""
            <h1>{PageText.Reviews.Title}</h1>
            <p>{PageText.Reviews.Why}</p>
            {list.Form(list.SearchField(PageText.Reviews.Search))}
            {Part("list", list.Total == 0 ? list.Pager(PageText.Reviews.Items) : Form(view, list, visit))}
            """),
    };

    public static PageContent Exports(MigrationView view, PageList<OffendingExport> list) => new()
    {
        Title = PageText.Exports.Title,
        Crumbs = MigrationCrumbs.Of(view),
        Body = Html.Of($"""
            <h1>{PageText.Exports.Title}</h1>
            <p>{PageText.Exports.Why}</p>
            {list.Form(list.SearchField(PageText.Exports.Search))}
            {Part("list", Html.Of($"""
            {(list.Total == 0 ? Nothing : Table(PageText.Exports.Title, [PageText.Exports.Object, PageText.Exports.Server, PageText.Exports.Change, PageText.Exports.Reason], list.Items.Select(export => (IReadOnlyList<Html>)
            [
                Html.Of($"{Name(export.DistinguishedName)} <span class=\"soft\">{export.ObjectType}, {export.Connector}</span>"), Name(export.Server), Name(export.Change), Name(export.Why),
            ])))}
            {list.Pager(PageText.Exports.Items)}
            """))}
            """),
    };

    /// <summary>Whoever retries says of each thing that was read whether it is harmless; what is not ticked stops the migration again.</summary>
    static Html Form(MigrationView view, PageList<ReviewItem> list, PageVisit visit)
    {
        var mayAccept = visit.IsOperator && view.State == MigrationState.NeedsAttention;
        var table = Table(PageText.Reviews.Title, [PageText.Reviews.Found, PageText.Reviews.Kind, PageText.Reviews.Harmless], list.Items.Select(item => (IReadOnlyList<Html>)
        [
            Html.Of($"{Name(item.Text)}{(item.Advice is { } advice ? Html.Of($" <span class=\"soft\">{advice}</span>") : Nothing)}"), Code(item.Kind),
            mayAccept ? Html.Of($"<label class=\"check\"><input type=\"checkbox\" name=\"accept\" data-array value=\"{item.Name}\"> {PageText.Reviews.Accept}<span class=\"unseen\">: {item.Text}</span></label>") : Code(item.Name),
        ]));
        return mayAccept
            ? Html.Of($"""
            <form data-api="{PagePaths.Api($"migrations/{view.MigrationId}/retry")}" data-then="{PagePaths.Migration(view.MigrationId)}" data-match="{ViewStamp.Of(view)}">
            {table}
            {ActionPage.Comment(required: true)}
            <p><button type="submit" class="primary" disabled>{PageText.Reviews.Retry}</button></p>
            </form>
            {list.Pager(PageText.Reviews.Items)}
            """)
            : Html.Of($"{table}{list.Pager(PageText.Reviews.Items)}");
    }
}
