using GwbCloud.Contracts.Json;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace GwbCloud.Functions.Identity;

/// <summary>The two cookies of the app. Neither can be read by a script, and neither goes along with what another site posts.</summary>
/// <remarks>
/// Lax, not Strict: people come from a card in Teams or from the sign-in page, and must be known at that first look. Over https the prefix
/// <c>__Host-</c> keeps any other host of the domain from setting them.
/// </remarks>
public sealed class BrowserCookies(PublicAddress address)
{
    const string Session = "gwb-session";
    const string Browser = "gwb-browser";
    const int MaxLength = 64;

    /// <summary>The session's secret, or null.</summary>
    public string? ReadSession(HttpRequest request) => Read(request, Session);

    /// <summary>Hash of the secret that names this browser, or null.</summary>
    public string? ReadBrowser(HttpRequest request) => Read(request, Browser) is { } secret ? HashOf(secret) : null;

    /// <summary>Hash of the secret that names this browser; one that has none gets one.</summary>
    public string EnsureBrowser(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (ReadBrowser(request) is { } known)
        {
            return known;
        }

        var secret = BrowserSecret.New();
        Write(request, Browser, secret, lasts: null);
        return HashOf(secret);
    }

    /// <param name="request">Of the browser.</param>
    /// <param name="secret">The session's.</param>
    /// <param name="lasts">A span, not a moment: the browser's clock may be a wrong one.</param>
    public void WriteSession(HttpRequest request, string secret, TimeSpan lasts) => Write(request, Session, secret, lasts);

    public void DropSession(HttpRequest request) => Write(request, Session, "", TimeSpan.Zero);

    public static string HashOf(string secret) => Sha256Text.Of(Encoding.UTF8.GetBytes(secret));

    string? Read(HttpRequest request, string name)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Cookies.TryGetValue(NameOf(request, name), out var value) && value is { Length: > 0 and <= MaxLength } ? value : null;
    }

    void Write(HttpRequest request, string name, string value, TimeSpan? lasts) =>
        request.HttpContext.Response.Cookies.Append(NameOf(request, name), value, new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = IsSecure(request),
            Path = "/",
            MaxAge = lasts,
            IsEssential = true,
        });

    string NameOf(HttpRequest request, string name) => IsSecure(request) ? $"__Host-{name}" : name;

    /// <summary>By the address that browsers use: in front of the app somebody else may end TLS.</summary>
    bool IsSecure(HttpRequest request) => address.Of(request)?.StartsWith("http://", StringComparison.Ordinal) != true;
}
