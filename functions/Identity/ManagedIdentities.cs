using Azure.Identity;

namespace GwbCloud.Functions.Identity;

/// <summary>The function app's own identity.</summary>
static class ManagedIdentities
{
    /// <param name="clientId">Client id of a user-assigned identity; null or empty for the system-assigned one.</param>
    public static ManagedIdentityCredential Credential(string? clientId) => new(clientId is { Length: > 0 }
        ? ManagedIdentityId.FromUserAssignedClientId(clientId)
        : ManagedIdentityId.SystemAssigned);
}
