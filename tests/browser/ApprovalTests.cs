using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;
using GwbCloud.Tests.Browser.Pages;
using GwbCloud.Tests.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GwbCloud.Tests.Browser;

/// <summary>Approvers at a browser; operators are simulated.</summary>
public sealed class ApprovalTests(Chromium chromium)
{
    static readonly IReadOnlyList<LabPerson> Approvers = [LabPeople.FirstApprover, LabPeople.SecondApprover];

    [BrowserTheory]
    [InlineData("deny", MigrationOutcome.Denied)]
    [InlineData("denyAndLeave", MigrationOutcome.Denied)]
    [InlineData("postpone", MigrationOutcome.Postponed)]
    public async Task Plan_ThatIsNotApproved_EndsTheMigrationAsTheApproverSaid(string decision, MigrationOutcome outcome)
    {
        await using var at = await ApproverAtGate.OpenAsync(chromium, GateName.Plan, Approvers);
        var (stage, ada, page) = at;

        await page.DecideAsync(decision, "Not before the holidays.");
        var ended = await stage.PassUntilEndAsync();

        Assert.Equal(outcome, ended.Outcome);
        await ada.ShowAsync($"/api/pages/migrations/{at.Asked.MigrationId}");
        await Expect(ada.Page.Locator(".standing .word").First).ToContainTextAsync(outcome.ToString(), new() { IgnoreCase = true });
        ada.AssertNothingFailed();
    }

