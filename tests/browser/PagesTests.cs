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
    public async Task Names_OfEveryAwkwardKind_AreText()
    {
        await using var stage = await Stage.StartAsync([LabPeople.FirstApprover, LabPeople.SecondApprover], Awkward);
        var view = await stage.PassUntilAsync("the migration", _ => true);
        await using var reader = await Visitor.OpenAsync(chromium, stage, LabPeople.Reader);
        var names = stage.Host.World.Store.Read(() => stage.Host.World.Groups.Values
            .Where(g => g.Description?.StartsWith("Awkward: ", StringComparison.Ordinal) == true).ToDictionary(g => g.Description!["Awkward: ".Length..], g => g.DisplayName));

        // Not one line of it shows or acts as anything but its characters; those that nobody sees are shown by their numbers.
        foreach (var (kind, shown) in ((string, string)[])
        [
            ("long name", names["long name"]), ("special characters", names["special characters"]), ("leading equals sign", names["leading equals sign"]),
            ("leading at sign", names["leading at sign"]), ("emoji", names["emoji"]), ("markup", names["markup"]),
            ("letters of several bytes at the cut", names["letters of several bytes at the cut"]),
            ("right-to-left mark", names["right-to-left mark"].Replace("\u200f", "[U200F]", StringComparison.Ordinal).Replace("\u202e", "[U202E]", StringComparison.Ordinal)),
        ])
        {
            await reader.ShowAsync($"/api/pages/assessments/{view.AssessmentId}/groups?q={Uri.EscapeDataString(names[kind][..Math.Min(names[kind].Length, 60)])}");
            await Expect(reader.Page.Locator("main tbody tr td:first-child bdi, main tbody tr th:first-child bdi")).ToHaveTextAsync([shown]);
            Assert.Equal(0, await reader.Page.Locator("main img, main script").CountAsync());
        }

        Assert.Equal(256, names["long name"].Length);
        reader.AssertNothingFailed();
    }

    [BrowserFact]
    public async Task Pages_OfAVeryLargeTenant_AreAsLightAsOfASmallOne()
    {
        IServiceProvider? product = null;
        await using var stage = await Stage.StartAsync(
            [LabPeople.FirstApprover, LabPeople.SecondApprover], services: services => services.AddSingleton<IHostedService>(provider => new Capture(() => product = provider)));
        var view = await stage.PassUntilGateAsync(GateName.Plan);
        await using var reader = await Visitor.OpenAsync(chromium, stage, LabPeople.Reader);
        string migration = $"migrations/{view.MigrationId}", assessment = $"assessments/{view.AssessmentId}";
        string[] paths =
        [
            migration, $"{migration}/tasks", $"{migration}/tasks/{view.Tasks[0].Id}", $"{migration}/gates/plan", .. view.Gate!.Evidence.Select(part => $"{migration}/gates/plan/evidence/{part.Name}"),
            $"{migration}/review", $"{migration}/exports", $"{migration}/audit", assessment, $"{assessment}/findings", $"{assessment}/groups", $"{assessment}/groups?q=group&sort=members",
            $"{assessment}/names", $"{assessment}/losses",
        ];
        await reader.ShowAsync("/api/pages");
        var before = await CountAsync();

        var documents = product!.GetRequiredService<IDocumentStore>();
        await LargeTenant.EnlargeAsync(documents, view.AssessmentId, groups: 20_000, findings: 500);
        await LargeTenant.EnlargeMigrationAsync(documents, view.MigrationId, groups: 20_000);

        Assert.Equal(before, await CountAsync());
        await reader.ShowAsync($"/api/pages/{migration}");
        await Expect(reader.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("20,000 of 20,000");
        await Screens.LookAsync(reader.Page, "migration-large");
        await reader.ShowAsync($"/api/pages/{assessment}/groups?page=40");
        await Expect(reader.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("20,000");
        await Screens.LookAsync(reader.Page, "groups-large");

        // One line for each page, so that a difference names it.
        async Task<IReadOnlyList<string>> CountAsync()
        {
            var counted = new List<string>();
            foreach (string path in paths)
            {
                await reader.ShowAsync($"/api/pages/{path}");
                await Expect(reader.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
                await reader.Traffic.AssertLightAsync();
                counted.Add($"{path}: {reader.Traffic.Requests}");
            }

            return counted;
        }
    }

    [BrowserTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Page_ThatLosesContact_SaysSoAndComesBackByItself(bool socket)
    {
        await using var stage = await Stage.StartAsync([LabPeople.FirstApprover, LabPeople.SecondApprover]);
        var view = await stage.PassUntilGateAsync(GateName.Plan);
        await using var wire = Wire.To(stage.Host.Address);
        await using var reader = await Visitor.OpenAsync(chromium, stage, LabPeople.Reader);
        await reader.BearAsync();
        await reader.GoAsync(new Uri(wire.Address, $"/api/pages/migrations/{view.MigrationId}").AbsoluteUri);
        var contact = reader.Page.Locator("#contact");
        await Expect(contact).ToBeHiddenAsync();

        if (socket) { wire.Cut(); } else { await reader.OfflineAsync(true); }
        await reader.WaitAsync(TimeSpan.FromSeconds(6));
        await Expect(contact).ToContainTextAsync("No contact since");
        if (socket) { await Screens.LookAsync(reader.Page, "lost-contact"); }
        // Meanwhile the world goes on.
        await stage.PassUntilEndAsync();
        await Expect(reader.Page.Locator(".standing .word").First).Not.ToContainTextAsync("Expired");
        // The old token has run out by now.
        await reader.BearAsync();
        if (socket) { wire.Mend(); } else { await reader.OfflineAsync(false); }
        // A look comes every half a minute at the latest.
        for (int look = 0; look < 10 && await contact.GetByText("In contact again").CountAsync() == 0; look++) { await reader.WaitAsync(TimeSpan.FromSeconds(30)); }

        await Expect(contact).ToContainTextAsync("In contact again");
        await Expect(reader.Page.Locator(".standing .word").First).ToContainTextAsync("Expired");
    }

    [BrowserFact]
    public async Task Comparison_OfTwoAssessments_SaysWhatDiffers()
    {
        await using var stage = await Stage.StartAsync([LabPeople.FirstApprover, LabPeople.SecondApprover], Awkward);
        var view = await stage.PassUntilGateAsync(GateName.Plan);
        string second = await stage.ApiOf(LabPeople.SecondOperator).AssessAsync(new() { New = stage.Canaries.New, Match = stage.Canaries.Match, Unassigned = stage.Canaries.Unassigned }, [], TestContext.Current.CancellationToken);
        await stage.PassAsync(TimeSpan.FromMinutes(10));
        await using var reader = await Visitor.OpenAsync(chromium, stage, LabPeople.Reader);

        await reader.ShowAsync($"/api/pages/assessments/{second}/comparison");
        await reader.Page.Locator("#with").SelectOptionAsync(view.AssessmentId);
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();

        await reader.Page.WaitForURLAsync($"**with={view.AssessmentId}");
        await Expect(reader.Page.GetByRole(AriaRole.Heading, new() { Name = "Findings" })).ToBeVisibleAsync();
        await reader.ShowAsync(new Uri(reader.Page.Url).PathAndQuery);
        await reader.Traffic.AssertLightAsync();
        await Screens.LookAsync(reader.Page, "comparison");
        reader.AssertNothingFailed();
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
