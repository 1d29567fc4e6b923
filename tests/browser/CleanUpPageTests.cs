using GwbCloud.Lab.Issuer;
using GwbCloud.Tests.Browser.Support;
using static Microsoft.Playwright.Assertions;

namespace GwbCloud.Tests.Browser;

/// <summary>What a completed migration leads to.</summary>
[Collection<AfterTheEnd>]
public sealed class CleanUpPageTests(Chromium chromium, StageAfterTheEnd at)
{
    [BrowserFact]
    public async Task CompletedMigration_LeadsToTheCleanUp_WhichTellsWhatMayGo()
    {
        await using var otto = await Visitor.OpenAsync(chromium, at.Stage, LabPeople.Operator);
        await otto.ShowAsync($"/api/pages/migrations/{at.View.MigrationId}");
        await Expect(otto.Page.Locator($"a[href$='migrations/{at.View.MigrationId}/report?format=rules']")).ToBeVisibleAsync();
        await Screens.LookAsync(otto.Page, "migration-completed");

        await otto.Page.GetByText("Clean up: what may go now, and what later").ClickAsync();
        await otto.Page.Locator("form:has(input[value=cleanUp]) button[type=submit]").ClickAsync();
        await otto.Page.WaitForURLAsync("**/operations/o-*");
        string path = new Uri(otto.Page.Url).AbsolutePath;
        await at.Stage.PassAsync(TimeSpan.FromMinutes(10));
        await otto.ShowAsync(path);

        await Expect(otto.Page.Locator(".standing")).ToContainTextAsync("Nothing is taken away");
        await Expect(otto.Page.Locator("main")).ToContainTextAsync("Guided transition to Cloud Sync");
        await Expect(otto.Page.Locator("a[href$='/report?format=rules']")).ToBeVisibleAsync();
        await otto.Traffic.AssertLightAsync();
        await Screens.LookAsync(otto.Page, "cleanup");
        otto.AssertNothingFailed();
    }
}
