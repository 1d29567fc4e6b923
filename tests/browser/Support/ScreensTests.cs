using Xunit.Sdk;

namespace GwbCloud.Tests.Browser.Support;

/// <summary>What every page is held against finds something where there is something.</summary>
public sealed class ScreensTests(Chromium chromium)
{
    [BrowserTheory]
    [InlineData("<img src='data:,'>", "image-alt")]
    [InlineData("<p style='color:#aaa;background:#fff'>pale</p>", "color-contrast")]
    [InlineData("<input>", "label")]
    public async Task Accessibility_OfAPageThatBreaksARule_Fails(string body, string rule)
    {
        await using var context = await chromium.OpenAsync(new());
        var page = await context.NewPageAsync();
        await page.SetContentAsync($"<!doctype html><html lang=en><title>Broken</title><main>{body}</main>");

        var failure = await Assert.ThrowsAnyAsync<XunitException>(() => Screens.AssertAccessibleAsync(page, "broken"));

        Assert.Contains(rule, failure.Message, StringComparison.Ordinal);
    }
}
