using GwbCloud.Tests.Browser.Support;
using Microsoft.Playwright;

namespace GwbCloud.Tests.Browser.Pages;

/// <summary>The page of a gate, in the hands of somebody.</summary>
sealed class GatePage(Visitor visitor, string migration, string gate)
{
    public string Path => $"/api/pages/migrations/{migration}/gates/{gate}";

    /// <summary>What the page says about how the gate stands.</summary>
    public ILocator Standing => visitor.Page.Locator(".standing");

    /// <summary>The form that chooses an end; not there for who may not decide.</summary>
    public ILocator Choice => visitor.Page.Locator("form:has(input[name=decision])");

    /// <summary>The last question before a decision counts; there after the sign-in.</summary>
    public ILocator Confirmation => visitor.Page.Locator("section.confirm");

    /// <summary>What the page answers to something that was asked of it.</summary>
    public ILocator Answer => visitor.Page.Locator("#answer");

    public Task ShowAsync() => visitor.ShowAsync(Path);

    /// <summary>Chooses how the gate ends, and signs in for it; nothing is decided yet.</summary>
    public async Task ChooseAsync(string decision, string? comment = null, string? domain = null)
    {
        await FillAsync(decision, comment, domain);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in for this decision" }).ClickAsync();
        await visitor.Page.WaitForURLAsync(url => !url.Contains("/gates/", StringComparison.Ordinal));
        await visitor.PassIssuerAsync();
        await Assertions.Expect(Confirmation).ToBeVisibleAsync();
    }

    /// <summary>Fills in the form, and leaves it at that.</summary>
    public async Task FillAsync(string decision, string? comment = null, string? domain = null)
    {
        await visitor.Page.Locator($"#end-{decision}").CheckAsync();
        if (comment is not null) { await visitor.Page.Locator("textarea[name=comment]:enabled").FillAsync(comment); }
        if (domain is not null) { await visitor.Page.Locator("#domain").FillAsync(domain); }
    }

    /// <summary>Says yes to the last question.</summary>
    public Task ConfirmAsync() => Confirmation.GetByRole(AriaRole.Button).ClickAsync();

    /// <summary>Reads, chooses, signs in and confirms.</summary>
    public async Task DecideAsync(string decision, string? comment = null, string? domain = null)
    {
        await ShowAsync();
        await ChooseAsync(decision, comment, domain);
        await ConfirmAsync();
        await Assertions.Expect(Answer).ToContainTextAsync("It was taken");
    }
}
