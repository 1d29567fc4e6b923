using GwbCloud.Functions.CloudSync;
using static GwbCloud.Functions.Assessment.DiscoveryStanding;
using static GwbCloud.Functions.Assessment.DiscoveryText;

namespace GwbCloud.Functions.Assessment;

/// <summary>What version 2 adds, and what this tenant uses of it. Source: plan document, list of capabilities.</summary>
static class CapabilityQuestions
{
    public static IReadOnlyList<DiscoveryQuestion> All { get; } =
    [
        new()
        {
            Id = "m365-kinds",
            Part = DiscoveryPart.Capabilities,
            Title = "Kinds of Microsoft 365 groups in Active Directory",
            Says = "Version 2 writes Microsoft 365 groups as distribution, security or mail-enabled security groups; existing ones as distribution groups unless somebody chose otherwise.",
            Default = "distribution group",
            ReadFrom = "Graph, beta/groups, writebackConfiguration.onPremisesGroupType; groupType of the objects by LDAP",
            Look = f =>
            {
                var security = f.Read.Classified.Groups.Count(g => g.TypeChange);
                return new(security > 0 ? Changed : AsDescribed,
                    security > 0 ? $"{Groups(security)} are security groups in Active Directory. Version 1 knows distribution groups alone: without version 2 they change, and access given to them ends."
                        : "No Microsoft 365 group is a security group in Active Directory.",
                    [.. f.M365Types.Select(type => Number($"type {type.Key}", type.Value)), Number("security groups in the OU", security)]);
            },
        },
        new()
        {
            Id = "scope",
            Part = DiscoveryPart.Capabilities,
            Title = "Scope of written-back groups",
            Says = "All groups are written back with the scope universal, security groups as security groups.",
            Default = "universal",
            ReadFrom = "groupType of the objects in the writeback OU by LDAP",
            Look = f => new(f.NotUniversal > 0 ? Attention : AsDescribed,
                f.NotUniversal > 0 ? "Somebody changed the scope of groups in Active Directory. Cloud Sync takes universal groups alone." : "Every written-back group is universal.",
                Number("written-back objects", f.Written.Count), Number("of another scope", f.NotUniversal)),
        },
        new()
        {
            Id = "membership",
            Part = DiscoveryPart.Capabilities,
            Title = "Assigned and dynamic membership",
            Says = "Groups of both kinds can be written back.",
            ReadFrom = "Graph, beta/groups, groupTypes",
            Look = f => new(AsDescribed, f.SecurityDynamic + f.M365Dynamic == 0 ? "No group has dynamic membership." : "The members that the rules give are written.",
                Number("enabled security groups with assigned members", f.SecurityOn - f.SecurityDynamic), Number("enabled security groups with dynamic members", f.SecurityDynamic),
                Number("dynamic Microsoft 365 groups", f.M365Dynamic)),
        },
        new()
        {
            Id = "nesting",
            Part = DiscoveryPart.Capabilities,
            Title = "Nested groups",
            Says = "Nesting in Entra is written back if both groups exist in Active Directory.",
            ReadFrom = "Graph, members of the groups that are enabled",
            Look = f => new(AsDescribed, f.SecurityNested == 0 ? "No enabled security group has cloud groups as members." : "Nested groups are written as members where they have an object.",
                Number("enabled security groups with nested cloud groups", f.SecurityNested)),
        },
        new()
        {
            Id = "nested-in-synced",
            Part = DiscoveryPart.Capabilities,
            Title = "Written-back groups as members of synchronised groups",
            Says = "A written-back group that is a member of a group of Active Directory is synchronised to Entra as nested.",
            ReadFrom = "Not read: an assessment reads the members of written-back groups, not what these are members of",
            Look = f => new(Unknown, "It needs nothing and changes nothing of the groups themselves; before a migration the snapshot keeps of which groups each is a member.",
                Number("groups in Entra that come from Active Directory", f.Read.Cloud.Values.Count(g => g is { OnPremisesSynced: true, SoftDeleted: false }))),
        },
        new()
        {
            Id = "devices",
            Part = DiscoveryPart.Capabilities,
            Title = "Devices as members",
            Says = "Devices are written as members; registered and joined ones need device writeback.",
            Limit = "device writeback, for registered and joined devices",
            ReadFrom = "Graph, members of the groups that are enabled; whether device writeback is on is not read",
            Look = f => f.Devices == 0
                ? new(AsDescribed, "No enabled security group has a device as a member.", Number("memberships of devices", 0))
                : new(Unknown, "Whether these devices are in Active Directory depends on device writeback. Cloud Sync writes no devices: a migration loses these memberships.",
                    Number("memberships of devices", f.Devices), Number("groups that have them", f.SecurityWithDevices)),
        },
        new()
        {
            Id = "names",
            Part = DiscoveryPart.Capabilities,
            Title = "Display name in the distinguished name",
            Says = "The common name can hold the group's display name; it is chosen in the wizard.",
            Default = "Group_ and the objectId",
            ReadFrom = "Sync rules of each server, by its listener; names in the OU by LDAP",
            Look = f =>
            {
                var chosen = f.Read.Servers.Any(s => s.DisplayNameRuleEnabled);
                return new(chosen ? Changed : AsDescribed, chosen ? "Groups are named after their display name and the end of their objectId." : "Groups are named by their objectId.",
                [
                    .. ByServer(f.Read, s => s.DisplayNameRuleEnabled ? "display name" : "objectId"),
                    new("names of most security groups in the OU", f.Read.Classified.Naming == NamingStyle.DisplayName ? "display name" : "objectId"),
                ]);
            },
        },
    ];
}
