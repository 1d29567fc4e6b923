using System.Runtime.CompilerServices;
using GwbCloud.Tests.Browser.Support;
using Microsoft.Playwright;

namespace GwbCloud.Tests.Browser.Cards;

/// <summary>Draws a card as chat clients do, with the published renderer, which also says what it does not understand; and holds it against the published schema.</summary>
static class CardCanvas
{
    static readonly string Packages = Path.Combine(Screens.Folder, "..", "npm", "node_modules");

    static readonly Lazy<Task<string>> Schema = new(() => File.ReadAllTextAsync(Path.Combine(Screens.Folder, "..", "..", "tests", "cards", "adaptive-card-1.5.0.schema.json")));

    /// <summary>What is missing, one line; null when nothing is.</summary>
    public static string? Missing => BrowserMachine.Missing
        ?? (Directory.Exists(Path.Combine(Packages, "ajv")) ? null : "cards can't be drawn on this machine: renderer and validator are missing (tests/browser/Cards/packages.sh installs them; needs npm)");

    /// <summary>Draws a card into an empty page; what the renderer complains about, empty when it understands everything.</summary>
    /// <param name="page">Where.</param>
    /// <param name="card">The card's JSON, without its envelope.</param>
    public static async Task<string[]> DrawAsync(IPage page, string card)
    {
        await page.SetContentAsync("""
            <!doctype html><html lang="en"><title>Card</title>
            <style>
            body { margin: 1rem; font: 14px/1.45 "Segoe UI", system-ui, sans-serif; background: light-dark(#f5f5f5, #1f1f1f); color-scheme: light dark }
            main { max-width: 32rem; border: 1px solid #8888; border-radius: 6px; background: light-dark(#fff, #292929) }
            .ac-pushButton { font: inherit; padding: .3rem .9rem; border-radius: 4px; border: 1px solid light-dark(#8a8a8a, #999); background: light-dark(#fff, #292929); color: light-dark(#242424, #fff) }
            </style><main></main>
            """);
        await page.AddScriptTagAsync(new() { Path = Path.Combine(Packages, "markdown-it", "dist", "markdown-it.min.js") });
        await page.AddScriptTagAsync(new() { Path = Path.Combine(Packages, "adaptivecards", "dist", "adaptivecards.min.js") });
        return await page.EvaluateAsync<string[]>("""
            json => {
                const colours = (text, back) => ({ foregroundColors: { default: { default: text, subtle: text } }, backgroundColor: back });
                const text = 'light-dark(#242424, #fff)';
                const host = new AdaptiveCards.HostConfig({
                    fontFamily: 'inherit', supportsInteractivity: true, textBlock: { headingLevel: 2 }, spacing: { small: 6, default: 8, medium: 14, padding: 14 },
                    separator: { lineThickness: 1, lineColor: '#8888' },
                    containerStyles: {
                        default: colours(text, 'transparent'), emphasis: colours(text, 'light-dark(#ececec, #383838)'), accent: colours(text, 'light-dark(#e8ebfa, #2f3050)'),
                        good: colours(text, 'light-dark(#e7f2da, #2a3d24)'), warning: colours(text, 'light-dark(#fbf2dc, #463a1c)'), attention: colours(text, 'light-dark(#fcf4f6, #4a2530)'),
                    },
                });
                AdaptiveCards.AdaptiveCard.onProcessMarkdown = (source, result) => { result.outputHtml = markdownit().render(source); result.didProcess = true; };
                const card = new AdaptiveCards.AdaptiveCard();
                card.hostConfig = host;
                const context = new AdaptiveCards.SerializationContext(AdaptiveCards.Versions.v1_5);
                card.parse(JSON.parse(json), context);
                document.querySelector('main').append(card.render());
                const told = [...Array(context.eventCount).keys()].map(i => context.getEventAt(i).message);
                return told.concat(card.validateProperties().validationEvents.map(e => e.message));
            }
            """, card);
    }

    /// <summary>Where a card breaks the published schema of Adaptive Cards 1.5, by the validator that most tools for cards use; empty when nowhere.</summary>
    /// <param name="page">Any page.</param>
    /// <param name="card">The card's JSON, without its envelope.</param>
    public static async Task<string[]> FaultsAsync(IPage page, string card)
    {
        await page.AddScriptTagAsync(new() { Path = Path.Combine(Packages, "ajv", "dist", "ajv.min.js") });
        string metaSchema = await File.ReadAllTextAsync(Path.Combine(Packages, "ajv", "lib", "refs", "json-schema-draft-06.json"), TestContext.Current.CancellationToken);
        return await page.EvaluateAsync<string[]>("""
            ([metaSchema, schema, card]) => {
                const ajv = new Ajv({ meta: false, schemaId: 'auto', allErrors: false, logger: false });
                ajv.addMetaSchema(JSON.parse(metaSchema));
                const fits = ajv.compile(JSON.parse(schema));
                return fits(JSON.parse(card)) ? [] : fits.errors.map(error => `${error.dataPath} ${error.message} ${JSON.stringify(error.params)}`);
            }
            """, new[] { metaSchema, await Schema.Value, card });
    }
}

/// <summary>A test that draws cards; where that can't be done it is skipped, with what is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CardTheoryAttribute : TheoryAttribute
{
    public CardTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (CardCanvas.Missing is { } missing) { Skip = missing; }
    }
}

/// <summary>The same for a single test.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CardFactAttribute : FactAttribute
{
    public CardFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (CardCanvas.Missing is { } missing) { Skip = missing; }
    }
}
