using System.Globalization;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Tests.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GwbCloud.Tests.Browser.Pages;

/// <summary>What operators do in the browser: assess, accept, request, do tasks.</summary>
sealed class OperatorPages(Stage stage, Visitor visitor)
{
    /// <summary>From nothing to a gate, without anybody else.</summary>
    public async Task<MigrationView> RequestAsync(GateName until)
    {
        string assessment = await AssessAsync();
        await AcceptAsync(assessment);
        await StartAsync(assessment);
        while (true)
        {
            var view = await stage.PassUntilAsync("something to do", v => v.Outcome is not null || v.Gate is not null || v.Tasks.Any(t => t.State == TaskState.Open));
            if (view.Gate is { } gate && gate.Gate == until) { return view; }
            Assert.True(view is { Outcome: null, Gate: null }, $"The migration ended before the gate: {view.Outcome}");
            await DoAsync(view, view.Tasks.First(t => t.State == TaskState.Open));
        }
    }

    public async Task<string> AssessAsync(Func<Task>? filledIn = null)
    {
        var canaries = stage.Canaries;
        await visitor.ShowAsync("/api/pages");
        await visitor.Page.Locator("details summary").ClickAsync();
        await visitor.Page.FillAsync("#canary-new", canaries.New.ToString("D"));
        await visitor.Page.FillAsync("#canary-match", canaries.Match.ToString("D"));
        await visitor.Page.FillAsync("#canary-unassigned", canaries.Unassigned.ToString("D"));
        if (filledIn is not null) { await filledIn(); }
        await visitor.Page.Locator("form[data-api='/api/assessments'] button[type=submit]").ClickAsync();
        await visitor.Page.WaitForURLAsync("**/assessments/a-*");
        await stage.PassAsync(TimeSpan.FromMinutes(10));
        return new Uri(visitor.Page.Url).Segments[^1];
    }

    /// <summary>One finding after the other, each on its own page.</summary>
    public async Task AcceptAsync(string assessment)
    {
        await visitor.ShowAsync($"/api/pages/assessments/{assessment}/findings?severity=needsAcceptance&state=open");
        var links = await visitor.Page.Locator("main tbody a[href*='/findings/GWB']").EvaluateAllAsync<string[]>("links => links.map(a => a.getAttribute('href'))");
        foreach (string link in links.Distinct())
        {
            await visitor.ShowAsync(link);
            await visitor.Page.FillAsync("#comment", "Known and accepted.");
            await visitor.Page.Locator("form[data-api$='/acceptances'] button[type=submit]").ClickAsync();
            await Expect(visitor.Page.Locator("#answer")).ToContainTextAsync("It was taken");
            await stage.PassAsync(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>States that the first server without a listener is gone, and signs in for exactly that.</summary>
    /// <param name="assessment">Where the finding is.</param>
    /// <param name="asked">Is done with the form filled in, and once more with the last question.</param>
    public async Task StateGoneAsync(string assessment, Func<string, Task> asked)
    {
        await visitor.ShowAsync($"/api/pages/assessments/{assessment}/findings/GWB2112");
        await visitor.Page.FillAsync("#comment", "Scrapped in May.");
        await asked("statement");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in for this statement" }).ClickAsync();
        await visitor.Page.WaitForURLAsync(url => !url.Contains("/findings/", StringComparison.Ordinal));
        await visitor.PassIssuerAsync();
        await Expect(visitor.Page.Locator("section.confirm")).ToContainTextAsync("is gone for good?");
        await asked("statement-confirm");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "State it" }).ClickAsync();
        await visitor.Page.WaitForURLAsync($"**/assessments/{assessment}");
        await Expect(visitor.Page.Locator("#answer")).ToContainTextAsync("It was taken");
        await stage.PassAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>Signs in for the plan, names the window, confirms and starts.</summary>
    public async Task StartAsync(string assessment, Func<Task>? filledIn = null)
    {
        await visitor.ShowAsync($"/api/pages/assessments/{assessment}/start");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in for this plan" }).ClickAsync();
        await visitor.Page.WaitForURLAsync(url => !url.Contains("/start", StringComparison.Ordinal) || url.Contains("signIn=", StringComparison.Ordinal));
        await visitor.PassIssuerAsync();
        // In the reader's own zone.
        var start = stage.Now.Date.AddDays(1).AddHours(22);
        await visitor.Page.FillAsync("#start-at", start.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture));
        await visitor.Page.FillAsync("#end-at", start.AddHours(12).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture));
        foreach (var box in await visitor.Page.Locator("input[name=confirm]").AllAsync()) { await box.CheckAsync(); }
        if (filledIn is not null) { await filledIn(); }
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Start the migration" }).ClickAsync();
        await visitor.Page.WaitForURLAsync("**/migrations/m-*");
    }

    /// <summary>Does what a task asks for, and has the page look.</summary>
    public async Task DoAsync(MigrationView view, OperatorTask task)
    {
        await stage.DoAsync(task);
        await visitor.ShowAsync($"/api/pages/migrations/{view.MigrationId}/tasks/{task.Id}");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Check now" }).ClickAsync();
        await Expect(visitor.Page.Locator("#answer")).ToBeVisibleAsync();
        await stage.PassUntilAsync($"{task.Title}, done", v => v.Outcome is not null || v.Tasks.All(t => t.Id != task.Id || t.State != TaskState.Open));
    }
}
