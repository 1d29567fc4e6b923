using System.Net.Http.Json;
using System.Text;
using GwbCloud.Embedded.Hosting;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Identity;
using GwbCloud.Tests.Functions.Support;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Tests.Functions.Identity;

/// <summary>Who comes to an app that App Service authentication guards, that nothing guards, or with a header that nobody checked.</summary>
public sealed class DoorTests : IAsyncDisposable
{
    readonly TempFolder _folder = new();
    EmbeddedHost? _host;
    HttpClient? _http;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NothingConfigured_RefusesAndAuditsEveryAttempt()
    {
        await StartAsync(settings => settings.Remove("Authentication:Mode"));

        var decided = await SendAsync(HttpMethod.Post, "/api/migrations/m-20260101-000000-0000/gates/switch/decisions", Header(TestIssuer.Tenant, "Migration.Approver"));
        var read = await SendAsync(HttpMethod.Get, "/api/health");

        Assert.Equal((401, "GWB1008"), (decided.Status, decided.Code));
        Assert.Equal((401, "GWB1008"), (read.Status, read.Code));
        Assert.Contains(await LogAsync(), line => line.Contains("Decide: GWB1008", StringComparison.Ordinal));
        Assert.Contains(await LogAsync(), line => line.Contains("GetHealth: GWB1008", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PlatformHeader_WhereTheAppChecksItself_IsRefusedAndAudited()
    {
        await StartAsync(_ => { });

        var answer = await SendAsync(HttpMethod.Post, "/api/migrations/m-20260101-000000-0000/gates/switch/decisions", Header(TestIssuer.Tenant, "Migration.Approver"));

        Assert.Equal((401, "GWB1007"), (answer.Status, answer.Code));
        Assert.Contains(await LogAsync(), line => line.Contains("Decide: GWB1007", StringComparison.Ordinal) && line.Contains("nobody", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PlatformHeader_OfAnotherTenant_IsRefusedAndAudited()
    {
        await StartAsync(Platform);

        var answer = await SendAsync(HttpMethod.Get, "/api/migrations", Header(Guid.NewGuid().ToString("D"), "Migration.Reader"));

        Assert.Equal((401, "GWB1010"), (answer.Status, answer.Code));
        Assert.Contains(await LogAsync(), line => line.Contains("ListMigrations: GWB1010", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("google", "")]
    [InlineData("AAD", "")]
    [InlineData("", "")]
    [InlineData(null, "")]
    [InlineData("aad", $$""",{"typ":"http://schemas.microsoft.com/identity/claims/objectidentifier","val":"{{People.Second}}"}""")]
    [InlineData("aad", """,{"typ":"tid","val":"99999999-9999-4999-8999-999999999999"}""")]
    public async Task PlatformHeader_OfAnotherProviderOrOfTwoPeople_IsRefusedAndAudited(string? provider, string more)
    {
        await StartAsync(Platform);

        var answer = await SendAsync(HttpMethod.Get, "/api/migrations", Named(provider, TestIssuer.Tenant, ["Migration.Reader"], more));
        var own = await SendAsync(HttpMethod.Get, "/api/migrations", Header(TestIssuer.Tenant, "Migration.Reader"));

        Assert.Equal((401, "GWB1010"), (answer.Status, answer.Code));
        Assert.Equal(200, own.Status);
        Assert.Contains(await LogAsync(), line => line.Contains("ListMigrations: GWB1010", StringComparison.Ordinal) && line.Contains("nobody", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nobody", 401, "GWB1007")]
    [InlineData("another provider", 401, "GWB1010")]
    [InlineData("another tenant", 401, "GWB1010")]
    [InlineData("without the role", 403, "GWB1009")]
    public async Task Decision_BehindThePlatform_OfWhomItDoesNotNameAsApprover_IsRefusedAndAudited(string who, int status, string code)
    {
        await StartAsync(Platform);
        (string, string)[] headers = who switch
        {
            "another provider" => [Named("google", TestIssuer.Tenant, ["Migration.Approver"])],
            "another tenant" => [Header("99999999-9999-4999-8999-999999999999", "Migration.Approver")],
            "without the role" => [Header(TestIssuer.Tenant, "Migration.Reader", "Migration.Operator")],
            _ => [],
        };

        foreach (var route in new[] { "decisions", "withdrawals", "sign-ins", $"sign-ins/{Samples.Digest}/decision" })
        {
            var answer = await SendAsync(HttpMethod.Post, $"/api/migrations/m-20260101-000000-0000/gates/switch/{route}", headers);

            Assert.Equal((status, code), (answer.Status, answer.Code));
        }

        foreach (var function in new[] { "Decide", "Withdraw", "BeginDecision", "DecideBySignIn" })
        {
            Assert.Contains(await LogAsync(), line => line.Contains($"{function}: {code}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task PlatformHeader_WithoutTheRole_IsRefusedAndAudited()
    {
        await StartAsync(Platform);

        var answer = await SendAsync(HttpMethod.Get, "/api/migrations", Header(TestIssuer.Tenant));

        Assert.Equal((403, "GWB1009"), (answer.Status, answer.Code));
        Assert.Contains(await LogAsync(), line => line.Contains("ListMigrations: GWB1009", StringComparison.Ordinal) && line.Contains(People.First, StringComparison.Ordinal));
    }

    [Fact]
    public async Task PlatformSession_PostsWithTheAntiForgeryTokenOnly()
    {
        await StartAsync(Platform);
        var header = Header(TestIssuer.Tenant, "Migration.Operator");
        var session = await SendAsync(HttpMethod.Get, "/api/session", header);
        var token = session.Json.GetProperty("antiForgery").GetString();

        var without = await SendAsync(HttpMethod.Post, "/api/assessments", header, ("Sec-Fetch-Site", "same-origin"));
        var elsewhere = await SendAsync(HttpMethod.Post, "/api/assessments", header, ("Sec-Fetch-Site", "cross-site"), (AntiForgery.Header, token!));
        var with = await SendAsync(HttpMethod.Post, "/api/assessments", header, ("Sec-Fetch-Site", "same-origin"), (AntiForgery.Header, token!));

        Assert.Equal((403, "GWB5020"), (without.Status, without.Code));
        Assert.Equal((403, "GWB5021"), (elsewhere.Status, elsewhere.Code));
        Assert.Equal(202, with.Status);
    }

    [Theory]
    [InlineData("Basic dXNlcjpwYXNz", 403)]
    [InlineData("Bearer whatever the platform has checked", 202)]
    public async Task PlatformCaller_WithoutAnAntiForgeryToken_NeedsATokenThatNoBrowserSendsByItself(string authorization, int status)
    {
        await StartAsync(Platform);

        var answer = await SendAsync(
            HttpMethod.Post, "/api/assessments", Header(TestIssuer.Tenant, "Migration.Operator"), ("Authorization", authorization), ("Sec-Fetch-Site", "cross-site"));

        Assert.Equal(status, answer.Status);
    }

    [Fact]
    public async Task PlatformHeader_WhereThePlatformDoesNotCheck_NamesNobodyInTheAudit()
    {
        await StartAsync(Platform);

        var answer = await SendAsync(HttpMethod.Post, "/api/sign-in/callback", Header(TestIssuer.Tenant, "Migration.Approver"));

        Assert.Equal((400, "GWB5031"), (answer.Status, answer.Code));
        var line = Assert.Single(await LogAsync(), line => line.Contains("SignInCallback: GWB5031", StringComparison.Ordinal));
        Assert.DoesNotContain(People.First, line, StringComparison.Ordinal);
        Assert.Contains("nobody", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlatformSignIn_LeadsToThePlatform()
    {
        await StartAsync(Platform);

        var answer = await SendAsync(HttpMethod.Get, "/api/sign-in?returnTo=/api/session");

        Assert.Equal((302, "/.auth/login/aad?post_login_redirect_uri=%2Fapi%2Fsession"), (answer.Status, answer.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task Attempts_WithoutEnd_FillNeitherTheAuditNorTheRoomOfOthers()
    {
        await StartAsync(_ => { });

        for (var attempt = 0; attempt < 220; attempt++)
        {
            await SendAsync(HttpMethod.Post, "/api/assessments");
        }

        var insider = await SendAsync(HttpMethod.Get, "/api/migrations", ("Authorization", $"Bearer {new TestIssuer().Access(People.Stranger)}"));
        var log = await LogAsync();

        Assert.Equal(403, insider.Status);
        Assert.Equal(200, log.Count(line => line.Contains("StartAssessment: ", StringComparison.Ordinal)));
        Assert.Contains(log, line => line.Contains(People.Stranger, StringComparison.Ordinal) && line.Contains("ListMigrations: GWB1009", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cookies_OverHttps_AreTheHostsOwn()
    {
        await StartAsync(settings => settings["SignIn:Address"] = "https://migration.contoso.example");

        using var response = await _http!.GetAsync(new Uri("/api/sign-in", UriKind.Relative), Token);

        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-gwb-browser=", cookie, StringComparison.Ordinal);
        Assert.All(["secure", "httponly", "samesite=lax", "path=/"], attribute => Assert.Contains(attribute, cookie, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("domain", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(Uri.EscapeDataString($"https://migration.contoso.example{SignInDesk.CallbackPath}"), response.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_host is not null)
        {
            await _host.KillAsync();
        }

        _folder.Dispose();
    }

    async Task StartAsync(Action<Dictionary<string, string?>> change)
    {
        var settings = ApiHost.Settings(_folder["data"]);
        change(settings);
        _host = await ApiHost.StartAsync(_folder.Path, settings);
        _http = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = _host.Address };
    }

    static void Platform(Dictionary<string, string?> settings) => (settings["Authentication:Mode"], settings["WEBSITE_AUTH_ENABLED"]) = ("Platform", "True");

    static (string, string) Header(string tenant, params string[] roles) => Named("aad", tenant, roles);

    static (string, string) Named(string? provider, string tenant, string[] roles, string more = "")
    {
        var claims = string.Join(',', roles.Select(role => $$"""{"typ":"roles","val":"{{role}}"}""")
            .Prepend($$"""{"typ":"oid","val":"{{People.First}}"}""").Prepend($$"""{"typ":"tid","val":"{{tenant}}"}"""));
        return (PlatformPrincipalReader.Header, Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{{{(provider is null ? "" : $"\"auth_typ\":\"{provider}\",")}}"claims":[{{claims}}{{more}}]}""")));
    }

    async Task<Answer> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = method == HttpMethod.Post ? JsonContent.Create(new { }) : null };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http!.SendAsync(request, Token);
        return new() { Status = (int)response.StatusCode, Text = await response.Content.ReadAsStringAsync(Token), Headers = response.Headers };
    }

    async Task<string[]> LogAsync() =>
        Encoding.UTF8.GetString(await _host!.Services.GetRequiredService<AuditLog>().ReadAsync(RefusedAttempts.Log, Token)).Split('\n');
}
