using GwbCloud.Contracts;

namespace GwbCloud.Functions.Operations;

/// <summary>What operations other than a migration tell: GWB29xx.</summary>
public static class OperationError
{
    public static readonly ErrorEntry ValuesLeft = new("GWB2901", "Some values were left as they are.",
        "They changed since the plan, their group is gone, or Entra refused the write; the list says which and why.",
        "Read the list; plan again for what is still wanted.");
    public static readonly ErrorEntry UndoLeft = new("GWB2902", "Some values were not taken back.",
        "Somebody changed them after the operation, or their group is gone: they are no longer the operation's own.",
        "Read the list, and decide about each by hand.");
    public static readonly ErrorEntry OperationStopped = new("GWB2903", "An operator stopped the operation.",
        "Somebody chose stop. What was written until then stands.", "Start it again to go on, or undo it.");
    public static readonly ErrorEntry OperationBroke = new("GWB2904", "The operation broke off.",
        "Its orchestration ended by a fault or was removed. What was written until then was noted before.",
        "Start it again to go on, or undo it. Where it had no plan yet, ask for it anew.");
    public static readonly ErrorEntry MigrationBegan = new("GWB2905", "A migration began at the same moment.",
        "Both were asked for at once. The operation has written nothing.", "Wait for the migration's end, then plan again.");

    public static readonly ErrorEntry RuleWouldDeleteAll = new("GWB2906", "The delete-on-disable rule is not added.",
        "It deletes what is out of writeback, and without version 2 of group writeback that is every security group.", "Add it only while version 2 is on and read as on.");
    public static readonly ErrorEntry DangerSincePlan = new("GWB2907", "Something dangerous came up after the plan.",
        "The delete-on-disable rule came into force, more groups would be deleted, or a server no longer answers: nobody has read or approved that. Nothing was written.",
        "Plan the operation again, and read what is new.");
    public static readonly ErrorEntry RecycleBinOff = new("GWB2908", "The delete-on-disable rule is not added without the Recycle Bin.",
        "The Recycle Bin of the forest is off: what the rule deletes would not come back.", "Have it enabled (Enable-ADOptionalFeature; it can't be taken back), then plan again.");
    public static readonly ErrorEntry DisableWouldDelete = new("GWB2909", "Group writeback is not switched off.",
        "The OU holds security groups that were written from Entra. Clearing group writeback in the wizard lets Connect delete whatever it ever wrote.",
        "Leave version 1 on, or have Microsoft's support look at it; switch single groups off by existingGroups.");
    public static readonly ErrorEntry VersionTwoEnded = new("GWB2910", "Version 2 of group writeback can no longer be switched on.",
        "Its preview has ended: neither the service nor a current client takes it.",
        "Have Cloud Sync write security groups; for Microsoft 365 groups enable version 1.");
    public static readonly ErrorEntry WizardNotRun = new("GWB2911", "The wizard was not run in time.",
        "Nobody did the task; what the operation had changed is as it was.", "Start it again when somebody can sign in to the server.");
    public static readonly ErrorEntry EnableNotPossible = new("GWB2912", "Group writeback can't be enabled as things stand.",
        "Not exactly one server exports, its features can't be read, the writeback OU is missing or another one, or the delete-on-disable rule is in force.",
        "Remove the cause that the message names, then plan again.");
    public static readonly ErrorEntry ServerNotIdle = new("GWB2913", "The Connect server did not come to rest.",
        "A cycle ran, or the wizard was open, for two hours.", "Close the wizard or wait for the cycle's end, then start it again.");
    public static readonly ErrorEntry CycleErrors = new("GWB2914", "The full cycle could not write everything.",
        "Connect's account lacks permissions on the OU, or a run was stopped.", "Grant the permissions, then start it again; objects in error are written by the next cycle.");
    public static readonly ErrorEntry SchedulerDeviates = new("GWB2915", "The scheduler does not read as it was set.",
        "Somebody else switched it, or Entra did not take the change.", "Look at Get-ADSyncScheduler and set it by hand, then start the operation again or undo it.");

    public static readonly ErrorEntry ApprovalWaits = new("GWB2916", "A plan waits for a second person.",
        "It is dangerous for the reasons that it names, and nobody has decided yet.", "Read the plan, then approve or deny it. Silence never approves.");
    public static readonly ErrorEntry ApprovalExpired = new("GWB2917", "Nobody decided about the plan in time.",
        "It needed a second person, and what it read is too old by now. Nothing was written.", "Plan the operation again, when somebody is there to approve it.");

    public static readonly ErrorEntry RestoreUnsafe = new("GWB2970", "Nothing is restored while nobody can say what Connect writes.",
        "No server answers, or the versions of group writeback that are on could not be read: a restored group might meet a new one.",
        "Have a server of Connect answer with its features, then plan again.");
    public static readonly ErrorEntry RestoreLeft = new("GWB2971", "Some deleted groups were not restored as planned.",
        "They changed since the plan, were switched on in Entra meanwhile, or the directory refused them; the list says which and why.",
        "Read the list, remove what stands in the way, then start it again or plan anew.");
    public static readonly ErrorEntry RestoreThenEntra = new("GWB2972", "The groups are restored in Active Directory, and not yet on in Entra.",
        "The order is: the object first, its group in Entra afterwards.",
        "Switch their writeback on, or restore them from soft delete, before a cycle runs under the delete-on-disable rule.");

    public static readonly ErrorEntry CleanUpShows = new("GWB2980", "Without the coexistence rules a standby would export what nobody allowed.",
        "Connect does not let the groups go, it would delete or change them. The rules were put back there.",
        "Keep the rules on every server, also on rebuilt ones: the report has a script for them.");
    public static readonly ErrorEntry CleanUpStandbyUnfit = new("GWB2981", "A standby would delete groups although it has its rules again.",
        "What it calculated without them it does not take back by itself.",
        "Leave it in staging mode: it must not become the active server before Connect was set up there anew, the rules first.");
    public static readonly ErrorEntry CleanUpNotRead = new("GWB2982", "The coexistence rules do not read as removed.",
        "The cmdlet reported success, and the rules are still there.", "Look at them in the rules editor, then go on or undo.");
    public static readonly ErrorEntry CleanUpUnseen = new("GWB2983", "The coexistence rules are gone from the active server, and nobody has seen a cycle without them.",
        "Its scheduler is off, or no cycle came to its end.", "Watch the next cycle, and look for the groups; undo puts the rules back.");
    public static readonly ErrorEntry CleanUpHarmed = new("GWB2984", "After the coexistence rules went, the active server did what no standby had shown.",
        "Connect deleted groups, or is about to. The scheduler was turned off and the rules were put back.",
        "Look at the pending exports and bring the groups back with the migration's repair pack; turn the scheduler on only when nothing of it is pending.");

    /// <summary>The lines in the order of their codes; docs/errors.md lists exactly these.</summary>
    public static IReadOnlyList<ErrorEntry> All { get; } = [ValuesLeft, UndoLeft, OperationStopped, OperationBroke, MigrationBegan, RuleWouldDeleteAll, DangerSincePlan, RecycleBinOff, DisableWouldDelete, VersionTwoEnded, WizardNotRun, EnableNotPossible, ServerNotIdle, CycleErrors, SchedulerDeviates, ApprovalWaits, ApprovalExpired, .. WayBack.UndoError.All, RestoreUnsafe, RestoreLeft, RestoreThenEntra, CleanUpShows, CleanUpStandbyUnfit, CleanUpNotRead, CleanUpUnseen, CleanUpHarmed];
}
