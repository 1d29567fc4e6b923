using System.Net.Http.Json;
using System.Text.Json;
using GwbCloud.Contracts.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace GwbCloud.Tests.Functions.Support;

/// <summary>A browser as far as it matters here: it keeps cookies, says where a request comes from, and follows nothing by itself.</summary>
sealed class Browser(Uri app) : IDisposable
{
    static readonly string[] Strict = ["HttpOnly", "SameSite=Lax"];

    readonly HttpClient _http = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = app };
    readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public IReadOnlyDictionary<string, string> Cookies => _cookies;

    /// <summary>Whatever a page of the app would send along; tests take some of it away.</summary>
    public bool SendsAntiForgery { get; set; } = true;
    public string? AntiForgery { get; set; }
    public string? Origin { get; set; } = app.GetLeftPart(UriPartial.Authority);
    public string? FetchSite { get; set; } = "same-origin";

    public Task<BrowserAnswer> GetAsync(string path) => SendAsync(new(HttpMethod.Get, path), ownPage: true);

    public Task<BrowserAnswer> PostAsync(string path, object? body = null) =>
        SendAsync(new(HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body, options: ContractJson.Options) }, ownPage: true);

    /// <summary>A form that another site has this browser post: cookies that are Lax stay at home.</summary>
    public Task<BrowserAnswer> PostFormFromElsewhereAsync(string path, params (string Name, string Value)[] values) =>
        SendAsync(new(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(values.Select(value => KeyValuePair.Create(value.Name, value.Value))) }, ownPage: false);

    /// <summary>Signs in as a person, the whole way round.</summary>
    public async Task<BrowserAnswer> SignInAsync(TestIssuer issuer, string person, params string[] roles)
    {
        var (state, nonce) = StateOf((await GetAsync("/api/sign-in?returnTo=/api/session")).Location!);
        var back = await PostFormFromElsewhereAsync("/api/sign-in/callback", ("state", state), ("id_token", issuer.IdToken(person, nonce, null, roles)));
        await GetAsync(back.Location!);
        var session = await GetAsync("/api/session");
        AntiForgery = session.Json.TryGetProperty("antiForgery", out var token) ? token.GetString() : null;
        return session;
    }

    /// <summary>State and nonce of an address of the identity provider.</summary>
    public static (string State, string Nonce) StateOf(string address)
    {
        var query = QueryHelpers.ParseQuery(new Uri(address).Query);
        return (query["state"].ToString(), query["nonce"].ToString());
    }

    public void Dispose() => _http.Dispose();

    async Task<BrowserAnswer> SendAsync(HttpRequestMessage request, bool ownPage)
    {
        using (request)
        {
            if (_cookies.Count > 0 && (request.Method == HttpMethod.Get || ownPage))
            {
                request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
            }

            if (request.Method == HttpMethod.Post)
            {
                Add(request, "Origin", ownPage ? Origin : "https://login.test.example");
                Add(request, "Sec-Fetch-Site", ownPage ? FetchSite : "cross-site");
                Add(request, "X-Gwb-Anti-Forgery", ownPage && SendsAntiForgery ? AntiForgery : null);
            }

            using var response = await _http.SendAsync(request, Token);
            foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
            {
                Assert.All(Strict, attribute => Assert.Contains(attribute, cookie, StringComparison.OrdinalIgnoreCase));
                var pair = cookie.Split(';')[0].Split('=', 2);
                if (pair[1].Length == 0) { _cookies.Remove(pair[0]); }
                else { _cookies[pair[0]] = pair[1]; }
            }

            return new()
            {
                Status = (int)response.StatusCode,
                Text = await response.Content.ReadAsStringAsync(Token),
                Location = response.Headers.Location?.OriginalString,
            };
        }
    }

    static void Add(HttpRequestMessage request, string name, string? value)
    {
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }
}

sealed record BrowserAnswer
{
    public required int Status { get; init; }
    public required string Text { get; init; }
    public string? Location { get; init; }

    public JsonElement Json => JsonElement.Parse(Text);

    public string? Code => Text.StartsWith('{') && Json.TryGetProperty("code", out var code) ? code.GetString() : null;
}
