using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Reporting;
using static GwbCloud.Functions.Pages.PageParts;
using Words = GwbCloud.Functions.Pages.PageText.Home;

namespace GwbCloud.Functions.Pages;

/// <summary>Where everything begins: the migrations and the assessments, newest first.</summary>
static class HomePage
{
    public static PageContent Render(IReadOnlyList<MigrationView> migrations, int allMigrations, IReadOnlyList<AssessmentOutcome> shown, PageList<string> assessments, PageVisit visit) => new()
    {
        Title = Words.Title,
        Live = true,
        Announcement = migrations is [var newest, ..] ? Standing.Sentence(new() { View = newest, Now = visit.Now }) : null,
        Body = Html.Of($"""
            <h1>{Words.Heading}</h1>
            {Part("migrations", Section("migrations", Words.Migrations, migrations.Count == 0 ? Empty(Words.NoMigration) : Html.Of($"""
            {(assessments.Page == 1 && migrations[0].State != MigrationState.Ended ? Running(migrations[0], visit) : Nothing)}
            {Table(Words.Migrations, [Words.Migration, Words.State, Words.Stage, Words.Window, Words.Started], migrations.Select(view => (IReadOnlyList<Html>)
            [
                Link(PagePaths.Migration(view.MigrationId), view.MigrationId), Standing.Badge(view), HtmlPage.Text(StageOf(view, visit)),
                Html.Of($"{Time(view.Window.Start)} {PageText.To} {Time(view.Window.End)}"), Time(view.StartedAt),
            ]))}
            {(allMigrations > migrations.Count ? Html.Of($"<p class=\"soft\">{Words.Newest(migrations.Count, allMigrations)}</p>") : Nothing)}
            """)))}
            {Part("assessments", Section("assessments", Words.Assessments, assessments.Total == 0 ? Empty(Words.NoAssessment) : Html.Of($"""
            {Table(Words.Assessments, [Words.Assessment, Words.State, Words.Read, "#" + Words.Migrating, "#" + Words.Blocking, "#" + Words.ToAccept], shown.Select(outcome => (IReadOnlyList<Html>)
            [
                Link(PagePaths.Assessment(outcome.AssessmentId), outcome.AssessmentId), AssessmentOverview.Badge(outcome.State), Time(outcome.ReadAt),
                HtmlPage.Number(outcome.Migrating), HtmlPage.Number(outcome.Blocking), HtmlPage.Number(outcome.ToAccept),
            ]))}
            {assessments.Pager(Words.AssessmentsMany)}
            """)))}
            {Section("operations", Words.Operations, Html.Of($"<p>{Words.OperationsText} {Link(PagePaths.Operations, Words.ToOperations)}</p>"))}
            {(visit.IsOperator ? Html.Of($"""
            <section aria-labelledby="first-look"><h2 id="first-look">{Words.Assess}</h2>
            <p>{Words.AssessText}</p>
            <form data-api="{PagePaths.Api("assessments")}" data-go="{PagePaths.Home}/assessments/" data-go-field="assessmentId" data-keep>
            <details><summary>{Words.WithCanaries}</summary>
            <p class="soft">{Words.CanaryText}</p>
            <fieldset data-object="canaries"><legend>{Words.Canaries}</legend>
            {Canary("new", Words.CanaryNew)}
            {Canary("match", Words.CanaryMatch)}
            {Canary("unassigned", Words.CanaryUnassigned)}
            </fieldset></details>
            <p><button type="submit" disabled>{Words.AssessNow}</button></p>
            </form></section>
            """) : Nothing)}
            """),
    };

    static Html Canary(string name, string label) => Html.Of($"""
        <label>{label}<input name="{name}" id="canary-{name}" pattern="{GuidPattern}" autocomplete="off" spellcheck="false"></label>
        """);

    static Html Running(MigrationView view, PageVisit visit) => Html.Of($"""
        <article class="running">
        {Standing.Render(new() { View = view, Now = visit.Now }, visit)}
        <p><a class="button primary" href="{PagePaths.Migration(view.MigrationId)}">{Words.Open}<span class="unseen"> {view.MigrationId}</span></a></p>
        </article>
        """);

    static string StageOf(MigrationView view, PageVisit visit) =>
        new MigrationLook { View = view, Now = visit.Now }.Current is { } stage && view.State != MigrationState.Ended ? PageText.Stages.Name(stage.Name) : PageText.Dash;
}
