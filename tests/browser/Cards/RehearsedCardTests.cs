using System.Text.Json;
using GwbCloud.Tests.Browser.Support;

namespace GwbCloud.Tests.Browser.Cards;

/// <summary>Cards of a whole migration, as the chat system got them.</summary>
[Collection<AfterTheEnd>]
public sealed class RehearsedCardTests(Chromium chromium, StageAfterTheEnd at)
{
    [CardFact]
    public async Task Cards_OfAWholeMigration_AreUnderstoodByTheRendererAndReadableByEverybody()
    {
        List<JsonElement> sent =
        [
            .. at.Stage.Host.Messages.Received.Select(message => JsonElement.Parse(message.Body))
                .Where(body => body.TryGetProperty("attachments", out _)).Select(body => body.GetProperty("attachments")[0].GetProperty("content")),
        ];
        await using var context = await chromium.OpenAsync(new() { ViewportSize = Screens.Desk });
        var page = await context.NewPageAsync();

        // Everything is drawn; of those that people see most there is a picture.
        foreach (var card in sent)
        {
            Assert.Empty(await CardCanvas.DrawAsync(page, card.GetRawText()));
            Assert.Empty(await CardCanvas.FaultsAsync(page, card.GetRawText()));
        }

        var byHead = sent.ToLookup(card => card.GetProperty("fallbackText").GetString());
        foreach (var (name, card) in ((string, JsonElement)[])
        [
            ("gate-plan", byHead["A decision is asked for (GwbCloud)"].First()), ("gate-switch", byHead["A decision is asked for (GwbCloud)"].Last()),
            ("task", byHead["A task for an operator (GwbCloud)"].First()), ("completed", byHead["Completed (GwbCloud)"].Single()),
        ])
        {
            await CardCanvas.DrawAsync(page, card.GetRawText());
            string shown = await page.Locator("main").InnerTextAsync();

            Assert.DoesNotMatch("[0-9]{2}:[0-9]{2}:[0-9]{2}Z", shown);
            await Screens.LookAsync(page, $"card-rehearsed-{name}");
        }
    }
}
