using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Reporting;
using GwbCloud.Lab.Issuer;
using GwbCloud.Tests.Browser.Support;
using static Microsoft.Playwright.Assertions;

namespace GwbCloud.Tests.Browser;

/// <summary>Names that others chose, on everything that somebody reads. Cards have a test of their own.</summary>
/// <remarks>Not one of them shows or acts as anything but its characters; those that nobody sees are shown by their numbers.</remarks>
public sealed class HostileNamesTests(Chromium chromium)
{
    [BrowserFact]
    public async Task Names_OfEveryAwkwardKind_AreTextOnPageInTableAndReport()
    {
        await using var stage = await Stage.StartAsync([], Stage.Small with { World = Stage.Small.World with { Awkward = 14 } });
        var view = await stage.PassUntilAsync("the migration", v => v.Stages.Any(s => s is { Name: StageName.PrepareCloudSync, State: StageState.Running }));
        await LargeTenant.LoseMembersAsync(stage.Documents, view);
        await using var reader = await Visitor.OpenAsync(chromium, stage, LabPeople.Reader);
        var names = stage.Host.World.Store.Read(() => stage.Host.World.Groups.Values
            .Where(g => g.Description?.StartsWith("Awkward: ", StringComparison.Ordinal) == true).ToDictionary(g => g.Description!["Awkward: ".Length..], g => g.DisplayName));
        Assert.Equal(256, names["long name"].Length);
        string[] kinds = ["long name", "special characters", "leading equals sign", "leading at sign", "right-to-left mark", "emoji", "letters of several bytes at the cut", "markup"];

        foreach (string kind in kinds)
        {
            await reader.ShowAsync($"/api/pages/assessments/{view.AssessmentId}/groups?q={Uri.EscapeDataString(names[kind][..Math.Min(names[kind].Length, 60)])}");
            await Expect(reader.Page.Locator("main tbody th bdi")).ToHaveTextAsync([Shown(names[kind])]);
            await AssertNothingCameAliveAsync();
        }

        await reader.GoAsync($"/api/migrations/{view.MigrationId}/report?format=html");
        foreach (string kind in kinds) { await Expect(reader.Page.Locator("td bdi, th bdi").GetByText(Shown(names[kind]), new() { Exact = true })).ToHaveCountAsync(1); }
        await AssertNothingCameAliveAsync();
        await reader.Traffic.AssertLightAsync();
        await Screens.LookAsync(reader.Page, "report-running");

        await reader.ShowAsync($"/api/pages/assessments/{view.AssessmentId}");
        var table = await reader.Page.RunAndWaitForDownloadAsync(() => reader.Page.Locator("a[download]", new() { HasText = "groups.csv" }).ClickAsync());
        string csv = await File.ReadAllTextAsync((await table.PathAsync())!, TestContext.Current.CancellationToken);
        foreach (string kind in kinds) { Assert.Contains(((CsvCell)names[kind]).ToString(), csv, StringComparison.Ordinal); }
        Assert.Contains(",\"'=HYPERLINK(", csv, StringComparison.Ordinal);
        reader.AssertNothingFailed();

        async Task AssertNothingCameAliveAsync() => Assert.Equal(0, await reader.Page.Locator("main img, body > img, main script, td script, [onerror]").CountAsync());
    }

    static string Shown(string name) => name.Replace("\u200f", "[U200F]", StringComparison.Ordinal).Replace("\u202e", "[U202E]", StringComparison.Ordinal);
}
