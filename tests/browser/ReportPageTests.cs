using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.World;
using GwbCloud.Tests.Browser.Support;

namespace GwbCloud.Tests.Browser;

/// <summary>The pages that are files of their own: they are read offline and printed.</summary>
public sealed class ReportPageTests(Chromium chromium)
{
    [BrowserFact]
    public async Task Assessment_WithAwkwardNames_IsReadableByEverybody()
    {
        await using var stage = await Stage.StartAsync([], Stage.Small with { World = Stage.Small.World with { Awkward = 14 } });
        await stage.PassUntilAsync("migration", _ => true);
        await using var reader = await Visitor.OpenAsync(chromium, stage, LabPeople.Reader);
        await reader.BearAsync();

        await reader.GoAsync($"/api/assessments/{stage.View!.AssessmentId}/report?format=html");

        await reader.Traffic.AssertLightAsync();
        await Screens.LookAsync(reader.Page, "assessment-report");
        reader.AssertNothingFailed();
    }

    [BrowserFact]
    public async Task Report_OfACompletedMigration_IsReadableByEverybody()
    {
        await using var stage = await Stage.StartAsync([]);
        await stage.PassUntilEndAsync();
        await using var reader = await Visitor.OpenAsync(chromium, stage, LabPeople.Reader);
        await reader.BearAsync();

        await reader.GoAsync($"/api/migrations/{stage.View!.MigrationId}/report?format=html");

        await reader.Traffic.AssertLightAsync();
        await Screens.LookAsync(reader.Page, "report");
        reader.AssertNothingFailed();
    }
}
