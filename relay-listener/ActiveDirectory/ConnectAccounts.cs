using System.Text.RegularExpressions;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>What the accounts that Connect makes for itself (<c>MSOL_…</c>) tell of its servers.</summary>
/// <remarks>Setup writes installation, computer and tenant into the description. Only the computer's name leaves the server.</remarks>
public static partial class ConnectAccounts
{
    /// <summary>Start of sAMAccountName of the accounts to look at.</summary>
    public const string NamePrefix = "MSOL_";

    /// <summary>The computers named by these descriptions, each once, in order; descriptions in other words name none.</summary>
    public static IReadOnlyList<string> Computers(IEnumerable<string?> descriptions) =>
    [
        .. descriptions.Select(ComputerOf).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase),
    ];

    static string? ComputerOf(string? description) =>
        description is not null && RunningOn().Match(description) is { Success: true } match ? match.Groups["computer"].Value : null;

    // Quoted in every build seen; a name holds no blank, so that the end is found without the quotes too.
    [GeneratedRegex(@"\brunning on computer\s+['\u2018\u2019""]?(?<computer>[A-Za-z0-9_-]{1,63})", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex RunningOn();
}
