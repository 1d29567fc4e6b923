using GwbCloud.Contracts.Commands;
using static GwbCloud.Functions.Assessment.Check;
using static GwbCloud.Functions.Assessment.FindingSeverity;

namespace GwbCloud.Functions.Assessment;

/// <summary>Groups that block the tenant until somebody changed them. Source: migrate how-to; limits of Cloud Sync.</summary>
static class GroupChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        OfNames("GWB2301", Blocks, "No group migrates",
            "Writeback v2 writes no cloud security group.", "Nothing to do: switch v2 off when the Microsoft 365 groups allow it.",
            f => f.Classified.Migrating.Count > 0 ? [] : ["none"]),
        OfGroups("GWB2302", Blocks, "Security groups with a mail value would be lost",
            "The coexistence rule covers groups without mail only, so that Connect would delete or disconnect these.",
            "Clear the mail value, or take the group out of writeback and let it go in a controlled way; its task names the steps.",
            f => AtRisk(f, ClassReason.HasMail, ClassReason.MailEnabled)),
        OfGroups("GWB2303", Blocks, "Soft-deleted groups are still in Active Directory",
            "Writeback v2 retained them; nothing keeps them after the switch.", "Restore them in Entra, or delete them for good; the task of each names the steps.",
            f => AtRisk(f, ClassReason.SoftDeleted)),
        OfGroups("GWB2304", Blocks, "Groups with writeback off are still in Active Directory",
            "Writeback v2 retained them; nothing keeps them after the switch.",
            "Switch writeback on for those that are needed; remove the others from Active Directory; the task of each names the steps.",
            f => AtRisk(f, ClassReason.Disabled)),
        OfGroups("GWB2305", Blocks, "Groups in the OU belong to a group in Entra that cannot be written back",
            "The group comes from Active Directory itself, or is no security group any more.", "Review each of them; its task names the steps.",
            f => AtRisk(f, ClassReason.Synced, ClassReason.NotSecurity)),
        OfGroups("GWB2306", Blocks, "The second anchor holds another value",
            "msDS-ExternalDirectoryObjectId is set and differs from adminDescription: Cloud Sync would not find the group, or take another one.",
            "Find out who wrote it; clear it, or correct it.",
            f => f.With(ClassReason.OtherAnchor)),
        OfGroups(FindingCatalogue.DuplicateAnchor, Blocks, "Two objects bear one anchor",
            "Cloud Sync stops at a duplicate and leaves the group alone from then on.",
            "Find the object that is not the group and clear its anchor.",
            f => f.With(ClassReason.DoubleAnchor)),
        OfGroups("GWB2308", Blocks, "Groups have names of their own that cannot be kept",
            "One mapping names all groups, and GroupDN, which keeps other names, holds no control characters and at most 256 characters.",
            "Bring the names into the style of the other groups before the migration.",
            f => f.With(ClassReason.WrongName)),
        OfGroups("GWB2309", Blocks, "Groups are in places of their own that cannot be kept",
            "One container is mapped for all groups, and GroupDN, which keeps other places, holds at most 256 characters.",
            "Move the groups into the writeback OU before the migration.",
            f => f.With(ClassReason.WrongPlace)),
        OfNames("GWB2310", Blocks, "More groups than Cloud Sync supports",
            "One configuration takes 10,000 selected groups, those that it manages already among them, and one domain has one configuration.", "Take groups out of writeback.",
            f => f.Options.EnforceLimits ? Limits.TooManyGroups(f) : []),
        OfNames("GWB2311", Blocks, "More memberships than Cloud Sync supports",
            "One configuration takes 250,000 memberships of selected groups, those that it manages already among them.", "Take large groups out of writeback.",
            f => f.Options.EnforceLimits ? Limits.TooManyMemberships(f) : []),
        OfObjects("GWB2312", "The agent may not write groups that migrate",
            "Its account's rights on the OU do not reach them: inheritance is blocked, or an entry of their own denies it. They would stop following Entra.",
            "Let the groups inherit the OU's rights again, or give the agent's account its rights on each.",
            // Groups of AdminSDHolder have a finding of their own, with a remedy of its own.
            group => group.AgentMayWrite is false && !group.AdminCount),
        OfObjects("GWB2313", "The listener may not stamp groups that migrate",
            "Its account may not write msDS-ExternalDirectoryObjectId on them: inheritance is blocked, or an entry of their own denies it.",
            "Give the listener's account that right on each, or let the groups inherit the OU's rights again.",
            group => group.ListenerMayStamp is false),
    ];

    /// <summary>A check of what the inventory says of the groups that migrate.</summary>
    static Check OfObjects(string code, string title, string cause, string remedy, Func<AdGroup, bool> wrong) =>
        OfGroups(code, Blocks, title, cause, remedy, facts =>
        {
            var objects = facts.Inventory.Where(wrong).Select(group => group.ObjectGuid).ToHashSet();
            return facts.Of(GroupClass.Migrates).Where(group => group.ObjectGuid is { } id && objects.Contains(id));
        });

    static IEnumerable<ClassifiedGroup> AtRisk(AssessmentFacts facts, params string[] reasons)
        => facts.Of(GroupClass.AtRisk).Where(g => g.Reasons.Any(reasons.Contains));
}
