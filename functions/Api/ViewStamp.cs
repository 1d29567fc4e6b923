using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Orchestration;
using Microsoft.AspNetCore.Http;

namespace GwbCloud.Functions.Api;

/// <summary>
/// What somebody saw who asks for something: the state, the stages, the gate, the hold and what is to review, and not the progress. Sent along as
/// <c>If-Match</c> it makes sure that nobody cancels, retries or releases something else than what stood on the page.
/// </summary>
public static class ViewStamp
{
    public static string Of(MigrationView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var seen = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{view.MigrationId}|{MigrationVerbs.StateOf(view)}|{view.State}|{view.Outcome}|{view.Gate?.EvidenceDigest}|{view.Hold?.Before}|{view.Hold?.Since:O}|{view.Review?.Sha256}");
        foreach (var stage in view.Stages)
        {
            seen.Append(CultureInfo.InvariantCulture, $"|{stage.Name}:{stage.State}");
        }

        return $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(seen.ToString())))[..24]}\"";
    }

    /// <summary>Refuses a request that was made for another state. Whoever sends no stamp speaks for the state as it is.</summary>
    /// <exception cref="ApiException">412.</exception>
    public static void Demand(HttpRequest request, MigrationView view)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Headers.IfMatch is [{ } seen] && seen != "*" && seen != Of(view))
        {
            throw new ApiException(StatusCodes.Status412PreconditionFailed, ApiError.ChangedMeanwhile.Because());
        }
    }
}
