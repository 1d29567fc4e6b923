using GwbCloud.Contracts.Approvals;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Operations;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.World;
using GwbCloud.Tests.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GwbCloud.Tests.Browser;

/// <summary>What operators do before and beside a migration.</summary>
public sealed class OperationPagesTests(Chromium chromium)
{
    [BrowserFact]
    public async Task Operation_ThatNeedsASecondPerson_IsPlannedApprovedStartedAndTakenBack()
    {
        await using var stage = await Stage.StartAsync([LabPeople.Operator, LabPeople.SecondOperator], Stage.Small with { World = Stage.Small.World with { M365 = 90 } });
        await using var otto = await Visitor.OpenAsync(chromium, stage, LabPeople.Operator);
        await using var ada = await Visitor.OpenAsync(chromium, stage, LabPeople.FirstApprover);
        await otto.ShowAsync("/api/pages/operations");
        await Screens.LookAsync(otto.Page, "operations");

        await otto.Page.Locator("form:has(input[value=existingGroups]) button[type=submit]").ClickAsync();
        await otto.Page.WaitForURLAsync("**/operations/o-*");
        string path = new Uri(otto.Page.Url).AbsolutePath;
        await stage.PassAsync(TimeSpan.FromMinutes(10));
        await ada.ShowAsync(path);
        await ada.Traffic.AssertLightAsync();
        await Screens.LookAsync(ada.Page, "operation-planned");
        await ada.Page.Locator("input[name=decision][value=approve]").CheckAsync();
        await Press(ada, "sign-ins").ClickAsync();
        await ada.Page.WaitForURLAsync(url => !url.Contains("/operations/", StringComparison.Ordinal));
        await ada.PassIssuerAsync();
        await Screens.LookAsync(ada.Page, "operation-confirm");
        await Press(ada, "decisions").ClickAsync();
        await Expect(ada.Page.Locator("#answer")).ToContainTextAsync("It was taken");
        await otto.ShowAsync(path);
        await Press(otto, "start").ClickAsync();
        await Expect(otto.Page.Locator("#answer")).ToContainTextAsync("It was taken");
        await stage.PassAsync(TimeSpan.FromHours(1));
        await otto.ShowAsync(path);
        await Expect(otto.Page.Locator(".standing .word")).ToContainTextAsync("completed");
        await Screens.LookAsync(otto.Page, "operation-completed");
        await otto.ShowAsync($"{path}/changes");
        await otto.Traffic.AssertLightAsync();
        await Screens.LookAsync(otto.Page, "operation-changes");
        await otto.ShowAsync(path);
        await Press(otto, "undo").ClickAsync();
        await Expect(otto.Page.Locator("#answer")).ToContainTextAsync("It was taken");
        await stage.PassAsync(TimeSpan.FromHours(1));

        await otto.ShowAsync(path);
        await Expect(otto.Page.Locator(".standing .word")).ToContainTextAsync("undone");
        otto.AssertNothingFailed();
        ada.AssertNothingFailed();
    }

    [BrowserFact]
    public async Task Task_OfARunningOperation_IsShownWithItsSteps_AndCheckedAtOnce()
    {
        await using var stage = await Stage.StartAsync(
            [LabPeople.Operator, LabPeople.SecondOperator], Stage.Small with { World = new WorldOptions { Groups = 20, M365 = 12, Orphans = 0, WithoutWriteback = true } });
        await using var otto = await Visitor.OpenAsync(chromium, stage, LabPeople.Operator);
        await otto.ShowAsync("/api/pages/operations");
        await otto.Page.Locator("form:has(input[value=enable]) button[type=submit]").ClickAsync();
        await otto.Page.WaitForURLAsync("**/operations/o-*");
        string path = new Uri(otto.Page.Url).AbsolutePath;
        await stage.PassAsync(TimeSpan.FromMinutes(10));
        await ApproveAsync(stage.Documents, path.Split('/')[^1]);
        await otto.ShowAsync(path);
        await Press(otto, "start").ClickAsync();
        await Expect(otto.Page.Locator("#answer")).ToContainTextAsync("It was taken");
        await stage.PassAsync(TimeSpan.FromMinutes(70));

        await otto.ShowAsync(path);
        await Expect(otto.Page.Locator(".steps li").First).ToBeVisibleAsync();
        await otto.Traffic.AssertLightAsync();
        await Screens.LookAsync(otto.Page, "operation-task");
        await Press(otto, "check").ClickAsync();

        await Expect(otto.Page.Locator("#answer")).ToContainTextAsync("It is being read");
        await stage.PassAsync(TimeSpan.FromMinutes(1));
        await otto.ShowAsync(path);
        await Expect(otto.Page.Locator("[data-part=tasks]")).ToContainTextAsync("Otto Operator");
        otto.AssertNothingFailed();
    }

    [BrowserFact]
    public async Task GroupsAtRisk_OfAnAssessment_AreTasksWithTheirSteps()
    {
        await using var stage = await Stage.StartAsync([LabPeople.Operator, LabPeople.SecondOperator], Stage.Small with { World = Stage.Small.World with { MailBearing = 2 } });
        string id = await stage.ApiOf(LabPeople.Operator).AssessAsync(
            new() { New = stage.Canaries.New, Match = stage.Canaries.Match, Unassigned = stage.Canaries.Unassigned }, [], TestContext.Current.CancellationToken);
        await stage.PassAsync(TimeSpan.FromMinutes(10));
        await using var olga = await Visitor.OpenAsync(chromium, stage, LabPeople.SecondOperator);

        await olga.ShowAsync($"/api/pages/assessments/{id}");
        await Screens.LookAsync(olga.Page, "assessment-blocked");
        await olga.ShowAsync($"/api/pages/assessments/{id}/tasks");
        await olga.Traffic.AssertLightAsync();
        await Screens.LookAsync(olga.Page, "risks");
        await olga.Page.Locator("main tbody a").First.ClickAsync();
        await Expect(olga.Page.Locator(".steps li").First).ToBeVisibleAsync();
        await Screens.LookAsync(olga.Page, "risk");
        olga.AssertNothingFailed();
    }

    /// <summary>As if a second person had approved: how that is done another test shows.</summary>
    static async Task ApproveAsync(IDocumentStore documents, string id)
    {
        var view = await documents.ReadOneAsync<OperationView>(StoreNames.OperationView(id), TestContext.Current.CancellationToken);
        var decision = new OperationDecision { DecisionId = "d", By = $"{LabPeople.FirstApprover.ObjectId}", At = view!.UpdatedAt, Decision = ApprovalDecision.Approve, PlanHash = view.PlanHash! };
        await documents.WriteOneAsync(StoreNames.OperationDecision(id), decision, TestContext.Current.CancellationToken);
    }

    static ILocator Press(Visitor visitor, string verb) => visitor.Page.Locator($"form[data-api$='/{verb}'] button[type=submit]");
}
