using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>Whether groups are held by the JoinNoFlow rule alone, as the connector space's lineage shows.</summary>
static class Lineage
{
    public static async Task<LineageReport> ReadLineageAsync(
        this IAdSync adSync, IReadOnlyList<GroupIdentity> groups, CancellationToken cancellationToken)
    {
        // Rules that join without flowing do no harm beside ours; a rule that nobody knows is taken for one that flows.
        var harmless = (await adSync.GetRulesAsync(cancellationToken))
            .Where(rule => rule.Link == RuleLink.JoinNoFlow && !rule.Disabled).Select(rule => rule.Identifier).ToHashSet();
        var held = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var ruled = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var mailEnabled = new List<string>();
        await foreach (var group in adSync.GetGroupsAsync(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (group.LineageRules.Count > 0) { ruled.UnionWith([group.DistinguishedName, group.Anchor ?? group.DistinguishedName]); }
            if (!group.LineageRules.Contains(RuleIds.CoexistenceOutbound)) { continue; }
            if (group.MailEnabled) { mailEnabled.Add(group.DistinguishedName); }
            if (group.LineageRules.All(harmless.Contains)) { held.Add(group.Anchor ?? group.DistinguishedName); }
        }
        var others = groups.Where(group => !held.Contains(group.Anchor) && !held.Contains(group.DistinguishedName)).ToList();
        return new()
        {
            Groups = groups.Count,
            JoinNoFlow = groups.Count - others.Count,
            Others = [.. others.Select(group => group.DistinguishedName).Order(StringComparer.Ordinal).Take(100)],
            LetGo = [.. others.Where(group => !ruled.Contains(group.Anchor) && !ruled.Contains(group.DistinguishedName)).OrderBy(group => group.CloudId).Take(100)],
            MailEnabledWithNoFlow = [.. mailEnabled.Order(StringComparer.Ordinal).Take(100)],
        };
    }
}
