using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>Puts the facts of a server together. Pure but for the reading.</summary>
static class ServerInspection
{
    // Standard rules whose identifiers no document names; the spelling of "in" differs between builds.
    internal const string MemberLimitRule = "Out to AD - Group Writeback Member Limit";
    const string DisplayNameRule = "Out to AD - Group SOAInAAD - DN";

    public static async Task<ServerFacts> InspectAsync(this IAdSync adSync, CancellationToken cancellationToken)
    {
        var host = await adSync.GetHostAsync(cancellationToken);
        var scheduler = await adSync.GetSchedulerAsync(cancellationToken);
        var rules = await adSync.GetRulesAsync(cancellationToken);
        return new()
        {
            Server = host.Server,
            Version = host.Version,
            Cmdlet = host.Cmdlet,
            Staging = scheduler.StagingModeEnabled,
            Scheduler = FactsOf(scheduler),
            Features = await adSync.GetFeaturesAsync(cancellationToken),
            Coexistence = CoexistenceRuleSpec.Judge(rules, host.AdConnectorId),
            DeleteRuleEnabled = HasActiveDeleteRule(rules),
            CustomProvisioningRules = [.. rules.Where(rule => IsCustomProvisioning(rule, host.AdConnectorId)).Select(rule => rule.Name).Order(StringComparer.Ordinal)],
            FreePrecedences = FreePrecedences.Count(rules),
            MemberLimitEnabled = InForce(rules, MemberLimitRule),
            DisplayNameRuleEnabled = InForce(rules, DisplayNameRule),
            AutoUpgrade = await adSync.GetAutoUpgradeAsync(cancellationToken),
            WritebackOu = host.WritebackOu,
            WritebackOuInScope = host.WritebackOuInScope,
            WritebackChosen = host.WritebackChosen,
            AdConnector = host.AdConnector,
            Connectors = host.Connectors,
            LastInitialSeconds = host.LastInitialSeconds,
            RecentInitialSeconds = host.RecentInitialSeconds,
            RecentDeltaSeconds = host.RecentDeltaSeconds,
        };
    }

    public static SchedulerFacts FactsOf(SchedulerState scheduler) => new()
    {
        Enabled = scheduler.SyncCycleEnabled,
        Suspended = scheduler.SchedulerSuspended,
        CycleInProgress = scheduler.SyncCycleInProgress,
        IntervalSeconds = (int)scheduler.EffectiveInterval.TotalSeconds,
    };

    /// <summary>The rule that deletes groups whose writeback is disabled would take every group when GroupWritebackV2 goes off.</summary>
    public static bool HasActiveDeleteRule(IReadOnlyList<SyncRule> rules) =>
        rules.Any(rule => rule.Identifier == RuleIds.DeleteOnDisable && !rule.Disabled);

    static bool InForce(IReadOnlyList<SyncRule> rules, string name) =>
        rules.Any(rule => !rule.Disabled && rule.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    static bool IsCustomProvisioning(SyncRule rule, Guid adConnector) =>
        rule is { IsStandardRule: false, Disabled: false, Direction: RuleDirection.Outbound, Link: RuleLink.Provision }
        && rule.Connector == adConnector && string.Equals(rule.TargetObjectType, "group", StringComparison.OrdinalIgnoreCase);
}
