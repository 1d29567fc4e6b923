using GwbCloud.Functions.Approvals;
using GwbCloud.Lab.Issuer;
using GwbCloud.Tests.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GwbCloud.Tests.Browser;

/// <summary>What a page takes does not grow with the tenant.</summary>
public sealed class LargeTenantTests(Chromium chromium)
{
    [BrowserFact]
    public async Task Pages_OfAVeryLargeTenant_AreAsLightAsOfASmallOne()
    {
        await using var stage = await Stage.StartAsync([LabPeople.FirstApprover, LabPeople.SecondApprover]);
        var view = await stage.PassUntilGateAsync(GateName.Plan);
        await using var reader = await Visitor.OpenAsync(chromium, stage, LabPeople.Reader);
        string migration = $"migrations/{view.MigrationId}", assessment = $"assessments/{view.AssessmentId}";
        string[] paths =
        [
            "", $"/{migration}", $"/{migration}/tasks", $"/{migration}/tasks/{view.Tasks[0].Id}", $"/{migration}/gates/plan",
            .. view.Gate!.Evidence.Select(part => $"/{migration}/gates/plan/evidence/{part.Name}"), $"/{migration}/review", $"/{migration}/exports", $"/{migration}/audit",
            $"/{assessment}", $"/{assessment}/findings", $"/{assessment}/groups", $"/{assessment}/groups?q=group&sort=members", $"/{assessment}/names", $"/{assessment}/losses",
        ];
        await reader.ShowAsync("/api/pages");
        var before = await CountAsync();

        await LargeTenant.EnlargeAsync(stage.Documents, view.AssessmentId, groups: 20_000, findings: 500);
        await LargeTenant.EnlargeMigrationAsync(stage.Documents, view.MigrationId, groups: 20_000);

        Assert.Equal(before, await CountAsync());
        await reader.ShowAsync($"/api/pages/{migration}");
        await Expect(reader.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("20,000 objects that stay behind");
        await Screens.LookAsync(reader.Page, "migration-large");
        foreach (string list in (string[])["review", "exports"])
        {
            await reader.ShowAsync($"/api/pages/{migration}/{list}");
            await Screens.LookAsync(reader.Page, list);
        }

        await reader.ShowAsync($"/api/pages/{assessment}/groups?page=40");
        await Expect(reader.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("20,000");
        reader.AssertNothingFailed();

        // One line for each page, so that a difference names it.
        async Task<IReadOnlyList<string>> CountAsync()
        {
            var counted = new List<string>();
            foreach (string path in paths)
            {
                await reader.ShowAsync($"/api/pages{path}");
                await Expect(reader.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
                await reader.Traffic.AssertLightAsync();
                counted.Add($"{path}: {reader.Traffic.Requests}");
            }

            return counted;
        }
    }
}
