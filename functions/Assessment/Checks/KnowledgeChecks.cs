using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;
using static GwbCloud.Functions.Assessment.Check;
using static GwbCloud.Functions.Assessment.FindingSeverity;

namespace GwbCloud.Functions.Assessment;

/// <summary>What people should know; nothing to do, or nothing that the migration does not do by itself. Source: plan document; limits of Cloud Sync.</summary>
static class KnowledgeChecks
{
    /// <summary>Oldest agent of the migrate how-to, and the one that the prerequisites name now.</summary>
    static readonly Version OldestAgent = new(1, 1, 1367, 0);
    static readonly Version CurrentAgent = new(1, 1, 2334, 0);

    public static IReadOnlyList<Check> All { get; } =
    [
        OfNames("GWB2501", ToKnow, "A synchronisation cycle runs",
            "The facts may move while they are read.", "Nothing: the freeze waits for its end and reads again.",
            f => f.Servers.Where(s => s.Scheduler.CycleInProgress).Select(s => s.Server)),
        OfNames("GWB2502", ToKnow, "The scheduler is off",
            "Active Directory may be behind Entra.", "Find out why; the migration leaves the scheduler as it found it.",
            f => f.Servers.Where(s => !s.Scheduler.Enabled).Select(s => s.Server)),
        OfNames("GWB2503", ToKnow, "The length of a full cycle is a guess",
            "The run history of the server has no Initial cycle; two hours are taken for each 100,000 objects, unless a setting says otherwise.",
            "Run one in a quiet hour and assess again.",
            f => f.Servers.Where(TimeArithmetic.IsGuess)
                .Select(s => $"{s.Server}: taken for {TimeArithmetic.InitialSeconds(s, f.Options.UnknownInitialMinutes) / 60} minutes")),
        OfNames("GWB2504", ToKnow, "The server upgrades itself",
            "An upgrade in the middle would change rules and cmdlets.", "Nothing: the migration suspends it and gives it back.",
            f => f.Servers.Where(s => s.AutoUpgrade == AutoUpgradeState.Enabled).Select(s => s.Server)),
        OfNames("GWB2505", ToKnow, "A newer provisioning agent is recommended",
            $"The prerequisites name {CurrentAgent}.", "Upgrade the agent when it suits.",
            f => f.Forest.Agents.Where(a => a.Active is not false && a.Version.Length > 0 && !Versions.Older(a.Version, OldestAgent) && Versions.Older(a.Version, CurrentAgent)).Select(a => $"{a.Computer}: {a.Version}")),
        OfNames("GWB2506", ToKnow, "The forest is not prepared for Exchange",
            "Mail attributes of Microsoft 365 groups are not written.", "Nothing, unless Exchange needs them.",
            f => !f.Forest.Exchange.Prepared && f.Of(GroupClass.FallsToV1).Any() ? [f.Forest.Domain] : []),
        OfNames("GWB2507", ToKnow, "The setting for new Microsoft 365 groups loses its effect",
            "New groups are not written now; after the switch version 1 writes them all.", "Tell the owners of the directory.",
            f => f.Tenant.NewM365GroupsAreWritten ? [] : ["NewUnifiedGroupWritebackDefault"]),
        OfGroups("GWB2508", ToKnow, "Objects in the OU have no group in Entra",
            "Their group was deleted for good, and Connect left them.", "Nothing: they are left as they are.",
            f => f.With(ClassReason.NotInEntra)),
        OfGroups("GWB2509", ToKnow, "Groups are enabled and not in Active Directory yet",
            "Connect has not written them so far.", "Nothing: those that appear until the freeze come along, within the tolerance.",
            f => f.With(ClassReason.NotYetWritten).Where(g => !g.Reasons.Contains(ClassReason.CouldNotMigrate))),
        OfNames("GWB2510", ToKnow, "Groups are protected from accidental deletion",
            "The protection also stops a rename or move by the agent.", "Nothing, unless the group is renamed in Entra later.",
            f => f.Inventory.Where(g => g.ProtectedFromDeletion).Select(g => DistinguishedName.CommonName(g.DistinguishedName))),
        Of("GWB2512", ToKnow, "An acceptance is not needed",
            "It names a finding that this assessment does not have, or a name that the finding does not have.",
            "Nothing: it is left out of the plan.",
            f => f.Acceptances.Where(a => Acceptances.Objection(a.Code, a.Subject, a.Set) is null && !Acceptances.Answers(f, a))
                .Select(a => a.Subject is null ? a.Code : $"{a.Code}: {a.Subject}").Distinct().Select(name => new Concern { Name = name })),
        OfNames("GWB2513", ToKnow, "The tenant is larger than Cloud Sync's documents assume",
            "Above 200,000 users, 40,000 groups or 1,000,000 memberships only selected groups are supported; the migration selects them.",
            "Nothing. Never let the configuration take all groups.",
            f => Limits.LargeTenant(f.Tenant.Numbers)),
        OfNames("GWB2514", ToKnow, "Fewer than three agents are active",
            "One agent is enough; three keep Cloud Sync going when a server is down.", "Install more when it suits.",
            f => f.Forest.Agents.Count(a => a.Active is not false) is 1 or 2 ? f.Forest.Agents.Where(a => a.Active is not false).Select(a => a.Computer) : []),
        OfGroups("GWB2515", ToKnow, "Groups in the OU bear no anchor of writeback",
            "Their adminDescription is no Group_ and objectId: somebody made them there by hand, or cleared the value.",
            "Nothing, when they belong to nobody's writeback. A written-back group whose adminDescription was cleared needs it back before the migration.",
            f => f.With(ClassReason.NoAnchor)),
        OfGroups("GWB2516", ToKnow, "Role-assignable groups migrate",
            "Entra protects them: only privileged administrators change their members, and assigning them to the configuration needs more rights.",
            "Let somebody with the role Privileged Role Administrator run the scope script for these.",
            f => f.Of(GroupClass.Migrates).Where(g => g.Reasons.Contains(ClassReason.RoleAssignable))),
        OfGroups("GWB2517", ToKnow, "Groups with dynamic membership migrate",
            "Cloud Sync writes the members that the rule gives.", "Nothing.",
            f => f.Of(GroupClass.Migrates).Where(g => g.Reasons.Contains(ClassReason.Dynamic))),
        OfGroups("GWB2518", ToKnow, "Nested cloud groups are not in scope",
            "They are members in Entra and do not migrate, so that Cloud Sync writes neither them nor their members.",
            "Switch writeback on for those that Active Directory needs, before the migration.",
            f => f.Of(GroupClass.Migrates).Where(g => g.Unwritten is { ChildrenOutOfScope: > 0 })),
        OfGroups("GWB2519", ToKnow, "Members have no account in the forest",
            "Users who live in Entra only, or in another forest, were never written, and are not written by Cloud Sync.", "Nothing.",
            f => f.Of(GroupClass.Migrates).Where(g => g.Unwritten is { CloudOnly: > 0 })),
        OfGroups("GWB2520", ToKnow, "Nested groups from Active Directory are domain-local, or missing there",
            "A universal group cannot hold a domain-local one: Connect reports an export error and leaves it out.",
            "Take the nested group out in Entra, or change its scope to global or universal.",
            f => f.With(ClassReason.LocalGroups)),
        OfGroups("GWB2521", ToKnow, "Microsoft 365 groups are too large to be written",
            "Connect leaves groups of more than 50,000 members out, or of more than 250,000 where its limit is off.", "Nothing.",
            f => f.With(ClassReason.M365TooLarge)),
        OfNames("GWB2522", ToKnow, "The limit of 50,000 members is off",
            "The standard rule is disabled on the server, so that Microsoft 365 groups of up to 250,000 members are written.",
            "Nothing; the count of groups that appear takes it in.",
            f => f.Servers.Where(s => !s.MemberLimitEnabled).Select(s => s.Server)),
        OfGroups("GWB2527", ToKnow, "Groups were written once and are gone",
            "Entra shows that writeback had written them: their type in Active Directory is still set. Their objects are not there any more.",
            "Nothing: what is gone cannot be lost. Whoever misses one switches its writeback on before the migration.",
            f => f.With(ClassReason.WrittenEarlier).Concat(f.With(ClassReason.DeletedEarlier))),
        OfGroups("GWB2528", ToKnow, "Groups that Connect has not written yet could not migrate",
            "They have a mail value or more than 50,000 members. Once Connect writes them they are at risk or freeze, and the freeze would stop there.",
            "Switch their writeback off, clear the mail value, or make them smaller, before Connect writes them.",
            f => f.With(ClassReason.CouldNotMigrate)),
        OfNames("GWB2523", ToKnow, "The naming rule and the names in the OU disagree",
            "The rule that names objects after their display name is on while most bear the objectId, or the other way round.",
            "Nothing: Cloud Sync keeps the names that the groups have. Find out who changed the rule.",
            f => f.Servers.Where(s => !s.Staging && f.Classified.Migrating.Count > 0 && s.DisplayNameRuleEnabled != (f.Classified.Naming == NamingStyle.DisplayName))
                .Select(s => s.Server)),
    ];
}
