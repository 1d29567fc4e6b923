using GwbCloud.Functions.Operations.CleanUp;
using GwbCloud.Functions.Operations.Discover;
using GwbCloud.Functions.Operations.Enabling;
using GwbCloud.Functions.Operations.Restore;
using GwbCloud.Functions.Operations.Rules;
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
        {Form(NewGroupsOperation.Name, Choice("new", "writeback", Words.Wish, Words.WishOff, Words.WishOn))}
        {Form(ExistingGroupsOperation.Name, Html.Of($"""
        {Choice("existing", "writeback", Words.Wish, Words.WishOff, Words.WishOn)}
        <details><summary>{Words.OnlyThese}</summary>
        <p class="soft">{Words.All}</p>
        {Ids("group", Words.GroupId)}
        </details>
        """))}
        {Form(DiscoverOperation.Name, Html.Of($"<p class=\"soft\">{Words.DiscoverText}</p>"))}
        {Form(UndoOperation.Name, Html.Of($"""
        <p class="soft">{Words.UndoText}</p>
        <label for="undo-migration">{Words.MigrationId}</label><input id="undo-migration" name="migrationId" required pattern="{MigrationIdPattern}" autocomplete="off" spellcheck="false">
        """))}
        {Form(MemberLimitOperation.Name, Choice("limit", "limit", Words.Limit, Words.LimitOff, Words.LimitOn))}
        {Form(DeleteRuleOperation.Name, Choice("rule", "rule", Words.Rule, Words.RuleOff, Words.RuleOn))}
        {Form(EnableOperation.Name, Html.Of($"""
        <label for="enable-version">{Words.Version}</label><select id="enable-version" name="version" required><option value="version1">{Words.Version1}</option><option value="version2">{Words.Version2}</option></select>
        <label for="enable-permissions">{Words.Permissions}</label><select id="enable-permissions" name="permissions" required><option value="nothing">{Words.GrantNothing}</option><option value="writebackOu">{Words.GrantOu}</option><option value="allDomains">{Words.GrantAll}</option></select>
        """))}
        {Form(CleanUpOperation.Name, Html.Of($"""
        <label for="step">{Words.Step}</label><select id="step" name="step" required><option value="look">{Words.StepLook}</option><option value="standby">{Words.StepStandby}</option><option value="active">{Words.StepActive}</option></select>
        """))}
        {Form(RestoreOperation.Name, Html.Of($"""
        <p class="soft">{Words.RestoreText}</p>
        <label for="restore-then">{Words.Then}</label><select id="restore-then" name="then" required><option value="nothing">{Words.ThenNothing}</option><option value="switchOn">{Words.ThenSwitchOn}</option></select>
        <details><summary>{Words.OnlyThese}</summary>
        <p class="soft">{Words.RestoreAll}</p>
        {Ids("restored", Words.RestoreGroup)}
        </details>
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

    static IEnumerable<Html> Ids(string id, string label) => Enumerable.Range(1, 5).Select(number => Html.Of($"""
        <label>{label}<input name="groups" data-array id="{id}-{Plain(number)}" pattern="{GuidPattern}" autocomplete="off" spellcheck="false"></label>
        """));

    static Html Choice(string id, string name, string label, string off, string on) => Html.Of($"""
        <label for="wish-{id}">{label}</label><select id="wish-{id}" name="{name}" required><option value="off">{off}</option><option value="on">{on}</option></select>
        """);
}
