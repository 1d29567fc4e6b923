using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;
using GwbCloud.Tests.Browser.Pages;
using GwbCloud.Tests.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GwbCloud.Tests.Browser;

/// <summary>A page that stays open follows what happens, says when it can't, and leaves alone what the reader is at.</summary>
public sealed class OpenPageTests(Chromium chromium)
{
    static readonly IReadOnlyList<LabPerson> Approvers = [LabPeople.FirstApprover, LabPeople.SecondApprover];

    [BrowserFact]
    public async Task Pages_OfARunningMigration_ChangeWithoutReloadAroundWhatTheReaderIsAt()
    {
        await using var stage = await Stage.StartAsync(Approvers);
        var view = await stage.PassUntilAsync("the stamps", v => Runs(v, StageName.StampAnchors));
        await using var olga = await Visitor.OpenAsync(chromium, stage, LabPeople.SecondOperator);
        await using var otto = await Visitor.OpenAsync(chromium, stage, LabPeople.Operator);
        var (migration, home) = (olga.Page, otto.Page);
        await olga.ShowAsync($"/api/pages/migrations/{view.MigrationId}");
        await otto.ShowAsync("/api/pages");
        foreach (var page in (IPage[])[migration, home]) { await page.EvaluateAsync("window.here = true"); }
        await migration.Locator("a[href$='/actions/stop']").FocusAsync();
        await home.Locator("details summary").ClickAsync();
        await home.Locator("#canary-new").PressSequentiallyAsync("half a number");

        await stage.PassUntilAsync("the rehearsal on the standby", v => Runs(v, StageName.RehearseOnStandby));
        await olga.LooksUntilAsync(migration.Locator(".standing .lead").First, "Rehearse on the standby");
        await otto.LooksUntilAsync(home.Locator("[data-part=migrations] td").Nth(1), "Rehearse on the standby");

        foreach (var page in (IPage[])[migration, home]) { Assert.True(await page.EvaluateAsync<bool>("window.here === true")); }
        await Expect(migration.Locator("a[href$='/actions/stop']")).ToBeFocusedAsync();
        await Expect(migration.Locator("#announce")).ToContainTextAsync("Rehearse on the standby");
        await Expect(home.Locator("#canary-new")).ToBeFocusedAsync();
        await Expect(home.Locator("#canary-new")).ToHaveValueAsync("half a number");
        olga.AssertNothingFailed();
        otto.AssertNothingFailed();
    }

    /// <summary>What a key does must not change between looking and pressing.</summary>
    [BrowserFact]
    public async Task Focus_OnALinkThatMoves_GoesWithIt()
    {
        await using var stage = await Stage.StartAsync(Approvers);
        var view = await stage.PassUntilAsync("the stamps", v => Runs(v, StageName.StampAnchors));
        await using var olga = await Visitor.OpenAsync(chromium, stage, LabPeople.SecondOperator);
        await olga.ShowAsync($"/api/pages/migrations/{view.MigrationId}");
        var cancel = olga.Page.Locator("[data-part=actions] a[href$='/actions/cancel']");
        await cancel.FocusAsync();
        string page = await olga.Page.ContentAsync();
        string before = await cancel.EvaluateAsync<string>("link => link.closest('li').outerHTML");

        await olga.Page.RouteAsync(olga.Page.Url, route => route.Request.ResourceType == "fetch"
            ? route.FulfillAsync(new() { Status = 200, ContentType = "text/html", Body = page.Replace(before, "<li><a href='/api/pages/elsewhere'>Another action</a></li>" + before, StringComparison.Ordinal) })
            : route.ContinueAsync());
        await olga.LooksUntilAsync(olga.Page.Locator("[data-part=actions]"), "Another action");

        await Expect(cancel).ToBeFocusedAsync();
        await Expect(cancel).ToHaveTextAsync("Cancel");
    }

