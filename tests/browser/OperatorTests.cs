using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;
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
        await using var stage = await Stage.StartAsync([LabPeople.Operator, LabPeople.SecondOperator, LabPeople.FirstApprover, LabPeople.SecondApprover]);
        await using var otto = await Visitor.OpenAsync(chromium, stage, LabPeople.Operator);
        await using var ada = await Visitor.OpenAsync(chromium, stage, LabPeople.FirstApprover);
        await using var anton = await Visitor.OpenAsync(chromium, stage, LabPeople.SecondApprover);
        var pages = new OperatorPages(stage, otto);

        string assessment = await pages.AssessAsync(() => Screens.LookAsync(otto.Page, "home-operator"));
        await pages.AcceptAsync(assessment);
        await pages.StartAsync(assessment, () => Screens.LookAsync(otto.Page, "start-window"));
        while (stage.View?.Outcome is null)
        {
            var view = await stage.PassUntilAsync("something to do", v => v.Outcome is not null || v.Gate is not null || v.Tasks.Any(t => t.State == TaskState.Open));
            if (view.Gate is { } gate)
            {
                string name = gate.Gate == GateName.Plan ? "plan" : "switch";
                foreach (var approver in (Visitor[])[ada, anton]) { await new GatePage(approver, view.MigrationId, name).DecideAsync("approve", domain: stage.Host.Issuer.Domain); }
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
}
