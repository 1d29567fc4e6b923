using System.Text;
using System.Text.Json;
using GwbCloud.Functions.Notifications;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Tests.Browser.Support;
using static Microsoft.Playwright.Assertions;

namespace GwbCloud.Tests.Browser.Cards;

/// <summary>Cards as people see them in a chat.</summary>
public sealed class CardTests(Chromium chromium)
{
    /// <summary>Names as tenants have them.</summary>
    static readonly string[] Awkward =
    [
        "<script>document.title='owned'</script>", "[a link](https://elsewhere.example)", "**bold** _and_ `code`", "# heading", "=HYPERLINK(\"https://elsewhere.example\")",
    ];

    const string TurnsDirection = "\u202E";

    public static TheoryData<NotificationKind> Kinds { get; } = [.. Enum.GetValues<NotificationKind>()];

    [CardTheory]
    [MemberData(nameof(Kinds))]
    public async Task Card_OfAKind_FitsTheSchemaAndIsReadableByEverybody(NotificationKind kind)
    {
        await using var context = await chromium.OpenAsync(new() { ViewportSize = Screens.Desk });
        var page = await context.NewPageAsync();
        string card = Card(kind, name => $"AADC01 {name}", lines: 3);

        var complaints = await CardCanvas.DrawAsync(page, card);

        Assert.Empty(complaints);
        Assert.Empty(await CardCanvas.FaultsAsync(page, card));
        await Screens.LookAsync(page, $"card-{JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString())}");
    }

    /// <summary>Every text at its longest, in characters that take most room.</summary>
    [CardTheory]
    [MemberData(nameof(Kinds))]
    public async Task Card_OfTheLargestMessage_FitsTheSchemaAndTheLimit(NotificationKind kind)
    {
        await using var context = await chromium.OpenAsync(new() { ViewportSize = Screens.Desk });
        var page = await context.NewPageAsync();
        string longest = string.Concat(Enumerable.Repeat("\U0001F600", 5_000));
        string card = Card(kind, _ => longest, lines: Notification.MostLines);

        var complaints = await CardCanvas.DrawAsync(page, card);

        Assert.Empty(complaints);
        Assert.Empty(await CardCanvas.FaultsAsync(page, card));
        Assert.InRange(Encoding.UTF8.GetByteCount(card), 10_000, AdaptiveCard.MostBytes);
        await Expect(page.Locator("main")).ToContainTextAsync(" more on the page");
        if (kind == NotificationKind.GateAsked) { await Screens.LookAsync(page, "card-largest"); }
    }

    [CardTheory]
    [InlineData("""{"type":"AdaptiveCard","version":"1.5","body":[{"type":"TextBlock"}]}""")]
    [InlineData("""{"type":"AdaptiveCard","version":"1.5","body":[{"type":"Marquee","text":"x"}]}""")]
    [InlineData("""{"type":"AdaptiveCard","version":"1.5","msteams":{}}""")]
    public async Task Schema_OfACardThatIsNone_FindsTheFault(string card)
    {
        await using var context = await chromium.OpenAsync(new());

        Assert.NotEmpty(await CardCanvas.FaultsAsync(await context.NewPageAsync(), card));
    }

    [CardTheory]
    [InlineData(NotificationKind.GateAsked)]
    [InlineData(NotificationKind.TaskOpened)]
    public async Task Card_WithAwkwardNames_ShowsThemAsText(NotificationKind kind)
    {
        await using var context = await chromium.OpenAsync(new() { ViewportSize = Screens.Desk });
        var page = await context.NewPageAsync();

        var complaints = await CardCanvas.DrawAsync(page, Card(kind, _ => string.Join(' ', Awkward) + TurnsDirection, lines: Notification.MostLines));

        Assert.Empty(complaints);
        Assert.Equal("Card", await page.TitleAsync());
        var main = page.Locator("main");
        Assert.Equal(0, await main.Locator("a[href*=elsewhere], strong, em, code, h1, script").CountAsync());
        string shown = await main.InnerTextAsync();
        Assert.DoesNotContain(TurnsDirection, shown, StringComparison.Ordinal);
        Assert.All(Awkward, name => Assert.Contains(name, shown, StringComparison.Ordinal));
    }

    static string Card(NotificationKind kind, Func<string, string> value, int lines)
    {
        var message = new Notification
        {
            Id = "n-1",
            Kind = kind,
            Subject = "m-20261102-081010-dc6b",
            At = new(2026, 11, 2, 8, 10, 10, TimeSpan.Zero),
            Audience = Audience.Concerned,
            Title = value("title"),
            Summary = value("summary"),
            Facts = [new() { Name = "Server", Value = value("server") }, new() { Name = "Decide until", Value = "2026-11-02 10:00 UTC" }],
            Lines = [.. Enumerable.Range(1, lines).Select(line => value($"line {line}"))],
            MoreLines = 4,
            Path = "migrations/m-20261102-081010-dc6b",
        };
        using var body = JsonDocument.Parse(AdaptiveCard.Render(message, new Uri("https://gwbcloud.example/api/pages/migrations/m-20261102-081010-dc6b")));
        return body.RootElement.GetProperty("attachments")[0].GetProperty("content").GetRawText();
    }
}
