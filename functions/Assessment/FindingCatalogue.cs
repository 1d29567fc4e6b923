using System.Globalization;
using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;
using static GwbCloud.Functions.Assessment.FindingSeverity;

namespace GwbCloud.Functions.Assessment;

/// <summary>
/// Every check of an assessment: 21xx servers, 22xx forest and tenant, 23xx groups that block, 24xx consequences to accept, 25xx to know,
/// 26xx canaries. Source: plan document; migrate how-to, prerequisites.
/// </summary>
public static class FindingCatalogue
{
    public const string DeleteRuleActive = "GWB2107";
    public const string DuplicateAnchor = "GWB2307";
    public const string CanariesNotNamed = "GWB2605";

    /// <summary>Below it Connect no longer synchronises.</summary>
    static readonly Version OldestConnect = new(2, 5, 79, 0);

    /// <summary>Oldest agent of the migrate how-to, and the one that the prerequisites name now.</summary>
    static readonly Version OldestAgent = new(1, 1, 1367, 0);
    static readonly Version CurrentAgent = new(1, 1, 2334, 0);

    /// <summary>Schema version of Windows Server 2016, that brought the anchor's attribute.</summary>
    const int OldestSchema = 87;

    public static IReadOnlyList<Check> All { get; } =
    [
        // ---- Servers
        Of("GWB2101", Blocks, "Group writeback v2 is off already, or its state could not be read",
            "A server reads the feature as false or not at all. Without v2 there is nothing to migrate, and unknown is not true.",
            "When it is off: only Cloud Sync is left to set up, without this migration. When unknown: repair the server's connection to Entra.",
            f => f.Servers.Where(s => s.Features.GroupWritebackV2 is not true).Select(s => s.Server)),
        Of("GWB2102", Blocks, "Writeback of Microsoft 365 groups (version 1) is off, or its state could not be read",
            "With both versions off, Connect deletes every group that it ever wrote.",
            "Switch version 1 on in the wizard, or migrate the Microsoft 365 groups off first.",
            f => f.Servers.Where(s => s.Features.UnifiedGroupWriteback is not true).Select(s => s.Server)),
        Of("GWB2103", Blocks, "A Connect server is too old",
            $"Builds below {OldestConnect} no longer synchronise.", "Upgrade Entra Connect on the server.",
            f => f.Servers.Where(s => Older(s.Version, OldestConnect)).Select(s => s.Server)),
        Of("GWB2104", Blocks, "There is not exactly one active Connect server",
            "Two active servers write against each other; with none, nothing is exported.",
            "Put all servers but one into staging mode, with the wizard.",
            f => f.Servers.Count(s => !s.Staging) == 1 ? [] : f.Servers.Where(s => !s.Staging).Select(s => s.Server).DefaultIfEmpty("none")),
        Of("GWB2105", Blocks, "Two servers have one name",
            "Commands could reach the wrong one.", "Correct the names in the configuration of the listeners.",
            f => f.Servers.GroupBy(s => s.Server, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => g.Key)),
        Of("GWB2106", Blocks, "The scheduler is suspended",
            "The wizard is open or an upgrade runs.", "Close the wizard, or wait for the upgrade, then assess again.",
            f => f.Servers.Where(s => s.Scheduler.Suspended).Select(s => s.Server)),
        Of(DeleteRuleActive, Blocks, "The delete-on-disable rule is active",
            "The rule cb871f2d-0f01-4c32-a333-ff809145b947 deletes groups that fall out of writeback, and the switch lets all fall out.",
            "Remove the rule on every server, run a full synchronisation, and look at the pending deletes.",
            f => f.Servers.Where(s => s.DeleteRuleEnabled).Select(s => s.Server)),
        Of("GWB2108", Blocks, "A coexistence rule's identifier is in use with other content",
            "Somebody made the rule before, otherwise than the how-to says.", "Remove the rule, or correct it to what the how-to says.",
            f => f.Servers.Where(s => s.Coexistence.Inbound == RuleState.Different || s.Coexistence.Outbound == RuleState.Different).Select(s => s.Server)),
        Of("GWB2109", Blocks, "The writeback OU is not in the server's scope",
            "Connect would treat the groups as gone.", "Select the OU in the wizard, on every server.",
            f => f.Servers.Where(s => !s.WritebackOuInScope).Select(s => s.Server)),
        Of("GWB2110", Blocks, "A server writes into another OU",
            "All servers must name the OU that the forest was asked about.", "Compare the writeback container of the servers.",
            f => f.Servers.Where(s => !DistinguishedName.Same(s.WritebackOu, f.Forest.WritebackOu)).Select(s => s.Server)),
        Of("GWB2111", Blocks, "Staging mode would last more than 48 hours",
            "Two full cycles, the second gate and the way back or forward take too long for one window.",
            "Make full cycles faster: a stronger server or database, fewer objects in scope.",
            f => f.Time.PredictedStagingSeconds > TimeArithmetic.BlocksAbove ? [Hours(f.Time)] : []),

        // ---- Forest and tenant
        Of("GWB2201", Blocks, "The schema lacks msDS-ExternalDirectoryObjectId",
            "The attribute comes with the schema of Windows Server 2016 (version 87).", "Extend the schema of the forest.",
            f => f.Forest.HasExternalDirectoryObjectId && f.Forest.SchemaVersion >= OldestSchema ? [] : [Number(f.Forest.SchemaVersion)]),
        Of("GWB2202", Blocks, "The writeback OU does not exist",
            "It was renamed, moved or never made.", "Compare the writeback container of Connect with the directory.",
            f => f.Forest.WritebackOuExists ? [] : [f.Forest.WritebackOu]),
        Of("GWB2203", Blocks, "The AD Recycle Bin is off",
            "Without it a deleted group cannot come back with its members.", "Enable the Recycle Bin of the forest.",
            f => f.Forest.RecycleBinEnabled ? [] : [f.Forest.Domain]),
        Of("GWB2204", Blocks, "No provisioning agent is active",
            "Cloud Sync reaches the domain through its agents.", "Install an agent, three for availability, and look at their state in the portal.",
            f => ActiveAgents(f).Any() ? [] : [f.Forest.Domain]),
        Of("GWB2205", Blocks, "The agent may not write groups in the OU",
            "Its account lacks the rights to write, rename and move there; an upgraded agent does not get them by itself.",
            "Set the permission UserGroupCreateDelete for the agent's account on the OU.",
            f => f.Forest.AgentMayWriteOu ? [] : [f.Forest.WritebackOu]),
        Of("GWB2206", Blocks, "The provisioning agent is too old",
            $"Agents below {OldestAgent} do not write groups.", "Upgrade the agent.",
            f => ActiveAgents(f).Where(a => Older(a.Version, OldestAgent)).Select(a => $"{a.Computer}: {a.Version}")),
        Of("GWB2207", Blocks, "No global catalog was found",
            "Cloud Sync looks the anchors up in a global catalog.", "Check DNS and the domain controllers.",
            f => f.Forest.GlobalCatalogs.Count > 0 ? [] : [f.Forest.Domain]),
        Of("GWB2208", Blocks, "The tenant has no Entra ID P1 licence",
            "Cloud Sync's provisioning of groups needs it.", "Assign licences of Entra ID P1 or P2.",
            f => f.Tenant.PremiumLicence ? [] : ["AAD_PREMIUM"]),

        // ---- Groups that block
        Of("GWB2301", Blocks, "No group migrates",
            "Writeback v2 writes no cloud security group.", "Nothing to do: switch v2 off when the Microsoft 365 groups allow it.",
            f => f.Classified.Migrating.Count > 0 ? [] : ["none"]),
        Of("GWB2302", Blocks, "Security groups with a mail value would be lost",
            "The coexistence rule covers groups without mail only, so that Connect would delete or disconnect these.",
            "Clear the mail value, or take the group out of writeback and let it go in a controlled way.",
            f => AtRisk(f, ClassReason.HasMail, ClassReason.MailEnabled)),
        Of("GWB2303", Blocks, "Soft-deleted groups are still in Active Directory",
            "Writeback v2 retained them; nothing keeps them after the switch.", "Restore them in Entra, or delete them for good.",
            f => AtRisk(f, ClassReason.SoftDeleted)),
        Of("GWB2304", Blocks, "Groups with writeback off are still in Active Directory",
            "Writeback v2 retained them; nothing keeps them after the switch.",
            "Switch writeback on for those that are needed; remove the others from Active Directory.",
            f => AtRisk(f, ClassReason.Disabled)),
        Of("GWB2305", Blocks, "Groups in the OU belong to a group in Entra that cannot be written back",
            "The group comes from Active Directory itself, or is no security group any more.", "Review each of them.",
            f => AtRisk(f, ClassReason.Synced, ClassReason.NotSecurity)),
        Of("GWB2306", Blocks, "The second anchor holds another value",
            "msDS-ExternalDirectoryObjectId is set and differs from adminDescription: Cloud Sync would not find the group, or take another one.",
            "Find out who wrote it; clear it, or correct it.",
            f => With(f, ClassReason.OtherAnchor)),
        Of(DuplicateAnchor, Blocks, "Two objects bear one anchor",
            "Cloud Sync stops at a duplicate and leaves the group alone from then on.",
            "Find the object that is not the group and clear its anchor.",
            f => With(f, ClassReason.DoubleAnchor)),
        Of("GWB2308", Blocks, "Groups have names of their own that cannot be kept",
            "One mapping names all groups, and GroupDN, which keeps other names, holds no control characters and at most 256 characters.",
            "Bring the names into the style of the other groups before the migration.",
            f => With(f, ClassReason.WrongName)),
        Of("GWB2309", Blocks, "Groups are in places of their own that cannot be kept",
            "One container is mapped for all groups, and GroupDN, which keeps other places, holds at most 256 characters.",
            "Move the groups into the writeback OU before the migration.",
            f => With(f, ClassReason.WrongPlace)),
        Of("GWB2310", Blocks, "More groups than Cloud Sync supports",
            "One configuration takes 10,000 selected groups, and one domain has one configuration.", "Take groups out of writeback.",
            f => f.Options.EnforceLimits ? TooManyGroups(f) : []),
        Of("GWB2311", Blocks, "More memberships than Cloud Sync supports",
            "One configuration takes 250,000 memberships of selected groups.", "Take large groups out of writeback.",
            f => f.Options.EnforceLimits ? TooManyMemberships(f) : []),

        // ---- Consequences to accept
        Of("GWB2401", NeedsAcceptance, "Groups freeze",
            "They are too large or not universal: they stay with their members, and no longer follow Entra.",
            "Accept, or make them smaller or universal before.",
            f => f.Of(GroupClass.Freezes).Select(g => g.Name)),
        Of("GWB2402", NeedsAcceptance, "Groups lose members",
            "Cloud Sync does not write devices, groups that come from Active Directory, and groups that do not migrate.",
            "Accept, or give the access that these members have in another way. The plan lists them one by one.",
            f => f.Of(GroupClass.Migrates).Where(g => g.Reasons.Contains(ClassReason.LosesMembers)).Select(g => g.Name)),
        Of("GWB2403", NeedsAcceptance, "Microsoft 365 groups appear in Active Directory",
            "After the switch version 1 writes every Microsoft 365 group, whatever its writeback setting says.",
            "Accept, or delete groups that nobody needs.",
            f => f.Classified.Groups.Where(g => g.NewlyWritten).Select(g => g.Name)),
        Of("GWB2404", NeedsAcceptance, "Microsoft 365 groups change from security to distribution",
            "Version 1 writes distribution groups only: access that was given to these groups in Active Directory ends.",
            "Accept, or give the access to another group first.",
            f => f.Classified.Groups.Where(g => g.TypeChange).Select(g => g.Name)),
        Of("GWB2405", NeedsAcceptance, "Staging mode would last more than 12 hours",
            "While the active server stages, exports to Entra, password hash synchronisation and password writeback stand still.",
            "Accept, or make full cycles faster.",
            f => f.Time.PredictedStagingSeconds is > TimeArithmetic.AcceptanceAbove and <= TimeArithmetic.BlocksAbove ? [Hours(f.Time)] : []),
        Of("GWB2406", NeedsAcceptance, "Custom rules provision groups",
            "A copy of a standard rule may go on writing the groups that Cloud Sync takes over.",
            "Review each rule; accept those that do not touch written-back security groups.",
            f => f.Servers.SelectMany(s => s.CustomProvisioningRules.Select(rule => $"{s.Server}: {rule}"))),
        Of("GWB2407", NeedsAcceptance, "Groups are protected by AdminSDHolder",
            "The agent may not write them, so that they would stop following Entra.",
            "Take them out of the protected group, or give the agent's account rights on AdminSDHolder.",
            f => f.Of(GroupClass.Migrates).Where(g => g.Reasons.Contains(ClassReason.Protected)).Select(g => g.Name)),
        Of("GWB2408", NeedsAcceptance, "Groups keep names or places of their own",
            "One mapping names and places all groups. These keep theirs by the extension property GroupDN: an app (CloudSyncCustomExtensionsApp) stays "
            + "in the tenant for good, and without it Cloud Sync would rename and move them. They no longer take up a new display name.",
            "Accept, or bring names and places in line before the migration. The plan lists the groups.",
            f => f.Of(GroupClass.Migrates).Where(g => g.Reasons.Contains(ClassReason.KeptName) || g.Reasons.Contains(ClassReason.KeptPlace)).Select(g => g.Name)),

        // ---- To know
        Of("GWB2501", ToKnow, "A synchronisation cycle runs",
            "The facts may move while they are read.", "Nothing: the freeze waits for its end and reads again.",
            f => f.Servers.Where(s => s.Scheduler.CycleInProgress).Select(s => s.Server)),
        Of("GWB2502", ToKnow, "The scheduler is off",
            "Active Directory may be behind Entra.", "Find out why; the migration leaves the scheduler as it found it.",
            f => f.Servers.Where(s => !s.Scheduler.Enabled).Select(s => s.Server)),
        Of("GWB2503", ToKnow, "The length of a full cycle is a guess",
            "The run history of the server has no Initial cycle.", "Run one in a quiet hour and assess again.",
            f => f.Servers.Where(s => s.LastInitialSeconds is null).Select(s => s.Server)),
        Of("GWB2504", ToKnow, "The server upgrades itself",
            "An upgrade in the middle would change rules and cmdlets.", "Nothing: the migration suspends it and gives it back.",
            f => f.Servers.Where(s => s.AutoUpgrade == AutoUpgradeState.Enabled).Select(s => s.Server)),
        Of("GWB2505", ToKnow, "A newer provisioning agent is recommended",
            $"The prerequisites name {CurrentAgent}.", "Upgrade the agent when it suits.",
            f => ActiveAgents(f).Where(a => !Older(a.Version, OldestAgent) && Older(a.Version, CurrentAgent)).Select(a => $"{a.Computer}: {a.Version}")),
        Of("GWB2506", ToKnow, "The forest is not prepared for Exchange",
            "Mail attributes of Microsoft 365 groups are not written.", "Nothing, unless Exchange needs them.",
            f => !f.Forest.Exchange.Prepared && f.Of(GroupClass.FallsToV1).Any() ? [f.Forest.Domain] : []),
        Of("GWB2507", ToKnow, "The setting for new Microsoft 365 groups loses its effect",
            "New groups are not written now; after the switch version 1 writes them all.", "Tell the owners of the directory.",
            f => f.Tenant.NewM365GroupsAreWritten ? [] : ["NewUnifiedGroupWritebackDefault"]),
        Of("GWB2508", ToKnow, "Objects in the OU have no group in Entra",
            "They were made by hand, or their group was deleted for good.", "Nothing: they are left as they are.",
            f => f.Of(GroupClass.Orphan).Select(g => g.Name)),
        Of("GWB2509", ToKnow, "Groups are enabled and not in Active Directory yet",
            "Connect has not written them so far.", "Nothing: those that appear until the freeze come along, within the tolerance.",
            f => f.Of(GroupClass.LetGo).Select(g => g.Name)),
        Of("GWB2510", ToKnow, "Groups are protected from accidental deletion",
            "The protection also stops a rename or move by the agent.", "Nothing, unless the group is renamed in Entra later.",
            f => f.Inventory.Where(g => g.ProtectedFromDeletion).Select(g => DistinguishedName.CommonName(g.DistinguishedName))),
        Of("GWB2511", ToKnow, "The limits of Cloud Sync are exceeded and not enforced",
            "The configuration says so; Microsoft does not support it.", "Expect long cycles.",
            f => f.Options.EnforceLimits ? [] : TooManyGroups(f).Concat(TooManyMemberships(f))),

        // ---- Canaries
        Of("GWB2601", Blocks, "A canary is missing",
            "Entra has no such group, or it is deleted.", "Make a cloud security group with one synchronised test user as its member.",
            f => f.CanaryIds.Where(id => !f.Cloud.TryGetValue(id, out var g) || g.SoftDeleted).Select(id => id.ToString("D"))),
        Of("GWB2602", Blocks, "Two canaries are the same group",
            "Each proves something of its own.", "Name three different groups.",
            f => f.CanaryIds.GroupBy(id => id).Where(g => g.Count() > 1).Select(g => g.Key.ToString("D"))),
        Of("GWB2603", Blocks, "A canary is not suitable",
            "A canary is a cloud security group without mail, not role-assignable, never enabled for writeback, with a synchronised user as member.",
            "Make a new group for the purpose.",
            f => Canary(f, g => g is not
                {
                    SecurityEnabled: true, MailEnabled: false, Unified: false, Mail: null, Dynamic: false, RoleAssignable: false,
                    OnPremisesSynced: false, WritebackEnabled: not true,
                } || g.Members - g.Unwritable.Count - g.Children.Count < 1)),
        Of("GWB2604", Blocks, "A canary is in Active Directory already",
            "The proof needs a group that nobody uses: the migration makes and removes its object.", "Make a new group for the purpose.",
            f => Canary(f, g => !f.KnownCanaries.Contains(g.Id) && f.Inventory.Any(i => Anchors.CloudId(i.AdminDescription) == g.Id))),
        Of(CanariesNotNamed, Blocks, "The canaries are not named yet",
            "A first look needs none. A plan does: three test groups prove Cloud Sync before any real group comes into its scope.",
            "Make three cloud security groups, each with one synchronised test user as its member, and assess again with their objectIds.",
            f => f.Canaries is null ? ["none"] : []),
    ];

