using GwbCloud.Functions.Api;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Reporting;
using static GwbCloud.Functions.Pages.PageParts;
using Words = GwbCloud.Functions.Pages.PageText.Starts;

namespace GwbCloud.Functions.Pages;

/// <summary>Starting a migration: a sign-in for the plan's hash, then the window and what is confirmed by name.</summary>
static class StartPage
{
    public static PageContent Render(AssessmentOutcome outcome, MigrationPlan plan, PageVisit visit)
    {
        var signIn = visit.Request.Query["signIn"] is [{ Length: > 0 } id] && visit.Request.Query["problem"].Count == 0 ? id : null;
        return new()
        {
            Title = Words.Title,
            Crumbs = AssessmentCrumbs.Of(outcome.AssessmentId),
            Body = Html.Of($"""
                <h1>{Words.Title}</h1>
                {Facts(
                    (Words.Domain, Name(plan.Domain)),
                    (PageText.Assessments.Hash, Copyable(outcome.PlanHash ?? "")),
                    (PageText.Home.Migrating, HtmlPage.Number(outcome.Migrating)),
                    (Words.Staging, HtmlPage.Text(Span(TimeSpan.FromSeconds(plan.Time.PredictedStagingSeconds)))))}
                {(visit.Request.Query["problem"] is [{ } code] && Errors.ErrorTable.Find(code) is { } problem ? Html.Of($"<section class=\"standing stop\" aria-label=\"{Words.NotSigned}\"><p class=\"lead\">{Words.NotSigned}</p><p><code>{problem.Code}</code> {problem.Message}</p></section>") : Nothing)}
                {(!visit.IsOperator ? Html.Of($"<p>{PageText.Migrations.OperatorsOnly}</p>")
                    : outcome.State != AssessmentState.Ready ? Html.Of($"<p>{Words.NotReady}</p>")
                    : signIn is null ? SignIn(outcome)
                    : Start(outcome, signIn))}
                """),
        };
    }

    static Html SignIn(AssessmentOutcome outcome) => Section("sign-in", Words.First, Html.Of($"""
        <p>{Words.FirstText}</p>
        <form data-api="{PagePaths.Api($"assessments/{outcome.AssessmentId}/sign-ins")}" data-return data-go-address>
        <input type="hidden" name="planHash" value="{outcome.PlanHash}">
        <p><button type="submit" class="primary" disabled>{Words.SignIn}</button></p>
        </form>
        """));

    static Html Start(AssessmentOutcome outcome, string signIn) => Section("start", Words.Second, Html.Of($"""
        <form data-api="{PagePaths.Api("migrations")}" data-go="{PagePaths.Home}/migrations/" data-go-field="migrationId" data-keep>
        <input type="hidden" name="assessmentId" value="{outcome.AssessmentId}">
        <input type="hidden" name="planHash" value="{outcome.PlanHash}">
        <span data-object="proof"><input type="hidden" name="signIn" value="{signIn}"></span>
        <fieldset data-object="window"><legend>{Words.Window}</legend>
        <p class="soft">{Words.WindowText}</p>
        <label>{Words.From}<input type="datetime-local" name="start" id="start-at" data-moment required></label>
        <label>{Words.Until}<input type="datetime-local" name="end" id="end-at" data-moment required></label>
        <label>{Words.Change}<input name="changeNumber" id="change" maxlength="64" autocomplete="off"></label>
        <details><summary>{Words.More}</summary>
        {Entries("blackouts", Words.Blackouts, Html.Of($"""
        <label>{Words.From}<input type="datetime-local" name="from" data-moment></label>
        <label>{Words.Until}<input type="datetime-local" name="until" data-moment></label>
        """), Words.AnotherBlackout)}
        <fieldset><legend>{Words.Holds}</legend>
        <p class="soft">{Words.HoldsText}</p>
        {Enum.GetValues<StageName>().Where(stage => stage != StageName.Assess).Select(stage => Html.Of($"<p><label class=\"check\"><input type=\"checkbox\" name=\"holdBefore\" data-array value=\"{stage.ToString()}\"> {PageText.Stages.Name(stage)}</label></p>\n"))}
        </fieldset>
        </details>
        </fieldset>
        <fieldset><legend>{Words.Confirm}</legend>
        {Preparation.Steps.Select(step => Html.Of($"<p><label class=\"check\"><input type=\"checkbox\" name=\"confirm\" data-array value=\"{step}\" required> {Words.Step(step)}</label></p>\n"))}
        </fieldset>
        <p><button type="submit" class="primary" disabled>{Words.Start}</button></p>
        </form>
        """));
}
