using static GwbCloud.Functions.Assessment.DiscoveryStanding;
using static GwbCloud.Functions.Assessment.DiscoveryText;

namespace GwbCloud.Functions.Assessment;

/// <summary>What writeback does unless somebody changes it, and how that was changed here. Source: plan document, "Choose the right approach".</summary>
static class DefaultQuestions
{
    public static IReadOnlyList<DiscoveryQuestion> All { get; } =
    [
        new()
        {
            Id = "m365-all-written",
            Part = DiscoveryPart.Defaults,
            Title = "Microsoft 365 groups: all, or only configured ones",
            Says = "By default every existing and future Microsoft 365 group is written back. It can be changed, best before writeback is enabled, so that only configured groups are.",
            Default = "all, existing and new",
            ReadFrom = "Graph, beta/groups and v1.0/groupSettings; the writeback OU by LDAP",
            Look = f =>
            {
                var written = f.Read.Tenant.Numbers.M365Undecided + f.Read.Tenant.Numbers.M365On;
                var changed = f.Read.Tenant.Numbers.M365Off > 0 || !f.Read.Tenant.NewM365GroupsAreWritten;
                return new(changed ? Changed : AsDescribed, (changed, f.Flag(flags => flags.GroupWritebackV2)) switch
                {
                    (true, false) => "Somebody changed the default, but version 2 is off, so that the change has no effect: version 1 writes all.",
                    (true, _) => "Somebody changed the default: only part of the groups is written.",
                    (false, _) => "The default was not changed: enabling writeback writes all of them.",
                },
                Number("Microsoft 365 groups", f.M365), Number("that are to be written", written), Number("with an object in the OU", M365Objects(f)));
            },
        },
        new()
        {
            Id = "security-each",
            Part = DiscoveryPart.Defaults,
            Title = "Security groups: each by itself",
            Says = "Security groups are not written back automatically; each must be enabled.",
            Default = "none",
            ReadFrom = "Graph, beta/groups, writebackConfiguration; the writeback OU by LDAP",
            Look = f => new(AsDescribed,
                f.SecurityOn == 0 ? "No cloud security group is enabled for writeback."
                    : f.Flag(flags => flags.GroupWritebackV2) is false ? "Groups are enabled, and version 2, which alone writes them, is off."
                    : $"{Groups(f.SecurityOn)} of {FindingText.Number(f.Security)} are enabled: these are what a migration to Cloud Sync is about.",
                Number("enabled", f.SecurityOn), Number("not enabled", f.Security - f.SecurityOn)),
        },
        new()
        {
            Id = "retained",
            Part = DiscoveryPart.Defaults,
            Title = "Groups that are disabled or soft-deleted",
            Says = "Their objects stay in Active Directory until the group is deleted for good in Entra, and do not follow Entra meanwhile. A rule can delete them at once instead.",
            Default = "they stay",
            ReadFrom = "Sync rules of each server, by its listener; Graph; the writeback OU by LDAP",
            Look = f =>
            {
                var rule = f.Read.Servers.Where(s => s.DeleteRuleEnabled).Select(s => s.Server).ToList();
                IReadOnlyList<DiscoveredValue> values =
                [
                    .. ByServer(f.Read, s => s.DeleteRuleEnabled ? "the delete-on-disable rule is in force" : "no delete-on-disable rule in force"),
                    Number("objects of groups that are off", f.RetainedOff), Number("objects of soft-deleted groups", f.RetainedDeleted),
                ];
                return rule.Count > 0
                    ? new(Attention, $"On {string.Join(", ", rule)} a group that is disabled or soft-deleted loses its object in Active Directory at the next cycle. It blocks a migration.", values)
                    : new(f.Read.Silent.Count > 0 ? Unknown : AsDescribed, f.RetainedOff + f.RetainedDeleted == 0
                        ? "Nothing is deleted at once, and no group was retained so far."
                        : $"{Groups(f.RetainedOff + f.RetainedDeleted)} stay in Active Directory with what they last had. Security groups among them must be settled before a migration.", values);
            },
        },
        new()
        {
            Id = "member-limit-m365",
            Part = DiscoveryPart.Defaults,
            Title = "Size of Microsoft 365 groups",
            Says = "Groups of more than 50,000 members are not written; with the rule for it disabled, up to 250,000 are.",
            Default = "50,000 members",
            Limit = "250,000 members",
            ReadFrom = "Rule \"Out to AD - Group Writeback Member Limit\" of each server, by its listener; counts of members by Graph where writeback is off",
            Look = f =>
            {
                var off = f.Read.Servers.Where(s => !s.MemberLimitEnabled).Select(s => s.Server).ToList();
                return new(
                    off.Count > 0 ? Changed : f.Read.Silent.Count > 0 ? Unknown : AsDescribed,
                    off.Count > 0 ? $"On {string.Join(", ", off)} groups of up to 250,000 members are written."
                        : f.M365TooLarge > 0 ? $"{Groups(f.M365TooLarge)} are too large, and are not written." : "The limit is in force; no group is known to be above it.",
                    [.. ByServer(f.Read, s => s.MemberLimitEnabled ? "limit in force: 50,000" : "limit off: 250,000"), Number("groups that are too large", f.M365TooLarge)]);
            },
        },
        new()
        {
            Id = "member-limit-security",
            Part = DiscoveryPart.Defaults,
            Title = "Size of security groups",
            Says = "Security groups of more than 250,000 members are not written.",
            Limit = "250,000 members",
            ReadFrom = "Graph, members of the groups that are enabled",
            Look = f => new(f.SecurityTooLarge > 0 ? Attention : AsDescribed,
                f.SecurityTooLarge > 0 ? $"{Groups(f.SecurityTooLarge)} are enabled and too large to be written."
                    : f.LargestSecurity > GroupClassifier.MemberLimit ? "All are within the limit of writeback. Cloud Sync takes 50,000 members: larger groups freeze at a migration."
                    : "All are within the limit.",
                Number("members of the largest", f.LargestSecurity), Number("groups above the limit", f.SecurityTooLarge)),
        },
        new()
        {
            Id = "order",
            Part = DiscoveryPart.Defaults,
            Title = "Order of enabling",
            Says = "Changes of the default come before enabling, and version 2 before version 1: version 1 alone writes every Microsoft 365 group.",
            Default = "neither is on",
            ReadFrom = "Get-ADSyncAADCompanyFeature on each Connect server, by its listener",
            Look = f =>
            {
                var (v1, v2) = (f.Flag(flags => flags.UnifiedGroupWriteback), f.Flag(flags => flags.GroupWritebackV2));
                return new(v1 is null || v2 is null ? Unknown : v1 is true && v2 is false && f.Read.Tenant.Numbers.M365Off > 0 ? Attention : AsDescribed, (v1, v2) switch
                {
                    (null, _) or (_, null) => "Which versions are on could not be read.",
                    (false, false) => "Neither is on: change the defaults first, if they shall be others. Version 2 can no longer be enabled.",
                    (true, false) => "Version 1 is on without version 2: every Microsoft 365 group is written, whatever its own setting says.",
                    (false, true) => "Version 2 is on and version 1 is not: its part in the wizard was not done.",
                    (true, true) => "Both are on: writeback was enabled in full. Changes of the defaults still work.",
                }, new("Version 1", Flag(v1)), new("Version 2", Flag(v2)));
            },
        },
    ];

    static int M365Objects(DiscoveryFacts facts) => facts.Read.Cloud.Values.Count(g => g is { Unified: true, SoftDeleted: false } && facts.Written.Contains(g.Id));
}
