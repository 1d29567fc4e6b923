using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Reporting;

/// <summary>What is left to do when a migration has ended, or meanwhile, and when the coexistence rules may go. Pure.</summary>
static class Leftovers
{
    public static IReadOnlyList<string> Of(MigrationView view) => view.Outcome switch
    {
        null => [.. OpenOf(view), "The migration has not ended: this report tells how it stands."],
        MigrationOutcome.Completed =>
        [
            .. OpenOf(view),
            "Look at the groups that are named below, if there are any, together with those who use them.",
            "From now on assign groups to the enterprise application of Cloud Sync to have them written to Active Directory.",
            "Keep both coexistence rules on every Connect server; see below when they may go. A rebuilt server gets them by the script of this report (format=rules) before its first cycle.",
            "Download this report, its tables and the audit log. Then the product can be removed: Cloud Sync and Connect go on without it.",
        ],
        MigrationOutcome.Postponed or MigrationOutcome.Expired =>
        [
            "Nothing stands still. The anchors that were stamped, the paused job and the canaries are kept for the next migration.",
            "Assess again when the assessment is no longer valid, and request the migration with another window.",
        ],
        MigrationOutcome.Denied when view.AskedEnd is not null => ["Nothing stands still, and everything was undone. Request the migration again when you want to."],
        MigrationOutcome.Denied => ["Nothing stands still. Where it was denied and left as it is, what was prepared is still there; a new migration takes it up."],
        MigrationOutcome.RolledBack => ["Nothing stands still, and everything was undone. Mend what the last notice names, and request the migration again."],
        _ => [.. OpenOf(view), "The migration is not finished: mend what the last notice names, then have it taken up again, or let it go once people have put right by hand what is left."],
    };

    /// <summary>Nobody says what Connect does to the objects of the groups when the rules go, so it is proved on a server that exports nothing.</summary>
    public static string? RulesMayGo(MigrationView view) => view.Stages.Any(s => s is { Name: StageName.DisableGroupWritebackV2, State: StageState.Done } or { Name: >= StageName.SecondFullSync, StartedAt: not null })
        ? "Not before every group that is to stay in Active Directory was verified under Cloud Sync, and not while Connect still has the writeback OU in its scope and nobody has looked: what Connect does with "
            + "the groups when the rules are gone is documented nowhere. Prove it on a server in staging mode: remove both rules there, run an Initial cycle, and look at its pending exports. Only when none of them "
            + "deletes, disconnects or changes a group of the OU may the rules go elsewhere. The operation clean-up does exactly that. The guided transition to Cloud Sync in Connect's wizard (from 2.6.91.0 on) refuses custom rules, so it needs them gone."
        : null;

    static IEnumerable<string> OpenOf(MigrationView view)
    {
        foreach (var task in view.Tasks.Where(t => t.State == TaskState.Open)) { yield return $"Task, until {Words.Time(task.Deadline)}: {task.Title}."; }
        if (view.Gate is { } gate) { yield return $"Decision, until {Words.Time(gate.Deadline)}: {(gate.Gate == GateName.Plan ? "the plan" : "the switch")}."; }
        if (view.Hold is { } hold) { yield return $"Release, until {Words.Time(hold.Until)}: {Words.Of(hold.Before)}."; }
        if (view.Orphans.Count > 0) { yield return $"{Words.Count(view.Orphans.Count, "object stays", "objects stay")} behind in Active Directory whose groups Entra no longer has: delete them when nobody needs them."; }
        if (view.Deliveries is { Failed.Count: > 0 }) { yield return "Some messages were not delivered: look at the channels."; }
    }
}
