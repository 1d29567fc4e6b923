using static GwbCloud.Functions.Assessment.Check;
using static GwbCloud.Functions.Assessment.FindingSeverity;

namespace GwbCloud.Functions.Assessment;

/// <summary>Consequences that a person accepts by their code. Source: plan document, limitations; behaviour of both ways of writeback.</summary>
static class ConsequenceChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        OfGroups("GWB2401", NeedsAcceptance, "Groups freeze",
            "They are too large or not universal: they stay with their members, and no longer follow Entra.",
            "Accept, or make them smaller or universal before.",
            f => f.Of(GroupClass.Freezes)) with { Pinned = true },
        OfGroups("GWB2402", NeedsAcceptance, "Groups lose members",
            "Cloud Sync does not write devices, groups and contacts that come from Active Directory, and groups that do not migrate.",
            "Accept, or give the access that these members have in another way. The plan lists them one by one.",
            f => f.Of(GroupClass.Migrates).Where(g => g.Reasons.Contains(ClassReason.LosesMembers))),
        OfGroups("GWB2403", NeedsAcceptance, "Microsoft 365 groups appear in Active Directory",
            "After the switch version 1 writes every Microsoft 365 group, whatever its writeback setting says.",
            "Accept, or delete groups that nobody needs.",
            f => f.Classified.Groups.Where(g => g.NewlyWritten)),
        OfGroups("GWB2404", NeedsAcceptance, "Microsoft 365 groups change from security to distribution",
            "Version 1 writes distribution groups only: access that was given to these groups in Active Directory ends.",
            "Accept, or give the access to another group first.",
            f => f.Classified.Groups.Where(g => g.TypeChange)) with { Pinned = true },
        OfNames("GWB2405", NeedsAcceptance, "Staging mode would last more than 12 hours",
            "While the active server stages, exports to Entra, password hash synchronisation and password writeback stand still.",
            "Accept, or make full cycles faster.",
            f => f.Time.PredictedStagingSeconds is > TimeArithmetic.AcceptanceAbove and <= TimeArithmetic.BlocksAbove ? [FindingText.Hours(f.Time)] : []),
        OfNames(FindingCatalogue.CustomRules, NeedsAcceptance, "Custom rules provision groups",
            "A copy of a standard rule may go on writing the groups that Cloud Sync takes over.",
            "Review each rule; accept those that do not touch written-back security groups.",
            f => f.Servers.SelectMany(s => s.CustomProvisioningRules.Select(rule => $"{s.Server}: {rule}"))),
        OfGroups("GWB2407", NeedsAcceptance, "Groups are protected by AdminSDHolder",
            "The agent may not write them, so that they would stop following Entra.",
            "Take them out of the protected group, or give the agent's account rights on AdminSDHolder; or accept.",
            f => f.Of(GroupClass.Migrates).Where(g => g.Reasons.Contains(ClassReason.Protected))),
        OfGroups("GWB2419", NeedsAcceptance, "Descriptions are cut",
            "Connect writes a description whole; Cloud Sync's mapping takes the first 448 characters of it.",
            "Accept, or shorten the descriptions in Entra.",
            f => f.Of(GroupClass.Migrates).Where(g => g.Reasons.Contains(ClassReason.DescriptionCut))) with { Pinned = true },
        OfNames(FindingCatalogue.LimitsExceeded, NeedsAcceptance, "The limits of Cloud Sync are exceeded and not enforced",
            "The app's settings let the migration go on above them; Microsoft does not support it.",
            "Accept, and expect long cycles; or take groups out of writeback.",
            f => f.Options.EnforceLimits ? [] : Limits.TooManyGroups(f).Concat(Limits.TooManyMemberships(f))),
        OfNames("GWB2413", NeedsAcceptance, "State or version of agents could not be read",
            "The directory tells which computers may run an agent of Cloud Sync, not whether one runs there, nor which.",
            "Look at the agents in the portal: at least one active, none below 1.1.1367.0; then accept.",
            f => f.Forest.Agents.Where(a => a.Active is null || (a.Active is true && a.Version.Length == 0)).Select(a => a.Computer)),
        OfGroups("GWB2408", NeedsAcceptance, "Groups keep names or places of their own",
            "One mapping names and places all groups. These keep theirs by the extension property GroupDN: an app (CloudSyncCustomExtensionsApp) stays "
            + "in the tenant for good, and without it Cloud Sync would rename and move them. They no longer take up a new display name.",
            "Accept, or bring names and places in line before the migration. The plan lists the groups.",
            f => f.Of(GroupClass.Migrates).Where(g => g.Reasons.Contains(ClassReason.KeptName) || g.Reasons.Contains(ClassReason.KeptPlace))) with { Pinned = true },
    ];
}
