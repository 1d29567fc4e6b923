using System.Buffers.Text;
using System.Text.Json;

namespace GwbCloud.Functions.Identity;

/// <summary>What a session takes from an ID token that was verified: roles, and a name to greet its bearer with.</summary>
static class IdTokenPerson
{
    const int LongestName = 100;

    /// <param name="token">Verified before; nothing of it is checked here.</param>
    /// <param name="objectId">As it was verified.</param>
    public static SignedInPerson Read(string token, string objectId)
    {
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]));
        return new()
        {
            ObjectId = objectId,
            Name = TextOf(claims.RootElement, "name") is { Length: > 0 } name ? name[..Math.Min(name.Length, LongestName)] : null,
            Roles = claims.RootElement.TryGetProperty("roles", out var roles) && roles.ValueKind == JsonValueKind.Array
                ? [.. roles.EnumerateArray().Where(role => role.ValueKind == JsonValueKind.String).Select(role => role.GetString()!)]
                : [],
        };
    }

    static string? TextOf(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