    [BrowserFact]
    public async Task Plan_ThatNobodyDecides_Expires()
    {
        await using var at = await ApproverAtGate.OpenAsync(chromium, GateName.Plan, Approvers);
        var (stage, ada, page) = at;
        await page.ChooseAsync("approve", domain: stage.Host.Issuer.Domain);

        var ended = await stage.PassUntilEndAsync();
        await page.ConfirmAsync();

        Assert.Equal(MigrationOutcome.Expired, ended.Outcome);
        await Expect(page.Answer).ToBeVisibleAsync();
        await page.ShowAsync();
        await Expect(page.Choice).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task Decision_AskedForTwice_CountsOnceAndSaysSo()
    {
        await using var at = await ApproverAtGate.OpenAsync(chromium, GateName.Plan, Approvers);
        var (stage, ada, page) = at;
        await page.ChooseAsync("approve", domain: stage.Host.Issuer.Domain);
        string confirmation = ada.Page.Url;
        await page.ConfirmAsync();
        await Expect(page.Answer).ToContainTextAsync("It was taken");

        await ada.GoAsync(confirmation);

        await Expect(page.Confirmation).ToContainTextAsync("has been used");
        await Expect(page.Standing.First).ToContainTextAsync("1 of 2 approvals given");
        await Expect(page.Choice).ToHaveCountAsync(0);
        await Expect(ada.Page.GetByText("You have decided:")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task Confirmation_ClickedTwiceAndInASecondTab_DecidesOnceAndSaysSo()
    {
        await using var at = await ApproverAtGate.OpenAsync(chromium, GateName.Plan, Approvers);
        var (stage, ada, page) = at;
        await page.ChooseAsync("approve", domain: stage.Host.Issuer.Domain);
        var tab = await ada.Page.Context.NewPageAsync();
        await tab.GotoAsync(ada.Page.Url);
        int posts = 0;
        ada.Page.Request += (_, request) => posts += request.Method == "POST" ? 1 : 0;

        await page.Confirmation.GetByRole(AriaRole.Button).DblClickAsync();
        await Expect(page.Answer).ToContainTextAsync("It was taken");
        await tab.Locator("section.confirm").GetByRole(AriaRole.Button).ClickAsync();

        await Expect(tab.Locator("#answer")).ToContainTextAsync("That did not work: ");
        await Expect(page.Standing.First).ToContainTextAsync("1 of 2 approvals given");
        Assert.Equal(1, posts);
    }

    [BrowserFact]
    public async Task Approval_TakenBack_CountsNoMoreAndCanBeGivenAnew()
    {
        await using var at = await ApproverAtGate.OpenAsync(chromium, GateName.Plan, Approvers);
        var (stage, ada, page) = at;
        await page.DecideAsync("approve", domain: stage.Host.Issuer.Domain);
        await Expect(page.Standing.First).ToContainTextAsync("1 of 2 approvals given");
        await stage.PassAsync(TimeSpan.FromMinutes(1));

        await page.ShowAsync();
        await Screens.LookAsync(ada.Page, "gate-plan-decided");
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Take my approval back" }).ClickAsync();

        await Expect(page.Answer).ToContainTextAsync("Your approval was taken back");
        await stage.PassAsync(TimeSpan.FromMinutes(1));
        await page.ShowAsync();
        await Expect(page.Standing.First).ToContainTextAsync("0 of 2 approvals given");
        await page.DecideAsync("approve", domain: stage.Host.Issuer.Domain);
        await Expect(page.Standing.First).ToContainTextAsync("1 of 2 approvals given");
        ada.AssertNothingFailed();
    }

    [BrowserFact]
    public async Task TwoApprovers_WhoConfirmAtOnce_AreBothHeard()
    {
        await using var at = await ApproverAtGate.OpenAsync(chromium, GateName.Plan, Approvers);
        var (stage, _, page) = at;
        await using var anton = await Visitor.OpenAsync(chromium, stage, LabPeople.SecondApprover);
        GatePage[] pages = [page, new(anton, at.Asked.MigrationId, "plan")];
        foreach (var each in pages)
        {
            await each.ShowAsync();
            await each.ChooseAsync("approve", domain: stage.Host.Issuer.Domain);
        }

        await Task.WhenAll(pages.Select(each => each.ConfirmAsync()));
        foreach (var each in pages) { await Expect(each.Answer).ToContainTextAsync("It was taken"); }

        var after = await stage.PassUntilAsync("the stage after the gate", view => view.Stages.Any(s => s is { Name: StageName.FreezeAndDrain, StartedAt: not null }));
        Assert.Equal("approved by 2", after.Stages.Single(s => s.Name == StageName.ApprovePlan).Detail);
    }

    [BrowserFact]
    public async Task Page_ThatIsOlderThanTheGate_DecidesNothing()
    {
        await using var at = await ApproverAtGate.OpenAsync(chromium, GateName.Plan, Approvers);
        var (stage, ada, stale) = at;
        await using var anton = await Visitor.OpenAsync(chromium, stage, LabPeople.SecondApprover);
        await stale.FillAsync("approve", domain: stage.Host.Issuer.Domain);
        await new GatePage(anton, at.Asked.MigrationId, "plan").DecideAsync("deny", "No.");
        await stage.PassUntilEndAsync();

        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in for this decision" }).ClickAsync();

        await Expect(stale.Answer).ToContainTextAsync("That did not work: ");
        // What was refused because the page was old makes the page new.
        await Expect(stale.Choice).ToHaveCountAsync(0);
        await Expect(ada.Page.Locator("[data-part=closed]")).ToBeVisibleAsync();
        Assert.Contains("/gates/plan", ada.Page.Url, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Gate_WithTheKeyboardAlone_IsApproved()
    {
        await using var at = await ApproverAtGate.OpenAsync(chromium, GateName.Plan, Approvers);
        var (stage, ada, page) = at;
        var keys = ada.Page.Keyboard;

        await TabToAsync(ada.Page, "input[name=decision]");
        await keys.PressAsync("Space");
        await TabToAsync(ada.Page, "#domain");
        await keys.TypeAsync(stage.Host.Issuer.Domain);
        await TabToAsync(ada.Page, "form:has(input[name=decision]) button[type=submit]");
        await keys.PressAsync("Enter");
        await ada.Page.WaitForURLAsync(url => url.Contains(LabIssuer.BrowserHost, StringComparison.Ordinal));
        await TabToAsync(ada.Page, $"button[value={LabPeople.FirstApprover.Key}]");
        await keys.PressAsync("Enter");
        await Expect(page.Confirmation).ToBeVisibleAsync();
        await TabToAsync(ada.Page, "section.confirm button[type=submit]");
        await keys.PressAsync("Enter");

        await Expect(page.Answer).ToContainTextAsync("It was taken");
        ada.AssertNothingFailed();
    }

    static async Task TabToAsync(IPage page, string selector)
    {
        for (int press = 0; press < 60; press++)
        {
            if (await page.EvaluateAsync<bool>("selector => document.activeElement?.matches(selector) === true", selector)) { return; }
            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"{selector} can't be reached with the keyboard.");
    }
}
