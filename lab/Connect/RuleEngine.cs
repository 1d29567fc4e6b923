using GwbCloud.Lab.World;
using GwbCloud.RelayListener.AdSync;

namespace GwbCloud.Lab.Connect;

/// <summary>What a server's rules make of a cloud group. Rules count by their content (connector, scope, link, flows), never by identifier.</summary>
sealed class RuleEngine(IReadOnlyList<SyncRule> rules, Guid adConnector)
{
    const string NoFlow = "cloudNoFlow";
    const string ReasonFiltered = "reasonFiltered";

    readonly SyncRule[] _inbound = [.. ForGroups(rules, RuleDirection.Inbound, StandardRules.EntraConnector)];
    readonly SyncRule[] _outbound = [.. ForGroups(rules, RuleDirection.Outbound, adConnector)];

    /// <summary>Groups above 50,000 members are not written.</summary>
    public bool LimitsMembers { get; } = StandardRules.HasMemberLimit(rules);

    public RuleOutcome Apply(CloudGroup group)
    {
        string? constant = null;
        bool deletes = false;
        foreach (var rule in _inbound)
        {
            if (!Takes(rule, group, noFlow: null)) { continue; }
            foreach (var flow in rule.Flows)
            {
                if (flow is { Destination: NoFlow, FlowType: "Constant" }) { constant ??= flow.Source; }
                deletes |= flow.Destination == ReasonFiltered && flow.Source.Contains("DeleteThisGroupInAD", StringComparison.Ordinal);
            }
        }
        var lineage = new List<Guid>(_outbound.Length);
        bool joins = false, provisions = false;
        foreach (var rule in _outbound)
        {
            if (!Takes(rule, group, constant)) { continue; }
            lineage.Add(rule.Identifier);
            joins |= rule.Link == RuleLink.JoinNoFlow;
            provisions |= rule.Link == RuleLink.Provision;
        }
        return new RuleOutcome(lineage, joins, provisions, deletes);
    }

    static IEnumerable<SyncRule> ForGroups(IReadOnlyList<SyncRule> rules, RuleDirection direction, Guid connector) => rules
        .Where(r => r.Direction == direction && r.Connector == connector && !r.Disabled && r.SourceObjectType == "group" && r.TargetObjectType == "group")
        .OrderBy(r => r.Precedence);

    static bool Takes(SyncRule rule, CloudGroup group, string? noFlow)
    {
        foreach (var condition in rule.Scope)
        {
            string? value = condition.Attribute switch
            {
                "cloudMastered" => group.OnPremisesSynced ? "false" : "true",
                "mail" => group.Mail,
                "displayName" => group.DisplayName,
                "cloudAnchor" => group.Anchor,
                NoFlow => noFlow,
                _ => null,
            };
            bool holds = condition.Operator switch
            {
                "EQUAL" => string.Equals(value, condition.Value, StringComparison.OrdinalIgnoreCase),
                "NOTEQUAL" => !string.Equals(value, condition.Value, StringComparison.OrdinalIgnoreCase),
                "ISNULL" => string.IsNullOrEmpty(value),
                "ISNOTNULL" => !string.IsNullOrEmpty(value),
                _ => false,
            };
            if (!holds) { return false; }
        }
        return true;
    }
}

/// <param name="Lineage">Outbound rules that apply.</param>
/// <param name="Joins">One of them is JoinNoFlow.</param>
/// <param name="Provisions">One of them provisions, and so flows.</param>
/// <param name="Deletes">An inbound rule turns "filtered" into "delete in AD".</param>
sealed record RuleOutcome(IReadOnlyList<Guid> Lineage, bool Joins, bool Provisions, bool Deletes)
{
    /// <summary>Joined, and neither made nor changed.</summary>
    public bool NoFlow => Joins && !Provisions;
}
