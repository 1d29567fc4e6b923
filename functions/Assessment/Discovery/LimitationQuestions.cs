using GwbCloud.Contracts.ActiveDirectory;
using static GwbCloud.Functions.Assessment.DiscoveryStanding;
using static GwbCloud.Functions.Assessment.DiscoveryText;

namespace GwbCloud.Functions.Assessment;

/// <summary>Limitations and known issues. Source: plan document, limitations of the preview; enable document, end of the preview.</summary>
static class LimitationQuestions
{
    public static IReadOnlyList<DiscoveryQuestion> All { get; } =
    [
        new()
        {
            Id = "preview",
            Part = DiscoveryPart.Limitations,
            Title = "Version 2 is a preview that has ended",
            Says = "Security groups should not be written back by it in production; since 30 June 2024 it is discontinued, without support, and may stop at any time.",
            ReadFrom = "Get-ADSyncAADCompanyFeature on each Connect server, by its listener",
            Look = f => f.Flag(flags => flags.GroupWritebackV2) switch
            {
                true => new(Attention, f.SecurityOn > 0 ? $"{Groups(f.SecurityOn)} depend on it: migrate them to Cloud Sync." : "It is on, and no security group depends on it.", new DiscoveredValue("Version 2", "on")),
                false => new(AsDescribed, "It is off; nothing depends on it.", new DiscoveredValue("Version 2", "off")),
                null => new(Unknown, "Whether it is on could not be read.", new DiscoveredValue("Version 2", "not known")),
            },
        },
        new()
        {
            Id = "distribution-lists",
            Part = DiscoveryPart.Limitations,
            Title = "Distribution lists of Exchange Online",
            Says = "Distribution lists and mail-enabled security groups of Exchange Online cannot be written back; Microsoft 365 and security groups alone can.",
            ReadFrom = "Graph, beta/groups, mailEnabled and groupTypes",
            Look = f => new(AsDescribed, f.MailEnabled == 0 ? "The tenant has none." : "These stay out of Active Directory.", Number("mail-enabled groups that are not Microsoft 365 groups", f.MailEnabled)),
        },
        new()
        {
            Id = "domain-local",
            Part = DiscoveryPart.Limitations,
            Title = "Nested groups of scope domain local",
            Says = "A universal group cannot have a domain-local member: Connect reports \"A universal group cannot have a local group as a member\" at the export.",
            Limit = "nested groups of Active Directory are global or universal",
            ReadFrom = "Members of the objects in the OU by LDAP, beside those in Entra; last runs of each server",
            Look = f =>
            {
                var groups = f.Read.With(ClassReason.LocalGroups).Count();
                return new(groups > 0 ? Attention : AsDescribed,
                    groups > 0 ? "A nested group is domain-local, or is missing in Active Directory: take it out of the group in Entra, or change its scope." : "No written-back group has such a member.",
                    Number("groups with such a member", groups), Number("objects in error at the last runs", f.Read.Runs.SelectMany(r => r.Errors).Distinct(StringComparer.Ordinal).Count()));
            },
        },
        new()
        {
            Id = "nested-enabled",
            Part = DiscoveryPart.Limitations,
            Title = "Nested cloud groups must be enabled too",
            Says = "A nested cloud group stays nested in Active Directory only if it is enabled for writeback itself.",
            Limit = "every nested security group is enabled",
            ReadFrom = "Graph, members and writebackConfiguration",
            Look = f => new(f.NestedNotOn > 0 ? Attention : AsDescribed,
                f.NestedNotOn > 0 ? "Their members get nothing from the outer group in Active Directory: enable the nested groups where that matters." : "No enabled group has a nested security group that is not enabled.",
                Number("enabled groups with a nested group that is not", f.NestedNotOn)),
        },
        new()
        {
            Id = "at-scale",
            Part = DiscoveryPart.Limitations,
            Title = "No setting for new security groups",
            Says = "Writeback of security groups is configured one by one.",
            ReadFrom = "Graph, beta/groups, writebackConfiguration",
            Look = f => new(AsDescribed, "A security group that is made tomorrow is not written back until somebody enables it.", Number("security groups that are not enabled", f.Security - f.SecurityOn)),
        },
        new()
        {
            Id = "single-ou",
            Part = DiscoveryPart.Limitations,
            Title = "One organizational unit",
            Says = "All groups are written to one organizational unit.",
            Limit = "1",
            ReadFrom = "Global settings of each server, by its listener; the directory by LDAP",
            Look = f =>
            {
                var named = f.Read.Servers.Select(s => s.WritebackOu).Where(ou => ou.Length > 0).ToList();
                var one = named.All(ou => DistinguishedName.Same(ou, f.Read.Forest.WritebackOu));
                var nested = f.Read.Inventory.Count(g => !DistinguishedName.Same(DistinguishedName.Parent(g.DistinguishedName), f.Read.Forest.WritebackOu));
                return new(
                    !one || (named.Count > 0 && !f.Read.Forest.WritebackOuExists) ? Attention : AsDescribed,
                    named.Count == 0 ? "No server names a container: group writeback was never set up in the wizard."
                        : !one ? "Servers name different containers: all must name the same." : !f.Read.Forest.WritebackOuExists ? "The container that they name does not exist."
                        : nested > 0 ? $"All servers name the same; {Groups(nested)} were moved below it since." : "All servers name the same.",
                    [
                        .. ByServer(f.Read, s => s.WritebackOu.Length == 0 ? "names none" : s.WritebackOu),
                        Number("objects in it", f.Read.Inventory.Count), Number("of them below other containers", nested),
                    ]);
            },
        },
    ];
}
