using GwbCloud.Functions.Errors;
using Microsoft.AspNetCore.Http;

namespace GwbCloud.Functions.Identity;

/// <summary>Refuses everybody. It stands where no authentication is configured, so that forgetting it can never open the app.</summary>
public sealed class NothingConfigured : IPrincipalReader
{
    public Task<PrincipalVerdict> ReadAsync(HttpRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(PrincipalVerdict.Refuse(ApiError.AuthenticationNotConfigured.Because()));
}
