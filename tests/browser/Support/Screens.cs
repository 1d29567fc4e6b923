using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace GwbCloud.Tests.Browser.Support;

/// <summary>Looks at a page as people with different eyes and screens do, and keeps pictures of it.</summary>
static class Screens
{
    const string Contrast = "color-contrast";

    static readonly string[] Rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

    public static ViewportSize Desk { get; } = new() { Width = 1280, Height = 900 };
    public static ViewportSize Phone { get; } = new() { Width = 390, Height = 844 };

    /// <summary>Where pictures go: <c>artifacts/screenshots</c> of the repository.</summary>
    public static string Folder { get; } = Path.Combine(Root(), "artifacts", "screenshots");

    // Colours are what a dark page has of its own, and the widths of a phone change all but them: no rule is asked twice of the same thing.
    static readonly AxeRunOptions Whole = Violations(RunOnlyOptions.Tags(Rules));
    static readonly AxeRunOptions Colours = Violations(RunOnlyOptions.Rules(Contrast));
    static readonly AxeRunOptions Layout = Violations(RunOnlyOptions.Tags(Rules), new() { [Contrast] = new RuleOptions { Enabled = false } });

    /// <summary>Holds the page against the rules of levels A and AA in light and dark, on a desk and on a phone, and takes a picture of each.</summary>
    /// <param name="page">Where it stands.</param>
    /// <param name="name">Name of the pictures.</param>
    public static async Task LookAsync(IPage page, string name)
    {
        await LookAsync(page, name, "light", ColorScheme.Light, Desk, Whole);
        await LookAsync(page, name, "dark", ColorScheme.Dark, Desk, Colours);
        await LookAsync(page, name, "phone", ColorScheme.Light, Phone, Layout);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.SetViewportSizeAsync(Desk.Width, Desk.Height);
    }

    static async Task LookAsync(IPage page, string name, string look, ColorScheme scheme, ViewportSize size, AxeRunOptions rules)
    {
        await page.SetViewportSizeAsync(size.Width, size.Height);
        await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}-{look}.png"), FullPage = true, Animations = ScreenshotAnimations.Disabled });
        await AssertAccessibleAsync(page, $"{name}, {look}", rules);
        // Sideways scrolling of the whole page is what phones must not need; tables may scroll in a frame of their own.
        int width = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        Assert.True(width <= size.Width, $"{name}, {look}: {width} pixels wide on a screen of {size.Width}");
    }

    /// <summary>Nothing breaks a rule of levels A and AA.</summary>
    public static Task AssertAccessibleAsync(IPage page, string what) => AssertAccessibleAsync(page, what, Whole);

    static async Task AssertAccessibleAsync(IPage page, string what, AxeRunOptions rules)
    {
        var result = await page.RunAxe(rules);
        Assert.True(result.Violations.Length == 0, $"{what}:\n{string.Join('\n', result.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id} ({v.Impact}): {n.Html}\n    {v.Help}")))}");
    }

    static AxeRunOptions Violations(RunOnlyOptions which, Dictionary<string, RuleOptions>? but = null) =>
        new() { RunOnly = which, Rules = but, ResultTypes = new HashSet<ResultType> { ResultType.Violations } };

    static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "GwbCloud.sln"))) { return folder.FullName; }
        }

        return AppContext.BaseDirectory;
    }
}
