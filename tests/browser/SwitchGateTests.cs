using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Tests.Browser.Pages;
using GwbCloud.Tests.Browser.Support;
using static Microsoft.Playwright.Assertions;

namespace GwbCloud.Tests.Browser;

/// <summary>The last word on the switch, when it is not yes. The plan was approved by simulated people, who say nothing here.</summary>
public sealed class SwitchGateTests(Chromium chromium)
{
    static readonly Story SilentAtTheSwitch = Stage.Small with { Decision = RehearsedDecision.Expire, At = RehearsedGate.Switch };

    [BrowserTheory]
    [InlineData("deny", MigrationOutcome.Denied)]
    [InlineData("postpone", MigrationOutcome.Postponed)]
    public async Task Switch_ThatIsNotApproved_EndsTheMigrationAsTheApproverSaid(string decision, MigrationOutcome outcome)
    {
        await using var at = await ApproverAtGate.OpenAsync(chromium, GateName.Switch, [], SilentAtTheSwitch);
        var (stage, ada, page) = at;
        // Near the switch nothing can be left as it is.
        await Expect(ada.Page.Locator("#end-denyAndLeave")).ToHaveCountAsync(0);

        await page.DecideAsync(decision, "The help desk is not ready.");
        var ended = await stage.PassUntilEndAsync();

        Assert.Equal(outcome, ended.Outcome);
        Assert.True(stage.WritebackIsOn);
        await ada.ShowAsync($"/api/pages/migrations/{at.Asked.MigrationId}");
        await Expect(ada.Page.Locator(".standing .word").First).ToContainTextAsync(outcome.ToString(), new() { IgnoreCase = true });
        await Expect(ada.Page.Locator(".phase.forward .state").First).ToHaveTextAsync("not reached");
        await Screens.LookAsync(ada.Page, $"migration-{decision}");
        ada.AssertNothingFailed();
    }

    [BrowserFact]
    public async Task Switch_ThatNobodyDecides_ExpiresAndStaysUnapproved()
    {
        await using var at = await ApproverAtGate.OpenAsync(chromium, GateName.Switch, [], SilentAtTheSwitch);
        var (stage, ada, page) = at;
        await page.ChooseAsync("approve", domain: stage.Host.Issuer.Domain);

        var ended = await stage.PassUntilEndAsync();
        await page.ConfirmAsync();

        Assert.Equal(MigrationOutcome.Expired, ended.Outcome);
        // The session ended with the hours, and the sign-in for the decision too.
        await Expect(page.Answer).ToContainTextAsync("Your sign-in has ended");
        Assert.True(stage.WritebackIsOn);
        await page.ShowAsync();
        await Expect(page.Choice).ToHaveCountAsync(0);
        await Screens.LookAsync(ada.Page, "gate-switch-expired");
    }
}
