using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>The two coexistence rules as the how-to specifies them, and what is compared. Source: migrate how-to, steps 3 and 4.</summary>
/// <remarks>
/// Inbound marks cloud security groups without mail (<c>cloudNoFlow</c>); outbound keeps them joined without provisioning, deleting or
/// flowing anything but references. Precedence is free to choose, everything else is compared field by field.
/// </remarks>
static class CoexistenceRuleSpec
{
    const string Group = "group";

    public static SyncRule Inbound(int precedence) => new()
    {
        Identifier = RuleIds.CoexistenceInbound,
        Name = "In from AAD - Group SOAinAAD coexistence with Cloud Sync",
        Direction = RuleDirection.Inbound,
        Link = RuleLink.Join,
        Connector = RuleIds.EntraConnector,
        Precedence = precedence,
        SourceObjectType = Group,
        TargetObjectType = Group,
        Scope =
        [
            new() { Attribute = "cloudMastered", Operator = "EQUAL", Value = "true" },
            new() { Attribute = "mail", Operator = "ISNULL", Value = "" },
        ],
        Flows = [new() { Destination = "cloudNoFlow", FlowType = "Constant", Source = "true" }],
    };

    public static SyncRule Outbound(Guid adConnector, int precedence) => new()
    {
        Identifier = RuleIds.CoexistenceOutbound,
        Name = "Out to AD - Group SOAinAAD coexistence with Cloud Sync",
        Direction = RuleDirection.Outbound,
        Link = RuleLink.JoinNoFlow,
        Connector = adConnector,
        Precedence = precedence,
        SourceObjectType = Group,
        TargetObjectType = Group,
        Scope = [new() { Attribute = "cloudNoFlow", Operator = "EQUAL", Value = "true" }],
        Flows = [],
    };

    /// <summary>Both rules among all rules of a server, judged field by field.</summary>
    public static CoexistenceRules Judge(IReadOnlyList<SyncRule> rules, Guid adConnector)
    {
        var inbound = rules.FirstOrDefault(rule => rule.Identifier == RuleIds.CoexistenceInbound);
        var outbound = rules.FirstOrDefault(rule => rule.Identifier == RuleIds.CoexistenceOutbound);
        var state = new CoexistenceRules
        {
            Inbound = Judge(inbound, Inbound(0)),
            Outbound = Judge(outbound, Outbound(adConnector, 0)),
            InboundPrecedence = inbound?.Precedence,
            OutboundPrecedence = outbound?.Precedence,
        };
        return state.InPlace() ? state with { ContentHash = CanonicalJson.Hash(new { Inbound = ContentOf(inbound!), Outbound = ContentOf(outbound!) }) } : state;
    }

    /// <summary>True when both rules are there as specified.</summary>
    public static bool InPlace(this CoexistenceRules rules) => rules is { Inbound: RuleState.AsSpecified, Outbound: RuleState.AsSpecified };

    /// <summary>What is compared: all but the precedence, and the description, which nothing depends on.</summary>
    public static SyncRule ContentOf(SyncRule rule) => rule with { Precedence = 0, Description = "" };

    static RuleState Judge(SyncRule? found, SyncRule specified) =>
        found is null ? RuleState.Absent
        : CanonicalJson.Hash(ContentOf(found)) == CanonicalJson.Hash(ContentOf(specified)) && found.Precedence is >= 0 and < 100 ? RuleState.AsSpecified
        : RuleState.Different;
}
