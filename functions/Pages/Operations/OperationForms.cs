using GwbCloud.Functions.Operations.Discover;
using GwbCloud.Functions.Operations.WayBack;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Functions.Reporting;
using static GwbCloud.Functions.Pages.PageParts;
using Words = GwbCloud.Functions.Pages.PageText.Operations;

namespace GwbCloud.Functions.Pages;

/// <summary>A form for each kind of operation; what it sends is the body of <c>POST /api/operations</c>. A new kind adds its own.</summary>
static class OperationForms
{
    public static Html All => Html.Of($"""
        {Form(NewGroupsOperation.Name, Wish("new"))}
        {Form(ExistingGroupsOperation.Name, Html.Of($"""
        {Wish("existing")}
        <details><summary>{Words.OnlyThese}</summary>
        <p class="soft">{Words.All}</p>
        {Enumerable.Range(1, 5).Select(number => Html.Of($"""
        <label>{Words.ObjectId}<input name="groups" data-array id="group-{Plain(number)}" pattern="{GuidPattern}" autocomplete="off" spellcheck="false"></label>
        """))}
        </details>
        """))}
        {Form(DiscoverOperation.Name, Html.Of($"<p class=\"soft\">{Words.DiscoverText}</p>"))}
        {Form(UndoOperation.Name, Html.Of($"""
        <p class="soft">{Words.UndoText}</p>
        <label for="undo-migration">{Words.MigrationId}</label><input id="undo-migration" name="migrationId" required pattern="{MigrationIdPattern}" autocomplete="off" spellcheck="false">
        """))}
        """);

    static Html Form(string kind, Html terms) => Html.Of($"""
        <form data-api="{PagePaths.Api("operations")}" data-go="{PagePaths.Operations}/" data-go-field="operationId" class="operation">
        <h3>{Words.Kind(kind)}</h3>
        <input type="hidden" name="kind" value="{kind}">
        <fieldset data-object="terms" class="plain"><legend class="unseen">{Words.Kind(kind)}</legend>{terms}</fieldset>
        <p><button type="submit" disabled>{Words.PlanNow}</button></p>
        </form>
        """);

    static Html Wish(string id) => Html.Of($"""
        <label for="wish-{id}">{Words.Wish}</label><select id="wish-{id}" name="writeback" required><option value="off">{Words.WishOff}</option><option value="on">{Words.WishOn}</option></select>
        """);
}
