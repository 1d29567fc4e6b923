using static GwbCloud.Functions.Assessment.Check;
using static GwbCloud.Functions.Assessment.FindingSeverity;

namespace GwbCloud.Functions.Assessment;

/// <summary>The groups that prove Cloud Sync. Source: design of the canaries.</summary>
static class CanaryChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        OfNames("GWB2601", Blocks, "A canary is missing",
            "Entra has no such group, or it is deleted.", "Make a cloud security group with one synchronised test user as its member.",
            f => f.CanaryIds.Where(id => !f.Cloud.TryGetValue(id, out var g) || g.SoftDeleted).Select(id => id.ToString("D"))),
        OfNames("GWB2602", Blocks, "Two canaries are the same group",
            "Each proves something of its own.", "Name three different groups.",
            f => f.CanaryIds.GroupBy(id => id).Where(g => g.Count() > 1).Select(g => g.Key.ToString("D"))),
        OfNames("GWB2603", Blocks, "A canary is not suitable",
            "A canary is a cloud security group without mail, not role-assignable, never enabled for writeback, with a synchronised user as member.",
            "Make a new group for the purpose.",
            f => Canary(f, g => g is not
                {
                    SecurityEnabled: true, MailEnabled: false, Unified: false, Mail: null, Dynamic: false, RoleAssignable: false,
                    OnPremisesSynced: false, WritebackEnabled: not true,
                } || g.Members - g.Unwritable.Count - g.Children.Count < 1)),
        OfNames("GWB2604", Blocks, "A canary is in Active Directory already",
            "The proof needs a group that nobody uses: the migration makes and removes its object.", "Make a new group for the purpose.",
            f => Canary(f, g => !f.KnownCanaries.Contains(g.Id) && f.Inventory.Any(i => Anchors.CloudId(i.AdminDescription) == g.Id))),
        OfNames(FindingCatalogue.CanariesNotNamed, Blocks, "The canaries are not named yet",
            "A first look needs none. A plan does: three test groups prove Cloud Sync before any real group comes into its scope.",
            "Make three cloud security groups, each with one synchronised test user as its member, and assess again with their objectIds.",
            f => f.Canaries is null ? ["none"] : []),
    ];

    static IEnumerable<string> Canary(AssessmentFacts facts, Func<CloudGroupFacts, bool> unsuitable)
        => facts.CanaryIds.Distinct()
            .Select(id => facts.Cloud.GetValueOrDefault(id))
            .OfType<CloudGroupFacts>()
            .Where(g => !g.SoftDeleted && unsuitable(g))
            .Select(g => g.DisplayName);
}
