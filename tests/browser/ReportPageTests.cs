using GwbCloud.Lab.Issuer;
using GwbCloud.Tests.Browser.Support;

namespace GwbCloud.Tests.Browser;

/// <summary>The pages that are files of their own: they are read offline and printed.</summary>
[Collection<AtTheGate>]
public sealed class AssessmentReportTests(Chromium chromium, StageAtTheGate at)
{
    [BrowserFact]
    public async Task Assessment_WithAwkwardNames_IsReadableByEverybody() =>
        await ReportPage.LookAsync(chromium, at.Stage, $"/api/assessments/{at.View.AssessmentId}/report?format=html", "assessment-report");
}

/// <inheritdoc cref="AssessmentReportTests"/>
[Collection<AfterTheEnd>]
public sealed class MigrationReportTests(Chromium chromium, StageAfterTheEnd at)
{
    [BrowserFact]
    public async Task Report_OfACompletedMigration_IsReadableByEverybody() =>
        await ReportPage.LookAsync(chromium, at.Stage, $"/api/migrations/{at.View.MigrationId}/report?format=html", "report");
}

static class ReportPage
{
    public static async Task LookAsync(Chromium chromium, Stage stage, string path, string name)
    {
        await using var reader = await Visitor.OpenAsync(chromium, stage, LabPeople.Reader);
        await reader.BearAsync();

        await reader.GoAsync(path);

        await reader.Traffic.AssertLightAsync();
        await Screens.LookAsync(reader.Page, name);
        reader.AssertNothingFailed();
    }
}
