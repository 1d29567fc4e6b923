using GwbCloud.Functions.Api;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Reporting;
using static GwbCloud.Functions.Pages.PageParts;
using Words = GwbCloud.Functions.Pages.PageText.Verbs;

namespace GwbCloud.Functions.Pages;

/// <summary>What a verb does, in which state, and the button that does it.</summary>
static class ActionPage
{
    public static PageContent Render(MigrationView view, OperatorAction action, PageVisit visit)
    {
        var verb = OperatorDesk.NameOf(action);
        var refusal = MigrationVerbs.Refusal(view, action);
        var look = new MigrationLook { View = view, Now = visit.Now };
        return new()
        {
            Title = Words.Name(action),
            Crumbs = MigrationCrumbs.Of(view),
            Live = true,
            Announcement = refusal,
            Body = Html.Of($"""
                <h1>{Words.Question(action)}</h1>
                {Part("now", Html.Of($"<p>{Words.Now} {Standing.Badge(view)} {Sentence(Standing.Sentence(look))}</p>"))}
                <ul class="consequences">{Words.Consequences(action, MigrationVerbs.StateOf(view)).Select(text => Html.Of($"<li>{text}</li>"))}</ul>
                {Part("act", refusal is not null ? Refused(refusal)
                    : !visit.IsOperator ? Html.Of($"<p>{PageText.Migrations.OperatorsOnly}</p>")
                    : Form(view, action, verb))}
                <p>{Link(PagePaths.Migration(view.MigrationId), Words.Back)}</p>
                """),
        };
    }

    static Html Refused(string refusal) => Html.Of($"""
        <section class="standing calm" aria-label="{Words.NotNow}"><p class="lead">{Words.NotNow}: {refusal}.</p></section>
        """);

    static Html Form(MigrationView view, OperatorAction action, string verb)
    {
        // Whoever stops is never told that something has changed meanwhile: it has, that is why.
        var stamp = action == OperatorAction.Stop ? Nothing : Html.Of($" data-match=\"{ViewStamp.Of(view)}\"");
        return Html.Of($"""
            <form data-api="{PagePaths.Api($"migrations/{view.MigrationId}/{verb}")}" data-then="{PagePaths.Migration(view.MigrationId)}"{stamp}>
            {(action == OperatorAction.Repair ? Repair() : Nothing)}
            {(action is OperatorAction.Repair || (action == OperatorAction.Retry && view.Review is not null) ? Comment(required: true) : Nothing)}
            {(action == OperatorAction.Retry && view.Review is not null ? Html.Of($"<p>{Link(PagePaths.Migration(view.MigrationId, "review"), PageText.Reviews.ReadFirst)}</p>") : Nothing)}
            {(action == OperatorAction.Cancel ? Sure() : Nothing)}
            <p><button type="submit" class="{(action is OperatorAction.Stop or OperatorAction.Cancel ? "danger solid" : "primary")}" disabled>{(action == OperatorAction.Stop ? Icons.Stop : Nothing)}{Words.Do(action)}</button></p>
            </form>
            """);
    }

    /// <summary>A comment of at most 1,000 characters.</summary>
    public static Html Comment(bool required) => Html.Of($"""
        <label for="comment">{(required ? PageText.CommentNeeded : PageText.CommentWished)}</label>
        <textarea id="comment" name="comment" rows="3" maxlength="1000"{(required ? Html.Of($" required") : Nothing)}></textarea>
        """);

    static Html Sure() => Html.Of($"""
        <p><label class="check"><input type="checkbox" id="sure" required> {Words.Sure}</label></p>
        """);

    static Html Repair() => Html.Of($"""
        <p>{Words.RepairHelp}</p>
        {Entries("groups", Words.RepairGroup, Html.Of($"""
        <label>{Words.ObjectGuid}<input name="objectGuid" id="guid" required pattern="{GuidPattern}" autocomplete="off" spellcheck="false"></label>
        <label>{Words.TypedName}<input name="name" id="name" required maxlength="256" autocomplete="off" spellcheck="false"></label>
        """), Words.RepairAnother)}
        """);
}
