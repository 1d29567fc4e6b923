using GwbCloud.Lab.Issuer;
using GwbCloud.Tests.Browser.Pages;
using GwbCloud.Tests.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GwbCloud.Tests.Browser;

/// <summary>People at a gate who are not at.View.</summary>
[Collection<AtTheGate>]
public sealed class OthersAtAGateTests(Chromium chromium, StageAtTheGate at)
{
    [BrowserFact]
    public async Task Others_AtAGate_AreOfferedNothingToDecide()
    {
        foreach (var person in (LabPerson[])[LabPeople.Operator, LabPeople.Reader])
        {
            await using var visitor = await Visitor.OpenAsync(chromium, at.Stage, person);
            var page = new GatePage(visitor, at.View.MigrationId, "plan");
            await page.ShowAsync();
            await Expect(page.Standing.First).ToContainTextAsync("0 of 2 approvals given");
            await Expect(page.Choice).ToHaveCountAsync(0);
            visitor.AssertNothingFailed();
        }
    }

    [BrowserFact]
    public async Task Outsider_SeesNothing()
    {
        await using var outsider = await Visitor.OpenAsync(chromium, at.Stage, LabPeople.Outsider);

        await outsider.ShowAsync($"/api/pages/migrations/{at.View.MigrationId}/gates/plan");

        await Expect(outsider.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Not for your role");
        Assert.DoesNotContain(at.View.Gate!.EvidenceDigest, await outsider.Page.ContentAsync(), StringComparison.Ordinal);
        await Screens.LookAsync(outsider.Page, "refused");
    }
}
