using GwbCloud.RelayListener.AdSync;

namespace GwbCloud.Lab.Connect;

/// <summary>The rules about cloud groups that Connect's installation brings, and the optional delete rule.</summary>
public static class StandardRules
{
    public static Guid EntraConnector { get; } = new("b891884f-051e-4a83-95af-2544101c9083");
    public static Guid InFromEntra { get; } = new("8f2c3a52-4a0d-4d35-8f0a-8a6c8a2e7c01");
    public static Guid OutToAd { get; } = new("6c5f0b83-91a7-4f2e-b0a4-6f5be1f95d02");
    public static Guid DeleteRule { get; } = new("cb871f2d-0f01-4c32-a333-ff809145b947");

    public static Guid MemberLimitRule { get; } = new("5d1b9f60-7c3e-4a55-9a0e-1f6a54a2c504");

    /// <summary>What every server has.</summary>
    public static IReadOnlyList<SyncRule> For(Guid adConnector) =>
    [
        Rule(InFromEntra.ToString(), "In from AAD - Group SOAinAAD", RuleDirection.Inbound, RuleLink.Provision, EntraConnector, 115,
            [Is("cloudMastered", "true")], [Direct("displayName"), Direct("description"), Direct("member"), Direct("mail")]),
        Rule(OutToAd.ToString(), "Out to AD - Group SOAinAAD", RuleDirection.Outbound, RuleLink.Provision, adConnector, 116,
            [Is("cloudMastered", "true"), IsNot("cloudNoFlow", "true")], [Direct("displayName"), Direct("description"), Direct("member")]),
        Rule("d7a6e21c-0b58-4c41-8a3d-52d1f7b33b03", "Out to AD - Group SOAinAAD - Exchange", RuleDirection.Outbound, RuleLink.Join, adConnector, 117,
            [Is("cloudMastered", "true"), IsNot("cloudNoFlow", "true"), Has("mail")], [Direct("mail")]),
        Rule(MemberLimitRule.ToString(), "Out to AD - Group Writeback Member Limit", RuleDirection.Outbound, RuleLink.Join, adConnector, 118,
            [Is("cloudMastered", "true"), IsNot("cloudNoFlow", "true")], []),
    ];

    /// <summary>The rule of writeback by display names. Source: enable group writeback, distinguished names.</summary>
    public static SyncRule DisplayNames(Guid adConnector) => Rule("2f4be1c8-63d5-4d0c-9a37-0c0f5d3a9b06", "Out to AD - Group SOAInAAD - DN", RuleDirection.Outbound, RuleLink.Join,
        adConnector, 119, [Is("cloudMastered", "true"), IsNot("cloudNoFlow", "true")], []);

    /// <summary>The rule that deletes objects when writeback is disabled or their group is soft-deleted. Source: modify default behaviour.</summary>
    public static SyncRule Delete { get; } = Rule(DeleteRule.ToString(), "In from AAD - Group SOAinAAD Delete WriteBackOutOfScope and SoftDelete", RuleDirection.Inbound, RuleLink.Join,
        EntraConnector, 50, [Is("cloudMastered", "true")], [new RuleFlow
        {
            Destination = "reasonFiltered",
            FlowType = "Expression",
            Source = "IIF((IsPresent([reasonFiltered]) = True) && (InStr([reasonFiltered], \"WriteBackOutOfScope\") > 0 || InStr([reasonFiltered], \"SoftDelete\") > 0), \"DeleteThisGroupInAD\", [reasonFiltered])",
        }]) with
        {
            IsStandardRule = false,
            Description = "Delete AD groups that fall out of scope of Group Writeback or get Soft Deleted in Azure AD",
            JoinConditions = ["cloudAnchor=cloudAnchor"],
        };

    /// <summary>The two rules that let Connect and Cloud Sync stand side by side, as people make them. Source: migrate how-to, steps 3 and 4.</summary>
    public static IReadOnlyList<SyncRule> Coexistence(Guid adConnector) =>
    [
        Rule("e4eae1c9-b9bc-4328-ade9-df871cdd3027", "In from AAD - Group SOAinAAD coexistence with Cloud Sync", RuleDirection.Inbound, RuleLink.Join, EntraConnector, 20,
            [Is("cloudMastered", "true"), new ScopeCondition { Attribute = "mail", Operator = "ISNULL", Value = "" }],
            [new RuleFlow { Destination = "cloudNoFlow", FlowType = "Constant", Source = "true" }]) with { IsStandardRule = false },
        Rule("419fda18-75bb-4e23-b947-8b06e7246551", "Out to AD - Group SOAinAAD coexistence with Cloud Sync", RuleDirection.Outbound, RuleLink.JoinNoFlow, adConnector, 21,
            [Is("cloudNoFlow", "true")], []) with { IsStandardRule = false },
    ];

    /// <summary>Whether the limit of 50,000 members is in force.</summary>
    public static bool HasMemberLimit(IReadOnlyList<SyncRule> rules) => rules.Any(r => r.Identifier == MemberLimitRule && !r.Disabled);

    /// <summary>A rule as the rule editor clones it.</summary>
    /// <param name="rule">What is cloned.</param>
    /// <param name="identifier">Its own identifier.</param>
    /// <param name="precedence">Must be free.</param>
    /// <param name="keepsNoFlow">It leaves alone what the coexistence rules join.</param>
    public static SyncRule Clone(SyncRule rule, Guid identifier, int precedence, bool keepsNoFlow) => rule with
    {
        Identifier = identifier,
        Name = $"{rule.Name} - Cloned - {precedence}",
        Precedence = precedence,
        IsStandardRule = false,
        Scope = keepsNoFlow ? rule.Scope : [.. rule.Scope.Where(s => s.Attribute != "cloudNoFlow")],
    };

    static SyncRule Rule(string id, string name, RuleDirection direction, RuleLink link, Guid connector, int precedence, ScopeCondition[] scope, RuleFlow[] flows) => new()
    {
        Identifier = new Guid(id),
        Name = name,
        Direction = direction,
        Link = link,
        Connector = connector,
        Precedence = precedence,
        SourceObjectType = "group",
        TargetObjectType = "group",
        IsStandardRule = true,
        Scope = scope,
        Flows = flows,
    };

    static ScopeCondition Is(string attribute, string value) => new() { Attribute = attribute, Operator = "EQUAL", Value = value };

    static ScopeCondition IsNot(string attribute, string value) => new() { Attribute = attribute, Operator = "NOTEQUAL", Value = value };

    static ScopeCondition Has(string attribute) => new() { Attribute = attribute, Operator = "ISNOTNULL", Value = "" };

    static RuleFlow Direct(string attribute) => new() { Destination = attribute, FlowType = "Direct", Source = attribute };
}
