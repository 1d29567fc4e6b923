using System.Globalization;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Reporting;

namespace GwbCloud.Functions.Repair;

/// <summary>Makes the script that brings groups back with the rights of the person who runs it. Pure.</summary>
/// <remarks>
/// What the groups are called stands in the snapshot's document, which the script reads as data; into the text go an id, a hash, a moment and
/// one container, quoted. So nothing that somebody named in the directory can become code.
/// </remarks>
public static class RepairScript
{
    static readonly string Template = ScriptTemplate.Read("repair-groups.ps1");

    /// <summary>PowerShell, ASCII, for Windows PowerShell 5.1 and later with the module ActiveDirectory.</summary>
    /// <exception cref="ArgumentException">The hash is none.</exception>
    public static string Make(RepairPack pack)
    {
        ArgumentNullException.ThrowIfNull(pack);
        if (!Sha256Text.IsValid(pack.Snapshot.Sha256)) { throw new ArgumentException("No SHA-256.", nameof(pack)); }

        return Template
            .Replace("{{About}}", pack.About, StringComparison.Ordinal)
            .Replace("{{Sha256}}", pack.Snapshot.Sha256, StringComparison.Ordinal)
            .Replace("{{Ou}}", Quote(pack.WritebackOu), StringComparison.Ordinal);
    }

    /// <summary>A text as an expression of PowerShell, in ASCII whatever is in it.</summary>
    /// <remarks>PowerShell also takes typographic quotation marks for quotes, so everything but plain characters is spelled by its number.</remarks>
    internal static string Quote(string text)
    {
        if (text.All(c => c is >= ' ' and <= '~' and not ('\'' or '{' or '}'))) { return $"'{text}'"; }
        return $"(-join [char[]] ({string.Join(',', text.Select(c => ((int)c).ToString(CultureInfo.InvariantCulture)))}))";
    }
}
