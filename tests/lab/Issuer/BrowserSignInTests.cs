using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GwbCloud.Lab.Issuer;

namespace GwbCloud.Tests.Lab.Issuer;

/// <summary>The sign-in of a browser, without one: pages are fetched, forms are posted.</summary>
public sealed partial class BrowserSignInTests
{
    static readonly Uri Redirect = new("http://127.0.0.1:7071/api/sign-in/callback");

    [Fact]
    public async Task Page_ForARequest_OffersEverybodyTheExpectedOneFirst()
    {
        await using var browser = await Browser.OpenAsync();

        var (status, page) = await browser.AskAsync(("login_hint", browser.Issuer.UserName(LabPeople.SecondApprover)));

        Assert.Equal(HttpStatusCode.OK, status);
        var offered = PersonButton.Matches(page).Select(m => m.Groups[1].Value).ToList();
        Assert.Equal(LabPeople.SecondApprover.Key, offered[0]);
        Assert.Equal(LabPeople.All.Select(p => p.Key).Order(), offered.Order());
    }

    [Fact]
    public async Task Choice_OfAPerson_AnswersWithATokenForTheNonceAndTheStateAsItCame()
    {
        await using var browser = await Browser.OpenAsync();

        var form = await browser.ChooseAsync(LabPeople.FirstApprover.Key, ("state", "a \"state\" & more"));

        Assert.Equal(Redirect.AbsoluteUri, form.Action);
        Assert.Equal("a \"state\" & more", form.Values["state"]);
        var claims = browser.Read(form);
        Assert.Equal(LabPeople.FirstApprover.ObjectId.ToString("D"), (string?)claims["oid"]);
        Assert.Equal(browser.Issuer.TenantId.ToString("D"), (string?)claims["tid"]);
        Assert.Equal("a-nonce", (string?)claims["nonce"]);
        Assert.Contains(LabPeople.ApproverRole, claims["roles"]!.AsArray().Select(r => (string?)r));
        Assert.Equal(browser.Now, (long)claims["auth_time"]!);
    }

    [Fact]
    public async Task SecondRequest_OfTheSameBrowser_IsAnsweredWithTheFirstSignIn()
    {
        await using var browser = await Browser.OpenAsync();
        long signedIn = browser.Now;
        await browser.ChooseAsync(LabPeople.Reader.Key);
        await browser.SleepAsync(TimeSpan.FromMinutes(10));

        var (_, page) = await browser.AskAsync();

        Assert.Equal(signedIn, (long)browser.Read(Form.In(page))["auth_time"]!);
    }

    [Theory]
    [InlineData("prompt", "login")]
    [InlineData("max_age", "0")]
    [InlineData("max_age", "599")]
    public async Task SecondRequest_ThatWantsAFreshSignIn_AsksAgain(string name, string value)
    {
        await using var browser = await Browser.OpenAsync();
        await browser.ChooseAsync(LabPeople.Reader.Key);
        await browser.SleepAsync(TimeSpan.FromMinutes(10));

        var (_, page) = await browser.AskAsync((name, value));

        Assert.NotEmpty(PersonButton.Matches(page));
        Assert.Equal(browser.Now, (long)browser.Read(await browser.ChooseAsync(LabPeople.Reader.Key, (name, value)))["auth_time"]!);
    }

