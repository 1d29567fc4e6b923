using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Tests.Browser.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GwbCloud.Tests.Browser;

/// <summary>Every page that there is, as readers see it.</summary>
public sealed class PagesTests(Chromium chromium)
{
    /// <summary>Groups of every awkward kind.</summary>
    static readonly Story Awkward = Stage.Small with { World = Stage.Small.World with { Awkward = 14 } };

    [BrowserFact]
    public async Task Pages_OfAMigrationAtItsGate_AreReadableByEverybodyAndLight()
    {
        await using var stage = await Stage.StartAsync([LabPeople.FirstApprover, LabPeople.SecondApprover], Awkward);
        var view = await stage.PassUntilGateAsync(GateName.Plan);
        await using var reader = await Visitor.OpenAsync(chromium, stage, LabPeople.Reader);
        string migration = $"/api/pages/migrations/{view.MigrationId}", assessment = $"/api/pages/assessments/{view.AssessmentId}";

        foreach (var (name, path) in ((string, string)[])
        [
            ("home", "/api/pages"), ("migration", migration), ("tasks", $"{migration}/tasks"), ("task", $"{migration}/tasks/{view.Tasks[0].Id}"), ("audit", $"{migration}/audit"),
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
    public async Task Names_ThatLookLikeMarkup_AreText()
    {
        await using var stage = await Stage.StartAsync([LabPeople.FirstApprover, LabPeople.SecondApprover], Awkward);
        var view = await stage.PassUntilAsync("the migration", _ => true);
        await using var reader = await Visitor.OpenAsync(chromium, stage, LabPeople.Reader);
        string[] names = stage.Host.World.Store.Read(() => stage.Host.World.Groups.Values.Select(g => g.DisplayName).Where(n => n.Contains('<', StringComparison.Ordinal) || n.StartsWith('=')).ToArray());

        foreach (string name in names)
        {
            await reader.ShowAsync($"/api/pages/assessments/{view.AssessmentId}/groups?q={Uri.EscapeDataString(name[..Math.Min(name.Length, 30)])}");
            await Expect(reader.Page.GetByText(name).First).ToBeVisibleAsync();
            Assert.Equal(0, await reader.Page.Locator("main img, main script").CountAsync());
        }

        Assert.NotEmpty(names);
        reader.AssertNothingFailed();
    }

    [BrowserFact]
    public async Task Pages_OfAVeryLargeTenant_AreAsLightAsOfASmallOne()
    {
        IServiceProvider? product = null;
        await using var stage = await Stage.StartAsync(
            [LabPeople.FirstApprover, LabPeople.SecondApprover], services: services => services.AddSingleton<IHostedService>(provider => new Capture(() => product = provider)));
        var view = await stage.PassUntilGateAsync(GateName.Plan);
        await LargeTenant.EnlargeAsync(product!.GetRequiredService<IDocumentStore>(), view.AssessmentId, groups: 20_000, findings: 500);
        await using var reader = await Visitor.OpenAsync(chromium, stage, LabPeople.Reader);

        foreach (string path in (string[])["", "/findings", "/groups", "/groups?q=group&sort=members&page=40", "/names", "/losses"])
        {
            await reader.ShowAsync($"/api/pages/assessments/{view.AssessmentId}{path}");
            await Expect(reader.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
            await reader.Traffic.AssertLightAsync();
        }

        await reader.ShowAsync($"/api/pages/assessments/{view.AssessmentId}/groups");
        await Expect(reader.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("20,000");
        await Screens.LookAsync(reader.Page, "groups-large");
    }

    [BrowserFact]
    public async Task Page_ThatLosesContact_SaysSoAndComesBackByItself()
    {
        await using var stage = await Stage.StartAsync([LabPeople.FirstApprover, LabPeople.SecondApprover]);
        var view = await stage.PassUntilGateAsync(GateName.Plan);
        await using var reader = await Visitor.OpenAsync(chromium, stage, LabPeople.Reader);
        await reader.ShowAsync($"/api/pages/migrations/{view.MigrationId}");
        var contact = reader.Page.Locator("#contact");
        await Expect(contact).ToBeHiddenAsync();

        await reader.OfflineAsync(true);
        await Expect(contact).ToContainTextAsync("No contact since");
        await Screens.LookAsync(reader.Page, "lost-contact");
        await reader.OfflineAsync(false);

        await Expect(contact).ToContainTextAsync("In contact again");
    }

    [BrowserFact]
    public async Task Page_OfARunningMigration_ChangesWithoutReload()
    {
        await using var stage = await Stage.StartAsync([LabPeople.FirstApprover, LabPeople.SecondApprover]);
        var view = await stage.PassUntilAsync("a stage", v => Runs(v, StageName.StampAnchors));
        await using var reader = await Visitor.OpenAsync(chromium, stage, LabPeople.Reader);
        await reader.ShowAsync($"/api/pages/migrations/{view.MigrationId}");
        await reader.Page.EvaluateAsync("window.here = true");
        var standing = reader.Page.Locator(".standing .lead").First;
        string before = await standing.InnerTextAsync();

        await stage.PassUntilAsync("the next stage", v => Runs(v, StageName.RehearseOnStandby));

        await Expect(standing).Not.ToHaveTextAsync(before);
        Assert.True(await reader.Page.EvaluateAsync<bool>("window.here === true"));

        static bool Runs(MigrationView view, StageName name) => view.Stages.Any(s => s.Name == name && s.State == StageState.Running);
    }

    sealed class Capture(Action started) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            started();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