    [BrowserFact]
    public async Task Page_WhoseSocketIsClosed_SaysSoAndShowsAfterwardsWhatHappenedMeanwhile()
    {
        await using var stage = await Stage.StartAsync(Approvers);
        var view = await stage.PassUntilAsync("the stamps", v => Runs(v, StageName.StampAnchors));
        await using var wire = Wire.To(stage.Host.Address);
        await using var reader = await Visitor.OpenAsync(chromium, stage, LabPeople.Reader);
        string path = $"/api/pages/migrations/{view.MigrationId}";
        await reader.ShowAsync(path);
        await reader.GoAsync(new Uri(wire.Address, path).AbsoluteUri);
        var (contact, standing) = (reader.Page.Locator("#contact"), reader.Page.Locator(".standing .lead").First);
        await Expect(contact).ToBeHiddenAsync();

        wire.Cut();
        await reader.LooksUntilAsync(contact, "No contact since");
        await Screens.LookAsync(reader.Page, "lost-contact");
        await stage.PassUntilAsync("the rehearsal on the standby", v => Runs(v, StageName.RehearseOnStandby));
        // What it shows is from then.
        await Expect(standing).ToContainTextAsync("Stamp the anchors");
        wire.Mend();
        await reader.LooksUntilAsync(contact, "In contact again");

        await Expect(standing).ToContainTextAsync("Rehearse on the standby");
        reader.AssertNothingFailed();
    }

    static bool Runs(MigrationView view, StageName name) => view.Stages.Any(s => s.Name == name && s.State == StageState.Running);
}

/// <summary>What else an open page is answered.</summary>
[Collection<AtTheGate>]
public sealed class OpenPageRefusedTests(Chromium chromium, StageAtTheGate at)
{
    string Migration => $"/api/pages/migrations/{at.View.MigrationId}";

    /// <summary>Whatever does not say how it stands is no contact.</summary>
    [BrowserTheory]
    [InlineData(409)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Look_AnsweredByAnError_IsNoContactUntilThereIsAPageAgain(int status)
    {
        await using var reader = await Visitor.OpenAsync(chromium, at.Stage, LabPeople.Reader);
        await reader.ShowAsync(Migration);
        var contact = reader.Page.Locator("#contact");

        await reader.Page.RouteAsync($"**{Migration}", route => route.FulfillAsync(new() { Status = status }));
        await reader.LooksUntilAsync(contact, "No contact since");
        await reader.Page.UnrouteAsync($"**{Migration}");
        await reader.LooksUntilAsync(contact, "In contact again");

        await Expect(reader.Page.Locator(".standing .word").First).ToContainTextAsync("Waiting");
        reader.AssertNothingFailed();
    }

    [BrowserFact]
    public async Task Look_WithoutASession_SaysSoAndLeadsToTheSignIn()
    {
        await using var reader = await Visitor.OpenAsync(chromium, at.Stage, LabPeople.Reader);
        await reader.ShowAsync(Migration);

        await reader.LoseSessionAsync();
        await reader.LooksUntilAsync(reader.Page.Locator("#contact"), "Your sign-in has ended");
        await Expect(reader.Page.Locator(".standing .word").First).ToContainTextAsync("Waiting");
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "Load again" }).ClickAsync();

        await Expect(reader.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await Screens.LookAsync(reader.Page, "signed-out");
        reader.AssertNothingFailed();
    }

    /// <summary>What somebody has taken from the reader while the page was open is not left standing there.</summary>
    [BrowserFact]
    public async Task Look_RefusedForTheRole_ShowsTheRefusal()
    {
        await using var reader = await Visitor.OpenAsync(chromium, at.Stage, LabPeople.Reader);
        await reader.ShowAsync(Migration);

        await reader.Page.RouteAsync($"**{Migration}", route => route.FulfillAsync(new() { Status = 403, ContentType = "text/html", Body = "<title>Refused</title><h1>Not for your role</h1>" }));
        await reader.LooksUntilAsync(reader.Page.Locator("h1"), "Not for your role");

        await Expect(reader.Page.Locator(".standing")).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task Form_WithoutASession_DoesNothingAndKeepsWhatWasWritten()
    {
        await using var ada = await Visitor.OpenAsync(chromium, at.Stage, LabPeople.FirstApprover);
        var page = new GatePage(ada, at.View.MigrationId, "plan");
        await page.ShowAsync();
        await page.FillAsync("deny", "The help desk is not ready.");

        await ada.LoseSessionAsync();
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in for this decision" }).ClickAsync();

        await Expect(page.Answer).ToContainTextAsync("Your sign-in has ended");
        await Expect(ada.Page.Locator("textarea[name=comment]:enabled")).ToHaveValueAsync("The help desk is not ready.");
        ada.AssertNothingFailed();
    }
}
