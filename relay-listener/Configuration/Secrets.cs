using System.Text.Json;
using System.Text.RegularExpressions;

namespace GwbCloud.RelayListener.Configuration;

/// <summary>Finds what looks like a secret in a configuration. Says where, never what.</summary>
static partial class Secrets
{
    static readonly string[] Names = ["password", "pwd", "secret", "clientsecret", "sharedaccesskey", "saskey", "accountkey", "connectionstring", "privatekey", "token"];

    /// <summary>One sentence for each value that looks like a secret.</summary>
    public static IEnumerable<string> Find(JsonElement element, string path = "") => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => FindIn(member, path.Length == 0 ? member.Name : $"{path}.{member.Name}")),
        JsonValueKind.Array => element.EnumerateArray().SelectMany((item, at) => Find(item, $"{path}[{at}]")),
        JsonValueKind.String when Pattern.IsMatch(element.GetString()!) => [$"{path}: looks like a secret"],
        _ => [],
    };

    static IEnumerable<string> FindIn(JsonProperty member, string path) =>
        member.Value.ValueKind == JsonValueKind.String && Names.Contains(member.Name.ToLowerInvariant())
            ? [$"{path}: is named like a secret"]
            : Find(member.Value, path);

    // Shared access keys are 32 bytes in base64; tokens are a JWS; connection strings and private keys name themselves; a user in an address bears a password.
    [GeneratedRegex(
        @"(?i:sharedaccesskey|sharedaccesssignature|accountkey|password|pwd|secret)\s*=|\A[A-Za-z0-9+/]{43}=\z|\AeyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+|PRIVATE KEY-----|[?&]sig=|://[^/@\s]+:[^/@\s]+@")]
    private static partial Regex Pattern { get; }
}
