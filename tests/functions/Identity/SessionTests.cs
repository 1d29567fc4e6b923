using System.Text;
using System.Text.Json.Nodes;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Identity;
using GwbCloud.Tests.Functions.Support;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Tests.Functions.Identity;

public sealed class SessionTests(ApiHost host) : IClassFixture<ApiHost>, IDisposable
{
    const string Reader = "Migration.Reader";

    readonly Browser _browser = new(host.Address);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _browser.Dispose();

    [Fact]
    public async Task SignIn_OfAPerson_OpensASessionWithItsRoles()
    {
        var before = await _browser.GetAsync("/api/migrations");
        var session = await _browser.SignInAsync(host.Issuer, People.Reader, Reader);
        var after = await _browser.GetAsync("/api/migrations");

        Assert.Equal((401, "GWB1007"), (before.Status, before.Code));
        Assert.True(session.Json.GetProperty("signedIn").GetBoolean());
        Assert.Equal(People.Reader, session.Json.GetProperty("objectId").GetString());
        Assert.Equal([Reader], session.Json.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal(200, after.Status);
    }

    [Fact]
    public async Task SignIn_LeadsToTheProviderWithoutASecret()
    {
        var answer = await _browser.GetAsync("/api/sign-in");

        Assert.Equal(302, answer.Status);
        Assert.StartsWith($"https://login.test.example/authorize?client_id={TestIssuer.ClientId}&response_type=id_token&response_mode=form_post&", answer.Location, StringComparison.Ordinal);
        Assert.Contains(Uri.EscapeDataString($"{host.Address.GetLeftPart(UriPartial.Authority)}/api/sign-in/callback"), answer.Location, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("/a b")]
    [InlineData("/a#b")]
    public async Task SignIn_ThatWouldEndElsewhere_IsRefused(string returnTo)
    {
        var answer = await _browser.GetAsync($"/api/sign-in?returnTo={Uri.EscapeDataString(returnTo)}");

        Assert.Equal((400, "GWB1006"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Session_OfSomebodyWithoutARole_MayReadNothing()
    {
        var session = await _browser.SignInAsync(host.Issuer, People.Stranger);

        var answer = await _browser.GetAsync("/api/migrations");

        Assert.True(session.Json.GetProperty("signedIn").GetBoolean());
        Assert.Equal((403, "GWB1009"), (answer.Status, answer.Code));
        Assert.Contains(await AccessLogAsync(), line => line.Contains(People.Stranger, StringComparison.Ordinal) && line.Contains("ListMigrations: GWB1009", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SignOut_EndsTheSessionForWhoeverHoldsItsCookie()
    {
        await _browser.SignInAsync(host.Issuer, People.Reader, Reader);
        var cookie = _browser.Cookies["gwb-session"];

        var gone = await _browser.PostAsync("/api/sign-out");
        var kept = await host.Services.GetRequiredService<BrowserSessions>().ReadAsync(cookie, Token);

        Assert.Equal(200, gone.Status);
        Assert.Null(kept);
        Assert.False(_browser.Cookies.ContainsKey("gwb-session"));
        Assert.Equal(401, (await _browser.GetAsync("/api/migrations")).Status);
    }

    [Fact]
    public async Task State_SentTwice_IsRefusedTheSecondTime()
    {
        var (state, nonce) = Browser.StateOf((await _browser.GetAsync("/api/sign-in")).Location!);
        (string, string)[] form = [("state", state), ("id_token", host.Issuer.IdToken(People.Reader, nonce, null, Reader))];

        var first = await _browser.PostFormFromElsewhereAsync("/api/sign-in/callback", form);
        var second = await _browser.PostFormFromElsewhereAsync("/api/sign-in/callback", form);
        var finished = await _browser.GetAsync(first.Location!);
        var again = await _browser.GetAsync(first.Location!);

        Assert.Equal(303, first.Status);
        Assert.Equal((409, "GWB5033"), (second.Status, second.Code));
        Assert.Equal(303, finished.Status);
        Assert.Equal((409, "GWB5033"), (again.Status, again.Code));
        Assert.Contains(await AccessLogAsync(), line => line.Contains("SignInCallback: GWB5033", StringComparison.Ordinal));
    }

    [Fact]
    public async Task State_OfAnotherBrowser_OpensNoSession()
    {
        using var thief = new Browser(host.Address);
        var (state, nonce) = Browser.StateOf((await _browser.GetAsync("/api/sign-in")).Location!);
        await thief.GetAsync("/api/sign-in");

        var taken = await thief.PostFormFromElsewhereAsync("/api/sign-in/callback", ("state", state), ("id_token", host.Issuer.IdToken(People.Stranger, nonce, null, Reader)));
        var finished = await thief.GetAsync(taken.Location!);

        Assert.Equal((403, "GWB5034"), (finished.Status, finished.Code));
        Assert.False(thief.Cookies.ContainsKey("gwb-session"));
        Assert.Contains(await AccessLogAsync(), line => line.Contains("FinishSignIn: GWB5034", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("made up", 400, "GWB5031")]
    [InlineData("altered", 400, "GWB5031")]
    [InlineData("missing", 400, "GWB5031")]
    [InlineData("token for another state", 403, "GWB7316")]
    [InlineData("token of another tenant", 403, "GWB7312")]
    [InlineData("no token", 403, "GWB7302")]
    [InlineData("refused at the provider", 403, "GWB5035")]
    public async Task Callback_ThatDoesNotFit_IsRefusedAndAudited(string what, int status, string code)
    {
        var (state, nonce) = Browser.StateOf((await _browser.GetAsync("/api/sign-in")).Location!);
        var token = host.Issuer.IdToken(
            People.Reader, what == "token for another state" ? "another" : nonce, what == "token of another tenant" ? claims => claims["tid"] = JsonValue.Create(Guid.NewGuid()) : null, Reader);
        (string, string)[] form = what switch
        {
            "made up" => [("state", "a.b"), ("id_token", token)],
            "altered" => [("state", (state[0] == 'e' ? 'f' : 'e') + state[1..]), ("id_token", token)],
            "missing" => [("id_token", token)],
            "no token" => [("state", state), ("id_token", "x")],
            "refused at the provider" => [("state", state), ("error", "access_denied")],
            _ => [("state", state), ("id_token", token)],
        };

        var answer = await _browser.PostFormFromElsewhereAsync("/api/sign-in/callback", form);

        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.Contains(await AccessLogAsync(), line => line.Contains($"SignInCallback: {code}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("no token", "GWB5020")]
    [InlineData("another origin", "GWB5021")]
    [InlineData("another site", "GWB5021")]
    [InlineData("same site, another origin", "GWB5021")]
    [InlineData("nothing said", "GWB5021")]
    public async Task Post_ThatNoPageOfOursSends_IsRefusedAndAudited(string what, string code)
    {
        await _browser.SignInAsync(host.Issuer, People.Requester, "Migration.Operator");
        _browser.SendsAntiForgery = what != "no token";
        (_browser.Origin, _browser.FetchSite) = what switch
        {
            "another origin" => ("https://evil.example", null),
            "another site" => (null, "cross-site"),
            "same site, another origin" => (null, "same-site"),
            "nothing said" => (null, null),
            _ => (_browser.Origin, _browser.FetchSite),
        };

        var answer = await _browser.PostAsync("/api/assessments", new { });

        Assert.Equal((403, code), (answer.Status, answer.Code));
        Assert.Contains(await AccessLogAsync(), line => line.Contains($"StartAssessment: {code}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Post_WithTheTokenOfAnotherSession_IsRefused()
    {
        using var other = new Browser(host.Address);
        await other.SignInAsync(host.Issuer, People.Reader, Reader);
        await _browser.SignInAsync(host.Issuer, People.Requester, "Migration.Operator");
        var own = _browser.AntiForgery;
        _browser.AntiForgery = other.AntiForgery;

        var answer = await _browser.PostAsync("/api/assessments", new { });
        _browser.AntiForgery = own;
        var withItsOwn = await _browser.PostAsync("/api/assessments", new { });

        Assert.Equal((403, "GWB5020"), (answer.Status, answer.Code));
        Assert.Equal(202, withItsOwn.Status);
        Assert.Contains(await AccessLogAsync(), line => line.Contains("StartAssessment: GWB5020", StringComparison.Ordinal) && line.Contains(People.Requester, StringComparison.Ordinal));
    }

    [Fact]
    public async Task State_ThatCameBackTooLate_IsRefusedAndAudited()
    {
        var (state, nonce) = Browser.StateOf((await _browser.GetAsync("/api/sign-in")).Location!);
        (string, string)[] form = [("state", state), ("id_token", host.Issuer.IdToken(People.Reader, nonce, null, Reader))];

        using var later = host.Clock.Later(TimeSpan.FromMinutes(11));
        var answer = await _browser.PostFormFromElsewhereAsync("/api/sign-in/callback", form);

        Assert.Equal((400, "GWB5032"), (answer.Status, answer.Code));
        Assert.Contains(await AccessLogAsync(), line => line.Contains("SignInCallback: GWB5032", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Session_PastItsTime_OpensNothing()
    {
        await _browser.SignInAsync(host.Issuer, People.Reader, Reader);

        BrowserAnswer within, after;
        using (host.Clock.Later(TimeSpan.FromMinutes(59))) { within = await _browser.GetAsync("/api/migrations"); }
        using (host.Clock.Later(TimeSpan.FromMinutes(61))) { after = await _browser.GetAsync("/api/migrations"); }

        Assert.Equal(200, within.Status);
        Assert.Equal((401, "GWB1007"), (after.Status, after.Code));
    }

    async Task<string[]> AccessLogAsync() =>
        Encoding.UTF8.GetString(await host.Services.GetRequiredService<AuditLog>().ReadAsync(RefusedAttempts.Log, Token)).Split('\n');
}
