using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Repair;

namespace GwbCloud.Functions.Reporting;

/// <summary>Makes the script that creates the coexistence rules on a rebuilt Connect server, with the tenant's own values. Pure. Source: migrate how-to, steps 3 and 4.</summary>
/// <remarks>Nothing that somebody named in the tenant can become code: values go in as quoted expressions, and into the help only as plain characters.</remarks>
public static class RulesScript
{
    /// <summary>Where the how-to puts the rules; taken only where they are free.</summary>
    const string InboundPrecedence = "88", OutboundPrecedence = "89";

    static readonly string s_template = ScriptTemplate.Read("coexistence-rules.ps1");

    /// <summary>PowerShell, ASCII, for Windows PowerShell 5.1 with the module ADSync.</summary>
    public static string Make(string migrationId, MigrationPlan plan)
    {
        ArgumentException.ThrowIfNullOrEmpty(migrationId);
        ArgumentNullException.ThrowIfNull(plan);
        return s_template
            .Replace("{{Migration}}", migrationId, StringComparison.Ordinal)
            .Replace("{{Tenant}}", Plain(plan.DomainToType), StringComparison.Ordinal)
            .Replace("{{OuText}}", Plain(plan.WritebackOu), StringComparison.Ordinal)
            .Replace("{{Connector}}", RepairScript.Quote(plan.Active.AdConnector ?? plan.Domain), StringComparison.Ordinal)
            .Replace("{{InboundPrecedence}}", InboundPrecedence, StringComparison.Ordinal)
            .Replace("{{OutboundPrecedence}}", OutboundPrecedence, StringComparison.Ordinal);
    }

    /// <summary>For the help's comment, which a name must not end.</summary>
    static string Plain(string text) => string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '.' or ',' or '=' or '_' ? c : '?'));
}
