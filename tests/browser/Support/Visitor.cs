using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using GwbCloud.Lab.Issuer;
using Microsoft.Playwright;

namespace GwbCloud.Tests.Browser.Support;

/// <summary>Somebody at a browser of his own.</summary>
public sealed partial class Visitor : IAsyncDisposable
{
    /// <summary>Title of the issuer's page where it asks.</summary>
    const string IssuerAsks = "Sign in to the lab";

    readonly Stage _stage;
    readonly IBrowserContext _context;
    readonly List<string> _complaints = [];

    Visitor(Stage stage, LabPerson who, IBrowserContext context, IPage page)
    {
        (_stage, Who, _context, Page) = (stage, who, context, page);
        Traffic = new Traffic(page);
        page.PageError += (_, error) => Complain($"script: {error}");
        // A refused fetch is told here too; what is refused is the tests' own business.
        page.Console += (_, said) =>
        {
            if (said.Type == "error" && !said.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)) { Complain(said.Text); }
        };
    }

    public LabPerson Who { get; }
    public IPage Page { get; }

    /// <summary>What the last page took.</summary>
    public Traffic Traffic { get; }

    /// <summary>Opens a browser for somebody, whose clock is the rehearsal's.</summary>
    public static async Task<Visitor> OpenAsync(Chromium chromium, Stage stage, LabPerson who)
    {
        ArgumentNullException.ThrowIfNull(chromium);
        ArgumentNullException.ThrowIfNull(stage);
        var context = await chromium.OpenAsync(new()
        {
            BaseURL = stage.Host.Address.AbsoluteUri,
            ViewportSize = Screens.Desk,
            Locale = "en-GB",
            TimezoneId = "Europe/Berlin",
            ColorScheme = ColorScheme.Light,
        });
        context.SetDefaultTimeout(20_000);
        await context.Clock.InstallAsync(new() { TimeDate = stage.Now.UtcDateTime });
        return new Visitor(stage, who, context, await context.NewPageAsync());
    }

    /// <summary>Goes to a page of the product.</summary>
    public async Task<IResponse?> GoAsync(string path)
    {
        await _context.Clock.SetSystemTimeAsync(_stage.Now.UtcDateTime);
        Traffic.Begin();
        return await Page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load });
    }

    /// <summary>Goes to a page, and signs in where the product asks for it: a session ends while days pass.</summary>
    public async Task ShowAsync(string path)
    {
        var answer = await GoAsync(path);
        if (answer?.Status != (int)HttpStatusCode.Unauthorized) { return; }
        await Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await PassIssuerAsync();
        await GoAsync(path);
    }

    /// <summary>Signs in to the product; ends at a page of it.</summary>
    /// <param name="returnTo">Which page.</param>
    /// <param name="refused">The product refuses who comes; it ends where the issuer has sent him.</param>
    public async Task SignInAsync(string returnTo, bool refused = false)
    {
        await GoAsync($"/api/sign-in?returnTo={Uri.EscapeDataString(returnTo)}");
        await PassIssuerAsync(refused);
    }

    /// <summary>Says at the issuer who it is, where it asks; ends at a page of the product.</summary>
    public async Task PassIssuerAsync(bool refused = false)
    {
        await Page.WaitForFunctionAsync($"() => document.title === '{IssuerAsks}' || location.hostname !== '{LabIssuer.BrowserHost}'");
        if (await Page.TitleAsync() == IssuerAsks) { await Page.GetByRole(AriaRole.Button, new() { Name = Who.Name }).ClickAsync(); }
        try
        {
            // The address alone: a load that ended between two redirects is one that nobody hears of.
            await Assertions.Expect(Page).ToHaveURLAsync(refused ? Refused() : BackInProduct(), new() { Timeout = 30_000 });
        }
        catch (PlaywrightException)
        {
            Assert.Fail($"The sign-in ended at {Page.Url}: {await Page.ContentAsync()}\n{string.Join('\n', _complaints)}");
        }
    }

    /// <summary>Posts from the page that is shown, as its own script does; the status, and the code of a refusal.</summary>
    public async Task<(int Status, string? Code)> PostAsync(string path, object body)
    {
        var answer = await Page.EvaluateAsync<JsonElement>(
            """
            async ([path, body]) => {
              const { antiForgery } = await (await fetch('/api/session')).json();
              const answer = await fetch(path, { method: 'POST', headers: { 'X-Gwb-Anti-Forgery': antiForgery, 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
              return { status: answer.status, code: (await answer.json()).code ?? null };
            }
            """,
            new[] { path, body });
        return (answer.GetProperty("status").GetInt32(), answer.GetProperty("code").GetString());
    }

    /// <summary>Lets the page's own clock run on until a place says something: the page looks every half a minute at the latest, and an answer takes as long as the machine needs.</summary>
    public async Task LooksUntilAsync(ILocator place, string says)
    {
        for (int look = 0; ; look++)
        {
            try
            {
                await _context.Clock.RunForAsync(10_000);
                await Assertions.Expect(place).ToContainTextAsync(says, new() { Timeout = 500 });
                return;
            }
            catch (PlaywrightException) when (look < 100)
            {
                // The answer is still on its way, the next look is to come, or the page is being loaded.
            }
        }
    }

    /// <summary>Ends the session, as time or another tab does.</summary>
    public Task LoseSessionAsync() => _context.ClearCookiesAsync();

    /// <summary>Sends the person's access token along, as a shell does.</summary>
    public Task BearAsync() => _context.SetExtraHTTPHeadersAsync([new("Authorization", $"Bearer {_stage.Host.Issuer.ApiToken(Who)}")]);

    /// <summary>Scripts failed at nothing, and nothing broke the content security policy.</summary>
    public void AssertNothingFailed()
    {
        lock (_complaints) { Assert.Empty(_complaints); }
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    [GeneratedRegex($"^http://(?!{LabIssuer.BrowserHost}[:/])(?!.*/api/sign-in/)")]
    private static partial Regex BackInProduct();

    [GeneratedRegex($"^http://(?!{LabIssuer.BrowserHost}[:/]).*/api/sign-in/callback$")]
    private static partial Regex Refused();

    void Complain(string what)
    {
        lock (_complaints) { _complaints.Add(what); }
    }
}
