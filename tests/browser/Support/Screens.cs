using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace GwbCloud.Tests.Browser.Support;

/// <summary>Looks at a page as people with different eyes and screens do, and keeps pictures of it.</summary>
static class Screens
{
    static readonly string[] Rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

    public static ViewportSize Desk { get; } = new() { Width = 1280, Height = 900 };
    public static ViewportSize Phone { get; } = new() { Width = 390, Height = 844 };

    /// <summary>Where pictures go: <c>artifacts/screenshots</c> of the repository.</summary>
    public static string Folder { get; } = Path.Combine(Root(), "artifacts", "screenshots");

    /// <summary>Holds the page against the rules of levels A and AA in light and dark, on a desk and on a phone, and takes a picture of each.</summary>
    /// <param name="page">Where it stands.</param>
    /// <param name="name">Name of the pictures.</param>
    public static async Task LookAsync(IPage page, string name)
    {
        await LookAsync(page, name, "light", ColorScheme.Light, Desk);
        await LookAsync(page, name, "dark", ColorScheme.Dark, Desk);
        await LookAsync(page, name, "phone", ColorScheme.Light, Phone);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.SetViewportSizeAsync(Desk.Width, Desk.Height);
    }

    static async Task LookAsync(IPage page, string name, string look, ColorScheme scheme, ViewportSize size)
    {
        await page.SetViewportSizeAsync(size.Width, size.Height);
        await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}-{look}.png"), FullPage = true, Animations = ScreenshotAnimations.Disabled });
        await AssertAccessibleAsync(page, $"{name}, {look}");
        // Sideways scrolling of the whole page is what phones must not need; tables may scroll in a frame of their own.
        int width = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        Assert.True(width <= size.Width, $"{name}, {look}: {width} pixels wide on a screen of {size.Width}");
    }

    /// <summary>Nothing breaks a rule of levels A and AA.</summary>
    public static async Task AssertAccessibleAsync(IPage page, string what)
    {
        var result = await page.RunAxe(new AxeRunOptions { RunOnly = RunOnlyOptions.Tags(Rules), ResultTypes = new HashSet<ResultType> { ResultType.Violations } });
        Assert.True(result.Violations.Length == 0, $"{what}:\n{string.Join('\n', result.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id} ({v.Impact}): {n.Html}\n    {v.Help}")))}");
    }

    static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "GwbCloud.sln"))) { return folder.FullName; }
        }

        return AppContext.BaseDirectory;
    }
}
