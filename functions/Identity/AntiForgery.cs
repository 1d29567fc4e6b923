using GwbCloud.Contracts;
using GwbCloud.Functions.Errors;
using Microsoft.AspNetCore.Http;

namespace GwbCloud.Functions.Identity;

/// <summary>Tells a click on our own page from a request that another site makes a browser send.</summary>
/// <remarks>
/// Both must hold: the browser says that the request comes from this origin, and the page knows the session's token, which no other origin can
/// read. A caller with a bearer token needs neither, because no site can make a browser send one.
/// </remarks>
public sealed class AntiForgery(BrowserSecret secret, PublicAddress address)
{
    public const string Header = "X-Gwb-Anti-Forgery";

    const string Purpose = "anti-forgery";

    /// <summary>The token that pages send along; null for a caller without a browser session.</summary>
    public async Task<string?> TokenAsync(Principal principal, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(principal);
        return principal.BrowserSession is { } session ? await secret.SealAsync(Purpose, session, cancellationToken) : null;
    }

    /// <summary>Null when the request may change something.</summary>
    public async Task<Refusal?> CheckAsync(HttpRequest request, Principal principal, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(principal);
        return principal.BrowserSession is not { } session ? null
            : !IsOwnOrigin(request) ? ApprovalError.OtherSite.Because()
            : request.Headers[Header] is not [{ Length: > 0 and <= 100 } token] || !await secret.FitsAsync(Purpose, session, token, cancellationToken)
                ? ApprovalError.ForgeryTokenWrong.Because()
            : null;
    }

    bool IsOwnOrigin(HttpRequest request)
    {
        var (site, origin) = (request.Headers["Sec-Fetch-Site"], request.Headers.Origin);

        // Every browser of today says at least one of the two with a POST; silence is no proof.
        return (site.Count > 0 || origin.Count > 0)
            && (site.Count == 0 || site is ["same-origin"])
            && (origin.Count == 0 || (origin is [{ } from] && string.Equals(from, address.Of(request), StringComparison.OrdinalIgnoreCase)));
    }
}
