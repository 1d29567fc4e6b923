using System.Globalization;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Graph;
using GwbCloud.Functions.Reporting;

namespace GwbCloud.Functions.CloudSync;

/// <summary>Makes the script with which an operator brings the groups of a <see cref="ScopeList"/> into scope. Pure.</summary>
/// <remarks>
/// Only ids, numbers, a hash and one of four words go into the text, so nothing that somebody named in the tenant can become code. Source: deployment
/// options of Cloud Sync, "selected security groups".
/// </remarks>
public static class ScopeScript
{
    static readonly string Template = ScriptTemplate.Read("assign-scope.ps1");

    /// <summary>Clouds by the host of their Graph.</summary>
    public static IReadOnlyDictionary<string, string> Environments { get; } =
        NationalCloud.All.ToDictionary(cloud => cloud.Graph.Host, cloud => cloud.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The cloud whose Graph is at an address; an address of no known cloud is a private stand-in of the public one.</summary>
    public static string EnvironmentOf(Uri graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return Environments.GetValueOrDefault(graph.Host, "Global");
    }

    /// <summary>PowerShell, ASCII, for Windows PowerShell 5.1 and later.</summary>
    /// <param name="list">What is assigned.</param>
    /// <param name="sha256">Hash of the document of the list: the script refuses any other.</param>
    /// <exception cref="ArgumentException">The hash is none, or the cloud is unknown.</exception>
    public static string Make(ScopeList list, string sha256)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentOutOfRangeException.ThrowIfNegative(list.Ring);
        if (!Sha256Text.IsValid(sha256)) { throw new ArgumentException("No SHA-256.", nameof(sha256)); }
        if (!Environments.Values.Contains(list.Environment)) { throw new ArgumentException($"No cloud is called '{list.Environment}'.", nameof(list)); }

        return Template
            .Replace("{{What}}", What(list), StringComparison.Ordinal)
            .Replace("{{Name}}", ScopeList.NameOf(list.Ring), StringComparison.Ordinal)
            .Replace("{{Sha256}}", sha256, StringComparison.Ordinal)
            .Replace("{{Tenant}}", list.Tenant.ToString("D"), StringComparison.Ordinal)
            .Replace("{{Environment}}", list.Environment, StringComparison.Ordinal)
            .Replace("{{ServicePrincipal}}", list.ServicePrincipal.ToString("D"), StringComparison.Ordinal)
            .Replace("{{AppRole}}", list.AppRole.ToString("D"), StringComparison.Ordinal)
            .Replace("{{Ring}}", list.Ring.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    static string What(ScopeList list) => list.Ring == 0 ? "The canaries" : string.Create(CultureInfo.InvariantCulture, $"Ring {list.Ring} of {list.Of}");
}
