using GwbCloud.Functions.Errors;
using Microsoft.AspNetCore.Http;

namespace GwbCloud.Functions.Identity;

/// <summary>Believes a bearer token where one is sent, and otherwise the session of the browser.</summary>
public sealed class SessionPrincipalReader(BearerPrincipalReader bearer, BrowserSessions sessions, BrowserCookies cookies) : IPrincipalReader
{
    public async Task<PrincipalVerdict> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);

        // Who sends a header means it: a wrong one is not made good by a cookie.
        return request.Headers.Authorization.Count > 0 || cookies.ReadSession(request) is not { } secret ? await bearer.ReadAsync(request, cancellationToken)
            : await sessions.ReadAsync(secret, cancellationToken) is { } principal ? new() { Principal = principal }
            : PrincipalVerdict.Refuse(ApiError.NotSignedIn.Because("the session has ended"));
    }
}
