using System.Text.Json;
using GwbCloud.Functions.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Identity;

/// <summary>
/// Believes the header in which App Service authentication names the caller. Registered only where the platform says that it checks
/// sign-in: then it removes the header from what comes from outside.
/// </summary>
/// <remarks>
/// The header does not tell whether a cookie or a token stands behind it. Only a bearer token is nothing that a browser sends by itself; any
/// other <c>Authorization</c> may be, as what somebody typed into the browser's own dialog. Of the platform's identity providers Entra alone counts:
/// another one that is switched on beside it could fill claims of the same names with what its users choose.
/// </remarks>
public sealed class PlatformPrincipalReader(IOptions<IdentityOptions> options) : IPrincipalReader
{
    public const string Header = "X-MS-CLIENT-PRINCIPAL";

    /// <summary>The platform's name of Entra.</summary>
    const string Entra = "aad";

    const int MaxLength = 32 * 1024;
    const string LongObjectId = "http://schemas.microsoft.com/identity/claims/objectidentifier";
    const string LongTenantId = "http://schemas.microsoft.com/identity/claims/tenantid";
    const string LongRole = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";

    public Task<PrincipalVerdict> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Task.FromResult(
            request.Headers[Header] is not [{ Length: > 0 and <= MaxLength } header] ? PrincipalVerdict.Refuse(ApiError.NotSignedIn.Because())
            : Read(header) is { } principal ? new() { Principal = BearerPrincipalReader.IsSent(request) ? principal : principal with { BrowserSession = $"platform:{principal.ObjectId}" } }
            : PrincipalVerdict.Refuse(ApiError.TokenRefused.Because("platform header")));
    }

    Principal? Read(string header)
    {
        try
        {
            using var document = JsonDocument.Parse(Convert.FromBase64String(header));
            if (document.RootElement.GetProperty("auth_typ").GetString() != Entra)
            {
                return null;
            }

            var claims = document.RootElement.GetProperty("claims").EnumerateArray()
                .Select(claim => (Type: claim.GetProperty("typ").GetString(), Value: claim.GetProperty("val").GetString()))
                .ToList();
            var tenant = OnlyOne(claims, "tid", LongTenantId);
            var person = OnlyOne(claims, "oid", LongObjectId);
            return string.Equals(tenant, options.Value.Tenant, StringComparison.OrdinalIgnoreCase) && Guid.TryParseExact(person, "D", out var oid)
                ? new()
                {
                    ObjectId = oid.ToString("D"),
                    Name = KnownPeople.Bounded(claims.Find(claim => claim.Type == "name").Value) ?? KnownPeople.Bounded(claims.Find(claim => claim.Type == "preferred_username").Value),
                    Roles = [.. claims.Where(claim => claim.Type is "roles" or LongRole).Select(claim => claim.Value).OfType<string>()],
                }
                : null;
        }
        catch (Exception refused) when (refused is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The value of a claim; null when there is none, or when there are two that differ: nobody can tell which of them is meant.</summary>
    static string? OnlyOne(IReadOnlyList<(string? Type, string? Value)> claims, string name, string longName) =>
        claims.Where(claim => claim.Type == name || claim.Type == longName).Select(claim => claim.Value).Distinct(StringComparer.OrdinalIgnoreCase).ToList() is [var only] ? only : null;
}
