using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.World.Deeds;
using GwbCloud.Tests.Browser.Pages;
using GwbCloud.Tests.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GwbCloud.Tests.Browser;

/// <summary>Operators at a browser.</summary>
public sealed class OperatorTests(Chromium chromium)
{
    /// <summary>Nobody is simulated: everything that people do, they do in the browser.</summary>
    [BrowserFact]
    public async Task Migration_DoneByPeopleAlone_Completes()
    {
        await using var stage = await Stage.StartAsync(
            [LabPeople.Operator, LabPeople.SecondOperator, LabPeople.FirstApprover, LabPeople.SecondApprover], Stage.Small with { World = Stage.Small.World with { ForgottenServers = 1 } });
        await using var otto = await Visitor.OpenAsync(chromium, stage, LabPeople.Operator);
        await using var ada = await Visitor.OpenAsync(chromium, stage, LabPeople.FirstApprover);
        await using var anton = await Visitor.OpenAsync(chromium, stage, LabPeople.SecondApprover);
        var pages = new OperatorPages(stage, otto);

        string assessment = await pages.AssessAsync(() => Screens.LookAsync(otto.Page, "home-operator"));
        await pages.StateGoneAsync(assessment, name => Screens.LookAsync(otto.Page, $"finding-{name}"));
        await pages.AcceptAsync(assessment);
        await pages.StartAsync(assessment, async () =>
        {
            await Screens.LookAsync(otto.Page, "start-window");
            await otto.Page.Locator("details summary").ClickAsync();
            await otto.Page.GetByRole(AriaRole.Button, new() { Name = "Another blackout" }).ClickAsync();
            await Screens.LookAsync(otto.Page, "start-blackouts");
        });
        while (stage.View?.Outcome is null)
        {
            var view = await stage.PassUntilAsync("something to do", v => v.Outcome is not null || v.Gate is not null || v.Tasks.Any(t => t.State == TaskState.Open));
            if (view.Gate is { } gate)
            {
                string name = gate.Gate == GateName.Plan ? "plan" : "switch";
                await DecideAsync(stage, ada, view, name, look: true);
                await DecideAsync(stage, anton, view, name, look: false);
                await stage.PassUntilAsync("the gate's end", v => v.Gate is null);
            }
            else if (view.Tasks.FirstOrDefault(t => t.State == TaskState.Open) is { } task)
            {
                await pages.DoAsync(view, task);
            }
        }

        Assert.Equal(MigrationOutcome.Completed, stage.View.Outcome);
        await otto.ShowAsync($"/api/pages/migrations/{stage.View.MigrationId}");
        await Screens.LookAsync(otto.Page, "migration-completed");
        otto.AssertNothingFailed();
        ada.AssertNothingFailed();
        anton.AssertNothingFailed();
    }

    [BrowserFact]
    public async Task Migration_StoppedBehindTheSwitch_WaitsAndGoesOnByRetry()
    {
        // Otherwise the simulated requester retries before anybody has looked.
        var story = Stage.Small with { World = Stage.Small.World with { Absences = [new Absence { Who = LabRole.Requester, From = new Moment { At = MomentKind.Parked } }] } };
        await using var stage = await Stage.StartAsync([], story);
        await using var olga = await Visitor.OpenAsync(chromium, stage, LabPeople.SecondOperator);
        var view = await stage.PassUntilAsync("the way out of staging mode", v => v.Stages.Any(s => s is { Name: StageName.LeaveStagingMode, State: StageState.Running }));
        string page = $"/api/pages/migrations/{view.MigrationId}";

        await olga.ShowAsync($"{page}/actions/stop");
        await Screens.LookAsync(olga.Page, "stop");
        await PressAsync();
        await stage.PassUntilAsync("the stop", v => v.State == MigrationState.NeedsAttention);
        await olga.ShowAsync(page);
        await Expect(olga.Page.Locator(".standing .word").First).ToContainTextAsync("Needs attention");
        await Expect(olga.Page.Locator(".notices").First).ToContainTextAsync(OrchestrationError.Stopped.Code);
        await Screens.LookAsync(olga.Page, "migration-stopped");
        await olga.Page.GetByRole(AriaRole.Link, new() { Name = "Repair groups" }).ClickAsync();
        await olga.Page.GetByRole(AriaRole.Button, new() { Name = "Another group" }).ClickAsync();
        await Expect(olga.Page.Locator("[data-entry]")).ToHaveCountAsync(2);
        await Screens.LookAsync(olga.Page, "repair");
        await olga.ShowAsync(page);
        await olga.Page.GetByRole(AriaRole.Link, new() { Name = "Retry" }).ClickAsync();
        await olga.Page.WaitForURLAsync("**/actions/retry");
        await Screens.LookAsync(olga.Page, "retry");
        await PressAsync();
        var ended = await stage.PassUntilEndAsync();

        Assert.Equal(MigrationOutcome.Completed, ended.Outcome);
        Assert.False(stage.WritebackIsOn);
        olga.AssertNothingFailed();

        async Task PressAsync()
        {
            await olga.Page.Locator("main form button[type=submit]").ClickAsync();
            await olga.Page.WaitForURLAsync($"**{page}");
            await Expect(olga.Page.Locator("#answer")).ToContainTextAsync("It was taken");
        }
    }

    static async Task DecideAsync(Stage stage, Visitor approver, MigrationView view, string gate, bool look)
    {
        var page = new GatePage(approver, view.MigrationId, gate);
        await page.ShowAsync();
        await approver.Traffic.AssertLightAsync();
        if (look) { await Screens.LookAsync(approver.Page, $"gate-{gate}"); }
        await page.ChooseAsync("approve", domain: stage.Host.Issuer.Domain);
        if (look) { await Screens.LookAsync(approver.Page, $"gate-{gate}-confirm"); }
        await page.ConfirmAsync();
        await Expect(page.Answer).ToContainTextAsync("It was taken");
    }
}
