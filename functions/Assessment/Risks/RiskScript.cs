using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Reporting;

namespace GwbCloud.Functions.Assessment.Risks;

/// <summary>Makes the script with which an operator resolves a task in Entra. Pure.</summary>
/// <remarks>Only two ids and words of closed lists go into the text, so nothing that somebody named in the tenant can become code.</remarks>
public static class RiskScript
{
    static readonly string Template = ScriptTemplate.Read("resolve-group.ps1");

    /// <summary>What the script of a task can do; none for a task whose ways lie elsewhere.</summary>
    public static IReadOnlyList<string> ActionsOf(RiskTaskKind kind) => kind switch
    {
        RiskTaskKind.RestoreOrDelete => ["Restore", "Delete"],
        RiskTaskKind.EnableOrRemove => ["Enable"],
        _ => [],
    };

    /// <summary>PowerShell, ASCII, for Windows PowerShell 5.1 and later.</summary>
    /// <param name="task">A task that has a script.</param>
    /// <param name="tenant">The tenant of its group.</param>
    /// <param name="environment">The cloud of the tenant, one of <see cref="ScopeScript.Environments"/>.</param>
    /// <exception cref="ArgumentException">The task has no script, or the cloud is unknown.</exception>
    public static string Make(RiskTask task, Guid tenant, string environment)
    {
        ArgumentNullException.ThrowIfNull(task);
        var actions = ActionsOf(task.Kind);
        if (actions.Count == 0) { throw new ArgumentException($"A task of {task.Kind} has no script.", nameof(task)); }
        if (!ScopeScript.Environments.Values.Contains(environment)) { throw new ArgumentException($"No cloud is called '{environment}'.", nameof(environment)); }

        return Template
            .Replace("{{Actions}}", string.Join(", ", actions.Select(action => $"'{action}'")), StringComparison.Ordinal)
            .Replace("{{Group}}", task.CloudId.ToString("D"), StringComparison.Ordinal)
            .Replace("{{Tenant}}", tenant.ToString("D"), StringComparison.Ordinal)
            .Replace("{{Environment}}", environment, StringComparison.Ordinal);
    }
}
