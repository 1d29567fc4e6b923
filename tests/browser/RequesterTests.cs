using GwbCloud.Functions.Approvals;
using GwbCloud.Lab.Issuer;
using GwbCloud.Tests.Browser.Pages;
using GwbCloud.Tests.Browser.Support;
using static Microsoft.Playwright.Assertions;

namespace GwbCloud.Tests.Browser;

/// <summary>Whoever requested a migration does not decide on it, whatever roles he has.</summary>
public sealed class RequesterTests(Chromium chromium)
{
    [BrowserFact]
    public async Task Requester_WhoIsAnApproverToo_IsRefusedWithTheReason()
    {
        await using var stage = await Stage.StartAsync([LabPeople.Operator, LabPeople.SecondOperator, LabPeople.FirstApprover, LabPeople.SecondApprover]);
        await using var bo = await Visitor.OpenAsync(chromium, stage, LabPeople.OperatorAndApprover);
        var pages = new OperatorPages(stage, bo);
        var asked = await pages.RequestAsync(GateName.Plan);
        var page = new GatePage(bo, asked.MigrationId, "plan");

        await page.ShowAsync();
        // As if the page had offered it after all.
        var (status, code) = await bo.PostAsync($"/api/migrations/{asked.MigrationId}/gates/plan/sign-ins", new
        {
            decision = "approve", domain = stage.Host.Issuer.Domain, evidenceDigest = asked.Gate!.EvidenceDigest, returnTo = page.Path,
        });

        await Expect(page.Choice).ToHaveCountAsync(0);
        await Expect(bo.Page.Locator("[data-part=decide]")).ToContainTextAsync("The requester cannot decide on the own request.");
        await Screens.LookAsync(bo.Page, "gate-plan-requester");
        Assert.Equal((403, "GWB7403"), (status, code));
        await using var reader = await Visitor.OpenAsync(chromium, stage, LabPeople.Reader);
        await reader.ShowAsync($"/api/pages/migrations/{asked.MigrationId}/audit?q=GWB7403");
        await Expect(reader.Page.Locator("main tbody tr").First).ToContainTextAsync("GWB7403");
        bo.AssertNothingFailed();
    }
}
