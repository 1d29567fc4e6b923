using System.Buffers.Text;
using System.Text.Json;

namespace GwbCloud.Functions.Identity;

/// <summary>What a session takes from an ID token that was verified: roles, and a name to greet its bearer with.</summary>
static class IdTokenPerson
{
    /// <param name="token">Verified before; nothing of it is checked here.</param>
    /// <param name="objectId">As it was verified.</param>
    public static SignedInPerson Read(string token, string objectId)
    {
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]));
        return new()
        {
            ObjectId = objectId,
            Name = NameIn(claims.RootElement),
            Roles = claims.RootElement.TryGetProperty("roles", out var roles) && roles.ValueKind == JsonValueKind.Array
                ? [.. roles.EnumerateArray().Where(role => role.ValueKind == JsonValueKind.String).Select(role => role.GetString()!)]
                : [],
        };
    }

    /// <summary>The name of a token that was verified, whatever kind it is of; null when it bears none.</summary>
    public static string? NameOf(string token)
    {
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]));
        return NameIn(claims.RootElement);
    }

    static string? NameIn(JsonElement claims) => KnownPeople.Bounded(TextOf(claims, "name")) ?? KnownPeople.Bounded(TextOf(claims, "preferred_username"));

    static string? TextOf(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
