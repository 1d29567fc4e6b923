using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;
using GwbCloud.Tests.Browser.Pages;
using GwbCloud.Tests.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GwbCloud.Tests.Browser;

/// <summary>A whole migration in which nobody is simulated: everything that people do, they do in the browser.</summary>
public sealed class OperatorTests(Chromium chromium)
{
    [BrowserFact]
    public async Task Migration_DoneByPeopleAlone_Completes()
    {
        await using var stage = await Stage.StartAsync([LabPeople.Operator, LabPeople.SecondOperator, LabPeople.FirstApprover, LabPeople.SecondApprover]);
        await using var otto = await Visitor.OpenAsync(chromium, stage, LabPeople.Operator);
        Visitor[] approvers = [await Visitor.OpenAsync(chromium, stage, LabPeople.FirstApprover), await Visitor.OpenAsync(chromium, stage, LabPeople.SecondApprover)];

        string assessment = await AssessAsync(stage, otto);
        await AcceptAsync(stage, otto, assessment);
        await StartAsync(stage, otto, assessment);
        while (stage.View?.Outcome is null)
        {
            var view = await stage.PassUntilAsync("something to do", v => v.Outcome is not null || v.Gate is not null || v.Tasks.Any(t => t.State == TaskState.Open));
            if (view.Gate is { } gate)
            {
                string name = gate.Gate == GateName.Plan ? "plan" : "switch";
                foreach (var approver in approvers) { await new GatePage(approver, view.MigrationId, name).DecideAsync("approve", domain: stage.Host.Issuer.Domain); }
                await stage.PassUntilAsync("the gate's end", v => v.Gate is null);
            }
            else if (view.Tasks.FirstOrDefault(t => t.State == TaskState.Open) is { } task)
            {
                await DoAsync(stage, otto, view, task);
            }
        }

        Assert.Equal(MigrationOutcome.Completed, stage.View.Outcome);
        await otto.ShowAsync($"/api/pages/migrations/{stage.View.MigrationId}");
        await Screens.LookAsync(otto.Page, "migration-completed");
        otto.AssertNothingFailed();
        foreach (var approver in approvers) { await approver.DisposeAsync(); }
    }

    static async Task<string> AssessAsync(Stage stage, Visitor otto)
    {
        var canaries = stage.Canaries;
        await otto.ShowAsync("/api/pages");
        await otto.Page.Locator("details summary").ClickAsync();
        await otto.Page.FillAsync("#canary-new", canaries.New.ToString("D"));
        await otto.Page.FillAsync("#canary-match", canaries.Match.ToString("D"));
        await otto.Page.FillAsync("#canary-unassigned", canaries.Unassigned.ToString("D"));
        await Screens.LookAsync(otto.Page, "home-operator");
        await otto.Page.Locator("form[data-api='/api/assessments'] button[type=submit]").ClickAsync();
        await otto.Page.WaitForURLAsync("**/assessments/a-*");
        await stage.PassAsync(TimeSpan.FromMinutes(10));
        return new Uri(otto.Page.Url).Segments[^1];
    }

    /// <summary>One finding after the other, each on its own page.</summary>
    static async Task AcceptAsync(Stage stage, Visitor otto, string assessment)
    {
        string findings = $"/api/pages/assessments/{assessment}/findings?severity=needsAcceptance";
        await otto.ShowAsync(findings);
        var links = await otto.Page.Locator("main tbody a[href*='/findings/GWB']").EvaluateAllAsync<string[]>("links => links.map(a => a.getAttribute('href'))");
        foreach (string link in links.Distinct())
        {
            await otto.ShowAsync(link);
            await otto.Page.FillAsync("#comment", "Known and accepted.");
            await otto.Page.Locator("form[data-api$='/acceptances'] button[type=submit]").ClickAsync();
            await Expect(otto.Page.Locator("#answer")).ToContainTextAsync("It was taken");
            await stage.PassAsync(TimeSpan.FromMinutes(1));
        }
    }

    static async Task StartAsync(Stage stage, Visitor otto, string assessment)
    {
        await otto.ShowAsync($"/api/pages/assessments/{assessment}/start");
        await otto.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in for this plan" }).ClickAsync();
        await otto.Page.WaitForURLAsync(url => !url.Contains("/start", StringComparison.Ordinal) || url.Contains("signIn=", StringComparison.Ordinal));
        await otto.PassIssuerAsync();
        // In the reader's own zone.
        var start = stage.Now.Date.AddDays(1).AddHours(22);
        await otto.Page.FillAsync("#start-at", start.ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture));
        await otto.Page.FillAsync("#end-at", start.AddHours(12).ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture));
        foreach (var box in await otto.Page.Locator("input[name=confirm]").AllAsync()) { await box.CheckAsync(); }
        await Screens.LookAsync(otto.Page, "start-window");
        await otto.Page.GetByRole(AriaRole.Button, new() { Name = "Start the migration" }).ClickAsync();
        await otto.Page.WaitForURLAsync("**/migrations/m-*");
    }

    static async Task DoAsync(Stage stage, Visitor otto, MigrationView view, OperatorTask task)
    {
        await stage.DoAsync(task);
        await otto.ShowAsync($"/api/pages/migrations/{view.MigrationId}/tasks/{task.Id}");
        await otto.Page.GetByRole(AriaRole.Button, new() { Name = "Check now" }).ClickAsync();
        await Expect(otto.Page.Locator("#answer")).ToBeVisibleAsync();
        await stage.PassUntilAsync($"{task.Title}, done", v => v.Outcome is not null || v.Tasks.All(t => t.Id != task.Id || t.State != TaskState.Open));
    }
}