    [Theory]
    [InlineData("redirect_uri", "http://127.0.0.1:7071/api/sign-in/callback/more")]
    [InlineData("redirect_uri", "https://elsewhere.example/api/sign-in/callback")]
    [InlineData("client_id", "00000000-0000-0000-0000-000000000000")]
    [InlineData("response_type", "token")]
    [InlineData("response_mode", "fragment")]
    [InlineData("scope", "profile")]
    [InlineData("nonce", "")]
    [InlineData("max_age", "soon")]
    public async Task Request_ThatIsNotTheProducts_IsRefusedWithoutGoingAnywhere(string name, string value)
    {
        await using var browser = await Browser.OpenAsync();

        var (status, page) = await browser.AskAsync((name, value));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.DoesNotContain("<form", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choice_PostedByAnotherSite_IsRefused()
    {
        await using var browser = await Browser.OpenAsync();

        var (status, _) = await browser.PostAsync(LabPeople.FirstApprover.Key, origin: "https://elsewhere.example");

        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Fact]
    public async Task Cancel_GoesBackWithAnErrorAndNoToken()
    {
        await using var browser = await Browser.OpenAsync();

        var form = await browser.ChooseAsync("", ("state", "s"));

        Assert.Equal(("access_denied", "s"), (form.Values["error"], form.Values["state"]));
        Assert.DoesNotContain("id_token", form.Values.Keys);
    }

    [Fact]
    public async Task Silent_WithNobodySignedIn_GoesBackWithAnError()
    {
        await using var browser = await Browser.OpenAsync();

        var (_, page) = await browser.AskAsync(("prompt", "none"));

        Assert.Equal("login_required", Form.In(page).Values["error"]);
    }

    [Fact]
    public async Task Foreigner_HasATokenOfTheOtherTenant()
    {
        await using var browser = await Browser.OpenAsync();

        var claims = browser.Read(await browser.ChooseAsync(LabPeople.Foreigner.Key));

        Assert.Equal(LabPeople.Foreigner.ForeignTenant!.Value.ToString("D"), (string?)claims["tid"]);
        Assert.DoesNotContain(browser.Issuer.TenantId.ToString("D"), (string?)claims["iss"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_IsAFileOfItsOwn_AndTheOnlyOneThatMayRun()
    {
        await using var browser = await Browser.OpenAsync();

        var (_, page) = await browser.PostAsync(LabPeople.Reader.Key);
        var (status, script) = await browser.GetAsync(Regex.Match(page, "<script src=\"([^\"]+)\"").Groups[1].Value);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("submit", script, StringComparison.Ordinal);
        Assert.Contains("script-src 'self'", browser.Policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", browser.Policy, StringComparison.Ordinal);
    }

    [GeneratedRegex("name=\"person\" value=\"([^\"]+)\"")]
    private static partial Regex PersonButton { get; }

    [GeneratedRegex("<form method=\"post\" action=\"([^\"]+)\"")]
    private static partial Regex FormTag { get; }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\">")]
    private static partial Regex HiddenValue { get; }

    sealed record Form(string Action, IReadOnlyDictionary<string, string> Values)
    {
        public static Form In(string page) => new(
            WebUtility.HtmlDecode(FormTag.Match(page).Groups[1].Value),
            HiddenValue.Matches(page).ToDictionary(m => m.Groups[1].Value, m => WebUtility.HtmlDecode(m.Groups[2].Value)));
    }

    /// <summary>Keeps cookies, and asks as the product would.</summary>
    sealed class Browser : IAsyncDisposable
    {
        readonly TestTenant _tenant;
        readonly Uri _authorize;
        readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });

        Browser(TestTenant tenant)
        {
            _tenant = tenant;
            _authorize = Issuer.AuthorizeAddress(tenant.Graph.BaseAddress);
        }

        public LabIssuer Issuer => _tenant.Issuer;
        public long Now => _tenant.Clock.GetUtcNow().ToUnixTimeSeconds();
        public string Policy { get; private set; } = "";

        public static async Task<Browser> OpenAsync()
        {
            var tenant = await TestTenant.StartAsync();
            tenant.Issuer.AllowRedirect(Redirect);
            return new Browser(tenant);
        }

        public Task SleepAsync(TimeSpan time) => _tenant.SleepAsync(time);

        public Task<(HttpStatusCode Status, string Body)> AskAsync(params (string Name, string Value)[] changes) => SendAsync(HttpMethod.Get, Address(changes), null, null);

        public Task<(HttpStatusCode Status, string Body)> GetAsync(string relative) => SendAsync(HttpMethod.Get, new Uri(_authorize, relative), null, null);

        public Task<(HttpStatusCode Status, string Body)> PostAsync(string person, string? origin = null, params (string Name, string Value)[] changes) =>
            SendAsync(HttpMethod.Post, Address(changes), new FormUrlEncodedContent([new("person", person)]), origin);

        public async Task<Form> ChooseAsync(string person, params (string Name, string Value)[] changes) => Form.In((await PostAsync(person, null, changes)).Body);

        public JsonObject Read(Form form) => Issuer.Read(form.Values["id_token"], Issuer.ClientId.ToString("D"), out _)!;

        Uri Address((string Name, string Value)[] changes)
        {
            var query = new Dictionary<string, string>
            {
                ["client_id"] = Issuer.ClientId.ToString("D"),
                ["redirect_uri"] = Redirect.AbsoluteUri,
                ["response_type"] = "id_token",
                ["response_mode"] = "form_post",
                ["scope"] = "openid profile",
                ["nonce"] = "a-nonce",
            };
            foreach (var (name, value) in changes) { query[name] = value; }
            return new Uri($"{_authorize}?{string.Join('&', query.Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value)}"))}");
        }

        async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpMethod method, Uri address, HttpContent? content, string? origin)
        {
            using var request = new HttpRequestMessage(method, address) { Content = content };
            if (origin is not null) { request.Headers.Add("Origin", origin); }
            using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
            if (answer.Headers.TryGetValues("Content-Security-Policy", out var policy)) { Policy = policy.Single(); }
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        public async ValueTask DisposeAsync()
        {
            _http.Dispose();
            await _tenant.DisposeAsync();
        }
    }
}
