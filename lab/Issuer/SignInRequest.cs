using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace GwbCloud.Lab.Issuer;

/// <summary>What a browser was sent with: an OpenID Connect sign-in that answers with an ID token by form post.</summary>
sealed record SignInRequest
{
    public required Uri RedirectUri { get; init; }
    public required string Nonce { get; init; }

    /// <summary>Goes back as it came; null when none came.</summary>
    public string? State { get; init; }

    /// <summary>User name that the asking app expects.</summary>
    public string? LoginHint { get; init; }

    /// <summary>An earlier sign-in is no answer.</summary>
    public bool Anew { get; init; }

    /// <summary>Nobody may be asked anything.</summary>
    public bool Silent { get; init; }

    /// <summary>How old an earlier sign-in may be; null is any age.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Reads the query of the authorization endpoint.</summary>
    /// <param name="query">As it came.</param>
    /// <param name="issuer">Knows the app and its addresses.</param>
    /// <param name="refusal">Why it is none. Where to send the browser is then unknown, or not to be trusted.</param>
    public static SignInRequest? Read(IQueryCollection query, LabIssuer issuer, out string? refusal)
    {
        var age = TimeSpan.Zero;
        refusal = query["client_id"] != issuer.ClientId.ToString("D") ? "client_id names no app of this tenant"
            : !Uri.TryCreate(query["redirect_uri"], UriKind.Absolute, out var redirect) || !issuer.RedirectsTo(redirect) ? "redirect_uri is none that the app has registered"
            : query["response_type"] != "id_token" ? "response_type must be id_token"
            : query["response_mode"] != "form_post" ? "response_mode must be form_post"
            : !query["scope"].ToString().Split(' ').Contains("openid") ? "scope must contain openid"
            : query["nonce"] is not [{ Length: > 0 }] ? "nonce must be there once"
            : query["state"].Count > 1 ? "state must be there once"
            : !TryAge(query["max_age"], out age) ? "max_age must be a number of seconds"
            : null;
        return refusal is not null ? null : new SignInRequest
        {
            RedirectUri = new Uri(query["redirect_uri"].ToString()),
            Nonce = query["nonce"].ToString(),
            State = query["state"] is [{ } state] ? state : null,
            LoginHint = query["login_hint"] is [{ Length: > 0 } hint] ? hint : null,
            Anew = query["prompt"].ToString() is "login" or "select_account",
            Silent = query["prompt"] == "none",
            MaxAge = query["max_age"].Count == 0 ? null : age,
        };
    }

    static bool TryAge(string? text, out TimeSpan age)
    {
        bool known = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds);
        age = TimeSpan.FromSeconds(seconds);
        return known || text is null;
    }
}
