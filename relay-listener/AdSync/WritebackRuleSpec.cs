using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>The rules that change writeback's default behaviour, and what is compared. Source: modify default behaviour.</summary>
static class WritebackRuleSpec
{
    const string Group = "group";

    /// <summary>The delete-on-disable rule as the document has it. Precedence is free to choose, everything else is compared.</summary>
    public static SyncRule DeleteOnDisable(int precedence) => new()
    {
        Identifier = RuleIds.DeleteOnDisable,
        Name = "In from AAD - Group SOAinAAD Delete WriteBackOutOfScope and SoftDelete",
        Description = "Delete AD groups that fall out of scope of Group Writeback or get Soft Deleted in Azure AD",
        Direction = RuleDirection.Inbound,
        Link = RuleLink.Join,
        Connector = RuleIds.EntraConnector,
        Precedence = precedence,
        SourceObjectType = Group,
        TargetObjectType = Group,
        Scope = [new() { Attribute = "cloudMastered", Operator = "EQUAL", Value = "true" }],
        Flows =
        [
            new()
            {
                Destination = "reasonFiltered",
                FlowType = "Expression",
                Source = "IIF((IsPresent([reasonFiltered]) = True) && (InStr([reasonFiltered], \"WriteBackOutOfScope\") > 0 || InStr([reasonFiltered], \"SoftDelete\") > 0), \"DeleteThisGroupInAD\", [reasonFiltered])",
            },
        ],
        JoinConditions = ["cloudAnchor=cloudAnchor"],
    };

    public static WritebackRules Judge(IReadOnlyList<SyncRule> rules) => new()
    {
        // The limit is a rule of Connect's own, of whatever content its build gives it.
        MemberLimit = StateOf(FindMemberLimit(rules)),
        DeleteOnDisable = rules.FirstOrDefault(rule => rule.Identifier == RuleIds.DeleteOnDisable) is not { } found ? WritebackRuleState.Absent
            : HashOf(found) == HashOf(DeleteOnDisable(0)) ? StateOf(found)
            : WritebackRuleState.Different,
    };

    /// <summary>The standard rule of that name; no document names its identifier.</summary>
    public static SyncRule? FindMemberLimit(IReadOnlyList<SyncRule> rules) =>
        rules.FirstOrDefault(rule => rule.IsStandardRule && rule.Name.Equals(ServerInspection.MemberLimitRule, StringComparison.OrdinalIgnoreCase));

    static WritebackRuleState StateOf(SyncRule? rule) => rule is null ? WritebackRuleState.Absent : rule.Disabled ? WritebackRuleState.Off : WritebackRuleState.On;

    static string HashOf(SyncRule rule) => CanonicalJson.Hash(CoexistenceRuleSpec.ContentOf(rule) with { Disabled = false });
}
