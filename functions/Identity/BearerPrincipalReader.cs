using GwbCloud.Functions.Errors;
using Microsoft.AspNetCore.Http;

namespace GwbCloud.Functions.Identity;

/// <summary>Believes bearer tokens of the configured issuer.</summary>
public sealed class BearerPrincipalReader(TokenChecks tokens) : IPrincipalReader
{
    const string Scheme = "Bearer ";

    /// <summary>Whether the caller sends a bearer token, believed or not.</summary>
    public static bool IsSent(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
    }

    public async Task<PrincipalVerdict> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Headers.Authorization is not [{ } header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return PrincipalVerdict.Refuse(ApiError.NotSignedIn.Because());
        }

        var token = header[Scheme.Length..].Trim();
        var verdict = await tokens.VerifyAccessTokenAsync(token, cancellationToken);
        return verdict.IsAccepted
            ? new() { Principal = new() { ObjectId = verdict.Access.Oid, Roles = verdict.Access.Roles, Name = IdTokenPerson.NameOf(token) } }
            : PrincipalVerdict.Refuse(ApiError.TokenRefused.Because(verdict.Refusal.Code));
    }
}
