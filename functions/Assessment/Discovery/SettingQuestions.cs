using GwbCloud.Contracts.Commands;
using static GwbCloud.Functions.Assessment.DiscoveryStanding;
using static GwbCloud.Functions.Assessment.DiscoveryText;

namespace GwbCloud.Functions.Assessment;

/// <summary>Is writeback on, and how are groups set. Source: plan document, the four "Discover" chapters.</summary>
static class SettingQuestions
{
    const string Cmdlet = "Get-ADSyncAADCompanyFeature on each Connect server, by its listener";

    public static IReadOnlyList<DiscoveryQuestion> All { get; } =
    [
        new()
        {
            Id = "feature-v1",
            Part = DiscoveryPart.Settings,
            Title = "Group writeback version 1 (UnifiedGroupWriteback)",
            Says = "The original version writes Microsoft 365 groups as distribution groups, and nothing else. False: it is not enabled.",
            Default = "off",
            ReadFrom = Cmdlet,
            Look = f => OfFlag(f, flags => flags.UnifiedGroupWriteback, on =>
                on ? new(AsDescribed, "Microsoft 365 groups are written to Active Directory.")
                : f.Flag(flags => flags.GroupWritebackV2) is true ? new(Attention,
                    "Version 2 is on without version 1: should version 2 go off, nothing writes Microsoft 365 groups any more, and Connect deletes what it wrote.")
                : new(AsDescribed, "Microsoft 365 groups are not written by version 1.")),
        },
        new()
        {
            Id = "feature-v2",
            Part = DiscoveryPart.Settings,
            Title = "Group writeback version 2 (GroupWritebackV2)",
            Says = "The expanded version writes Microsoft 365 groups of every kind and security groups, and knows a setting for each group. False: it is not enabled.",
            Default = "off",
            ReadFrom = Cmdlet,
            Look = f => OfFlag(f, flags => flags.GroupWritebackV2, on => new(AsDescribed, on
                ? "Security groups that are enabled are written; the writeback setting of each Microsoft 365 group counts."
                : "No security group is written, and the writeback settings of Microsoft 365 groups have no effect.")),
        },
        new()
        {
            Id = "m365-existing",
            Part = DiscoveryPart.Settings,
            Title = "Writeback of existing Microsoft 365 groups",
            Says = "A group whose isEnabled is null or true is written back; one with false is not.",
            Default = "not set, and so written back",
            ReadFrom = "Graph, beta/groups, writebackConfiguration; the list of groups has each",
            Look = f => new(f.Read.Tenant.Numbers.M365Off == 0 ? AsDescribed : Changed, ExistingMeans(f),
                Number("not set (written back)", f.Read.Tenant.Numbers.M365Undecided), Number("on (written back)", f.Read.Tenant.Numbers.M365On),
                Number("off (not written back)", f.Read.Tenant.Numbers.M365Off)),
        },
        new()
        {
            Id = "m365-new",
            Part = DiscoveryPart.Settings,
            Title = "Writeback of new Microsoft 365 groups",
            Says = "Without a directory setting Group.Unified, or without NewUnifiedGroupWritebackDefault in it, or with true there, new groups are written back; with false they are not.",
            Default = "written back",
            ReadFrom = "Graph, v1.0/groupSettings, Group.Unified",
            Look = f =>
            {
                var value = new DiscoveredValue("NewUnifiedGroupWritebackDefault", f.Read.Tenant.NewM365GroupsDefault switch
                {
                    NewGroupsDefault.NoSetting => "there is no setting Group.Unified",
                    NewGroupsDefault.NotSpecified => "the setting does not name it",
                    NewGroupsDefault.True => "true",
                    NewGroupsDefault.False => "false",
                    _ => f.Read.Tenant.NewM365GroupsAreWritten ? "not false" : "false",
                });
                return f.Read.Tenant.NewM365GroupsAreWritten
                    ? new(AsDescribed, "Groups that are made from now on are written back automatically.", value)
                    : new(Changed, f.Flag(flags => flags.GroupWritebackV2) is false
                        ? "Groups that are made from now on would not be written back; while version 2 is off the setting has no effect."
                        : "Groups that are made from now on are not written back unless somebody switches them on.", value);
            },
        },
        new()
        {
            Id = "exchange-prepared",
            Part = DiscoveryPart.Settings,
            Title = "Active Directory prepared for Exchange",
            Says = "Without the preparation mail-related attributes of groups are not written back.",
            ReadFrom = "The forest's schema, configuration and domain partition by LDAP",
            Look = f => f.Read.Forest.Exchange.Prepared
                ? new(AsDescribed, "Schema, configuration and domain are prepared: mail attributes of written-back groups can be written.", Exchange(f))
                : new(Attention, "Not all of it is prepared: mail attributes of Microsoft 365 groups are not written. Nothing else of writeback needs it.", Exchange(f)),
        },
    ];

    public static IReadOnlyList<DiscoveredValue> Exchange(DiscoveryFacts facts)
    {
        var exchange = facts.Read.Forest.Exchange;
        return [Of("Schema (rangeUpper)", exchange.Schema), Of("Configuration (objectVersion)", exchange.Configuration), Of("Domain (objectVersion)", exchange.Domain)];

        static DiscoveredValue Of(string what, int? version) =>
            new(what, version is { } number ? number.ToString(System.Globalization.CultureInfo.InvariantCulture) : "not prepared");
    }

    /// <summary>A flag that every server reads for itself.</summary>
    /// <param name="facts">What was read.</param>
    /// <param name="flag">Which one.</param>
    /// <param name="means">What it means to be on or off.</param>
    static DiscoveryAnswer OfFlag(DiscoveryFacts facts, Func<FeatureFlags, bool?> flag, Func<bool, DiscoveryAnswer> means)
    {
        var answer = facts.Flag(flag) is { } on ? means(on) : new(Unknown, "No server could say, or two servers disagree: nothing may be concluded from it.");
        return answer with { Values = ByServer(facts.Read, server => Flag(flag(server.Features))) };
    }

    static string ExistingMeans(DiscoveryFacts facts)
    {
        var numbers = facts.Read.Tenant.Numbers;
        return facts.Flag(flags => flags.GroupWritebackV2) is false
            ? "While version 2 is off the setting has no effect: version 1, where it is on, writes every Microsoft 365 group."
            : numbers.M365Off == 0 ? "Every Microsoft 365 group is written back."
            : $"{Groups(numbers.M365Undecided + numbers.M365On)} of {FindingText.Number(facts.M365)} are written back. Those that are off come back when version 2 goes off.";
    }
}