    /// <summary>The findings, those that block first.</summary>
    public static IReadOnlyList<Finding> Run(AssessmentFacts facts, IReadOnlyList<Acceptance> acceptances)
        => [.. All.Select(check => check.Run(facts, acceptances)).OfType<Finding>().OrderBy(f => f.Severity).ThenBy(f => f.Code, StringComparer.Ordinal)];

    static Check Of(string code, FindingSeverity severity, string title, string cause, string remedy, Func<AssessmentFacts, IEnumerable<string>> look)
        => new() { Code = code, Severity = severity, Title = title, Cause = cause, Remedy = remedy, Look = look };

    static IEnumerable<string> AtRisk(AssessmentFacts facts, params string[] reasons)
        => facts.Of(GroupClass.AtRisk).Where(g => g.Reasons.Any(reasons.Contains)).Select(g => g.Name);

    static IEnumerable<string> With(AssessmentFacts facts, string reason)
        => facts.Classified.Groups.Where(g => g.Reasons.Contains(reason)).Select(g => g.Name);

    static IEnumerable<string> Canary(AssessmentFacts facts, Func<CloudGroupFacts, bool> unsuitable)
        => facts.CanaryIds.Distinct()
            .Select(id => facts.Cloud.GetValueOrDefault(id))
            .OfType<CloudGroupFacts>()
            .Where(g => !g.SoftDeleted && unsuitable(g))
            .Select(g => g.DisplayName);

    static IEnumerable<ProvisioningAgent> ActiveAgents(AssessmentFacts facts) => facts.Forest.Agents.Where(a => a.Active);

    static IEnumerable<string> TooManyGroups(AssessmentFacts facts)
        => facts.Classified.Migrating.Count > facts.Options.GroupLimit ? [Number(facts.Classified.Migrating.Count)] : [];

    static IEnumerable<string> TooManyMemberships(AssessmentFacts facts)
        => facts.Of(GroupClass.Migrates).Sum(g => (long)g.Members) is var sum && sum > facts.Options.MembershipLimit ? [Number(sum)] : [];

    // A version that cannot be read is treated as too old: unknown is not new enough.
    static bool Older(string version, Version than) => !Version.TryParse(version, out var read) || read < than;

    static string Hours(TimePlan time) => $"{Math.Round(time.PredictedStagingSeconds / 3_600.0, 1).ToString(CultureInfo.InvariantCulture)} hours";

    static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
