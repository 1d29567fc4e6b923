using GwbCloud.Lab.Issuer;
using GwbCloud.Tests.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GwbCloud.Tests.Browser;

/// <summary>Every page that there is, as readers see it.</summary>
[Collection<AtTheGate>]
public sealed class PagesTests(Chromium chromium, StageAtTheGate at)
{
    [BrowserFact]
    public async Task Pages_OfAMigrationAtItsGate_AreReadableByEverybodyAndLight()
    {
        await using var reader = await Visitor.OpenAsync(chromium, at.Stage, LabPeople.Reader);
        string migration = $"/api/pages/migrations/{at.View.MigrationId}", assessment = $"/api/pages/assessments/{at.View.AssessmentId}";

        foreach (var (name, path) in ((string, string)[])
        [
            ("home", "/api/pages"), ("migration", migration), ("tasks", $"{migration}/tasks"), ("task", $"{migration}/tasks/{at.View.Tasks[0].Id}"), ("audit", $"{migration}/audit"),
            ("evidence", $"{migration}/gates/plan/evidence/plan"), ("cancel", $"{migration}/actions/cancel"), ("assessment", assessment), ("findings", $"{assessment}/findings"),
            ("finding", $"{assessment}/findings/GWB2402"), ("groups", $"{assessment}/groups"), ("names", $"{assessment}/names"), ("losses", $"{assessment}/losses"),
            ("start", $"{assessment}/start"), ("not-found", "/api/pages/nothing"),
        ])
        {
            await reader.ShowAsync(path);
            await reader.Traffic.AssertLightAsync();
            await Screens.LookAsync(reader.Page, name);
        }

        reader.AssertNothingFailed();
    }

    [BrowserFact]
    public async Task Comparison_OfTwoAssessments_SaysWhatDiffers()
    {
        string second = await at.Stage.ApiOf(LabPeople.SecondOperator).AssessAsync(
            new() { New = at.Stage.Canaries.New, Match = at.Stage.Canaries.Match, Unassigned = at.Stage.Canaries.Unassigned }, [], TestContext.Current.CancellationToken);
        await at.Stage.PassAsync(TimeSpan.FromMinutes(10));
        await using var reader = await Visitor.OpenAsync(chromium, at.Stage, LabPeople.Reader);

        await reader.ShowAsync($"/api/pages/assessments/{second}/comparison");
        await reader.Page.Locator("#with").SelectOptionAsync(at.View.AssessmentId);
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();

        await reader.Page.WaitForURLAsync($"**with={at.View.AssessmentId}");
        // The first one's consequences had been accepted.
        await Expect(reader.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "GWB2402" })).ToContainTextAsync("worse");
        await reader.ShowAsync(new Uri(reader.Page.Url).PathAndQuery);
        await reader.Traffic.AssertLightAsync();
        await Screens.LookAsync(reader.Page, "comparison");
        reader.AssertNothingFailed();
    }
}
