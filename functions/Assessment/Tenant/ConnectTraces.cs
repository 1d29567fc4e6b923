using System.Text.RegularExpressions;

namespace GwbCloud.Functions.Assessment;

/// <summary>The names that Connect gives its accounts in Entra: they tell which servers were ever set up.</summary>
public static partial class ConnectTraces
{
    /// <summary>Start of the user that a server signs in as: <c>Sync_{server}_{installation}@…</c>.</summary>
    public const string UserPrefix = "Sync_";

    /// <summary>Start of the application that newer builds sign in as: <c>ConnectSyncProvisioning_{server}_{installation}</c>.</summary>
    public const string ApplicationPrefix = "ConnectSyncProvisioning_";

    /// <summary>The servers that these names tell of, each once; what only begins alike tells of none.</summary>
    public static IReadOnlyList<string> Servers(IEnumerable<string?> names) =>
    [
        .. names.OfType<string>().Select(name => Form().Match(name)).Where(match => match.Success)
            .Select(match => match.Groups["server"].Value.ToUpperInvariant()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    [GeneratedRegex(@"\A(Sync|ConnectSyncProvisioning)_(?<server>.+)_[0-9a-f]{12}(@.*)?\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
