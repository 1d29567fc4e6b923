using GwbCloud.Contracts;
using GwbCloud.Functions.Orchestration.Guards;
using GwbCloud.Functions.Orchestration.Servers;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Every reason for which the orchestration stops, asks or goes back: GWB27xx and GWB28xx.</summary>
public static class OrchestrationError
{
    public static readonly ErrorEntry ListenerSilent = new("GWB2701", "A listener stayed silent.",
        "Service, network or relay are down.",
        "Look at the service on the server and at its way out (gwb-listener status); work there goes on or is finished, nothing is started twice.");
    public static readonly ErrorEntry CommandFailed = new("GWB2702", "A command on a server did not succeed.",
        "The listener refused it or could not carry it out; its own code stands in the message.", "Read the state on the server before anything is repeated.");
    public static readonly ErrorEntry ActivityFailed = new("GWB2703", "A step in the cloud failed after its repetitions.",
        "Graph, the document store or the audit log could not be used.", "Look at the cause; everything that was done is idempotent and is found again.");
    public static readonly ErrorEntry ServerStaysBusy = new("GWB2704", "A server stayed busy or suspended for longer than its work can take.",
        "The Connect wizard is open, or a cycle hangs.", "Close the Connect wizard on the server and let a running cycle end.");
    public static readonly ErrorEntry SchedulerNotRestored = new("GWB2705", "The scheduler does not read as it was set.",
        "Another server or person sets it as well.", "Run Set-ADSyncScheduler -SyncCycleEnabled on the server and retry.");
    public static readonly ErrorEntry Fault = new("GWB2706", "A stage met a fault of the software.",
        "A mistake in GwbCloud.", "Report it with the migration's audit. Nothing irreversible follows from it.");
    public static readonly ErrorEntry Stopped = new("GWB2707", "An operator stopped the migration.",
        "Somebody chose stop: the job is paused, nothing more is written.", "Look at what was wrong, then retry; it goes on from the same stage.");

    public static readonly ErrorEntry CloudSyncDeviates = new("GWB2710", "The provisioning job is not as planned.",
        "A mapping, the container, the scope or a setting was not taken, or was changed.",
        "Set the named mapping or scope in the portal as the task says, or remove the configuration and start again.");
    public static readonly ErrorEntry CanaryOutOfOrder = new("GWB2711", "A canary did not come out as expected.",
        "Mapping, container, members switch, scope or the agent's rights are not as they must be.",
        "Check mappings, container, the members switch and the agent's rights; no planned group was in scope.");
    public static readonly ErrorEntry TaskOverdue = new("GWB2712", "A task was not done by its deadline.",
        "Nobody could be reached, or the effect is not what the task asks for.", "Start again when the operator can be reached.");

    public static readonly ErrorEntry AnchorConflicts = new("GWB2720", "Planned groups are not as the plan found them, and were not stamped.",
        "Somebody wrote, moved, renamed or deleted them since the plan, or another object bears their anchor.",
        "Find out who did it; nothing was overwritten. Put them back, or make a new plan.");
    public static readonly ErrorEntry AnchorDuplicates = new("GWB2721", "An anchor is borne by more than one object of the forest.",
        "A copy or an older migration left it on another object.", "Clear the value on the object that is not the written-back group.");
    public static readonly ErrorEntry AnchorsMissing = new("GWB2722", "Global catalogs do not show every anchor.",
        "Replication is late or broken, or the writes did not arrive.",
        "Look at replication of the named global catalogs (repadmin /showrepl), and whether the writes arrived at all.");

    public static readonly ErrorEntry RulesNotInPlace = new("GWB2730", "The coexistence rules do not read back as specified.",
        "The cmdlet did not do what it said, or somebody changed them.",
        "Look at the rules in the Synchronization Rules Editor; without both of them the groups are deleted after the switch.");
    public static readonly ErrorEntry LineageWrong = new("GWB2731", "Groups are not held by the JoinNoFlow rule, or Microsoft 365 groups wrongly are.",
        "The inbound rule's scope, or a custom rule with a lower precedence.",
        "Look at the scope of the inbound rule (mail must be empty) and at custom rules with a lower precedence. A group that was deleted and brought back past the switch may be lost to Connect: retry, and accept it by name (docs/repair.md).");
    public static readonly ErrorEntry PendingNotAllowed = new("GWB2732", "A server would export what nobody approved.",
        "The rules do not protect the object, or it changed since the freeze.", "Look at the named objects (csexport on the server); nothing was exported.");
    public static readonly ErrorEntry NewRunErrors = new("GWB2733", "A cycle brought errors that were not there before.",
        "An object or a connector is in error since the freeze.", "Look at the run's errors in the Synchronization Service Manager, mend them, and start again.");
    public static readonly ErrorEntry RulesStayed = new("GWB2734", "The coexistence rules are still there after their removal.",
        "The removal reported success and did nothing, or somebody added them again.",
        "Remove them in the Synchronization Rules Editor while GroupWritebackV2 reads true, then run an Initial cycle; as long as they stay, the groups no longer follow Entra.");

    public static readonly ErrorEntry DriftedFromPlan = new("GWB2740", "The tenant is no longer what the plan says.",
        "Groups came, went or changed class beyond the plan's tolerance.", "Assess again; the new plan needs new approval.");
    public static readonly ErrorEntry DirectoryChanged = new("GWB2741", "The directory changed in ways that nobody announced.",
        "Cloud Sync, Connect or a person changed groups of the OU.", "Compare the named groups with the snapshot and put them back before you retry.");

    public static readonly ErrorEntry EvidenceFailed = new("GWB2750", "The evidence does not hold.",
        "A check of a server, the directory or the cloud fails.", "Failing evidence can't be approved. Look at the named checks.");
    public static readonly ErrorEntry GateEnded = new("GWB2751", "A gate ended without approval.",
        "People decided otherwise, or nobody decided in time.", "Start a migration again when you want to; what was kept is taken up.");

    public static readonly ErrorEntry EndedOnRequest = new("GWB2752", "The migration ended because an operator asked for it.",
        "Somebody chose postpone, cancel or stop before the switch; the page, the report and the audit log name the person.",
        "Start a migration again when you want to; what was postponed is taken up.");

    public static readonly ErrorEntry SwitchRefused = new("GWB2760", "The listener's own check refused the switch.",
        "Something is not as it was approved.", "Nothing was called. What changed after the approval must be explained before a new one.");
    public static readonly ErrorEntry SwitchStillOn = new("GWB2761", "GroupWritebackV2 still reads true after the disable was called or offered.",
        "The call had no effect, or nobody made it.", "The second gate opens again with fresh evidence; only then is it called once more.");
    public static readonly ErrorEntry SwitchUnknown = new("GWB2762", "GroupWritebackV2 can't be read. Unknown is not off.",
        "The tenant does not answer the server.", "Read it on the server (Get-ADSyncAADCompanyFeature); the migration waits and does nothing meanwhile.");

    public static readonly ErrorEntry UndoRefused = new("GWB2770", "A step was not undone, because GroupWritebackV2 no longer reads true.",
        "It was switched off, by us or by somebody else.", "There is only the way forward now.");
    public static readonly ErrorEntry UndoStuck = new("GWB2771", "Going back stopped.",
        "A step of the undo can't be done or read back.", "Do what the named step says by hand, or mend its cause.");

    public static readonly ErrorEntry NobodyReachable = new("GWB2840", "Nobody confirmed to be reachable while the servers stand still.",
        "The way back needs the Connect wizard, and with it a person; no operator checked the task in time.",
        "Start again for a window in which an operator is there to the end; what was prepared is kept and taken up.");
    public static readonly ErrorEntry WayBackWaits = new("GWB2841", "The way back waits for a person.",
        "A step of it needs the Connect wizard, and half of its time has passed. Exports of the whole tenant stand still meanwhile.",
        "Do the named task. If its time runs out the migration ends unfinished; retry takes it up again.");
    public static readonly ErrorEntry OtherServerExports = new("GWB2842", "Another server exports already.",
        "Somebody turned staging mode off on a standby while the migration stood still.",
        "Put it back into staging mode as the task says; the way back makes the other server the active one again.");
    public static readonly ErrorEntry StampsKept = new("GWB2843", "Groups keep their stamps, because Cloud Sync wrote them.",
        "Somebody brought planned groups into Cloud Sync's scope and started the job. Without its stamp it would make such a group a second time.",
        "Look at the named groups. Once nothing of Cloud Sync manages them, clear msDS-ExternalDirectoryObjectId by hand.");
    public static readonly ErrorEntry Orphaned = new("GWB2844", "Objects stay behind whose groups are gone in Entra.",
        "Somebody deleted planned groups in Entra for good while the coexistence rules held their objects; neither Connect nor Cloud Sync deletes those any more.",
        "Nothing waits for it. Look at the named objects, and delete by hand those that nobody needs.");
    public static readonly ErrorEntry CycleAgain = new("GWB2845", "The way back waits for a cycle that succeeds.",
        "A full synchronization on the way back ended with errors that were not there before. Nothing is exported meanwhile.",
        "Mend what the runs of the server say (an expired certificate is renewed in the wizard). It is tried again every hour; when its time is over, the migration needs attention and can be taken up again.");

    public static readonly ErrorEntry MigrationBroke = new("GWB2846", "The migration broke off between its stages.",
        "Our own store was away for longer than any repetition, or a fault of ours; where the servers stand is as the stages left it.",
        "Nothing runs any more. Mend what the message says, then retry: it goes back, or on when the flag is off. No other migration begins before.");

    public static readonly ErrorEntry RingWrong = new("GWB2780", "A ring did not come out as expected.",
        "Cloud Sync created, deleted, renamed, moved or changed members of a group in a way that nobody announced.",
        "The job is paused. Compare the named groups, repair, then retry.");
    public static readonly ErrorEntry JobUnwell = new("GWB2781", "The provisioning job is not well.",
        "Quarantine, cycles that fail as a whole, or none within six hours.", "Look at the job's status and log in the portal.");
    public static readonly ErrorEntry ScopeWrong = new("GWB2782", "Groups are in Cloud Sync's scope that may not be yet.",
        "Somebody assigned groups of a later ring, or groups that nobody planned, to the enterprise application.",
        "Before the first ring, take the named assignments away in the enterprise application (Users and groups). Later only those of groups that nobody planned: Cloud Sync deletes what it wrote when it leaves the scope.");
    public static readonly ErrorEntry ScopeNotReached = new("GWB2783", "Not every group came into scope.",
        "The app's assignments were accepted and do not read back.", "Look at the enterprise application's assignments, then retry; what is assigned is left alone.");
    public static readonly ErrorEntry NotSteady = new("GWB2784", "The provisioning job reached no steady state.",
        "Groups in scope fail again and again, or its first cycle takes longer than a day.",
        "The job is paused. Look at its progress and the provisioning log in the portal, then retry; nothing is taken over twice.");
    public static readonly ErrorEntry Alternating = new("GWB2785", "Connect and Cloud Sync write the same members against each other.",
        "The outbound coexistence rule does not keep Connect from writing members of the groups that Cloud Sync took over.",
        "The job is paused. Look at the rules on the active server and at what it exports for the named groups, then retry.");
    public static readonly ErrorEntry Escrowed = new("GWB2786", "The provisioning job set objects aside with errors.",
        "Cloud Sync could not write groups of the ring; they no longer follow Entra although nothing looks wrong in the directory.",
        "The job is paused. Look at the provisioning log of the ring for failures, mend their cause, then retry.");
    public static readonly ErrorEntry LogWitness = new("GWB2787", "The provisioning log shows deeds that a migration does not do.",
        "A planned group was created a second time, deleted, renamed or moved, or could not be written.",
        "The job is paused. Look at the named groups in the directory and in the log before you retry.");
    public static readonly ErrorEntry NotVerified = new("GWB2788", "Planned groups are not verified.",
        "After two further cycles their object, name, place or members are not what they were, or not what Entra has.",
        "Look at the named groups in the verification document: what differs stands there for each. Then retry.");
    public static readonly ErrorEntry AgentsMayNotWrite = new("GWB2789", "The agents of Cloud Sync may not write planned groups.",
        "Inheritance was blocked on the groups, or an entry of their own denies it: they would stop following Entra without a sign of it.",
        "Let the named groups inherit from the writeback OU again, then retry.");

    public static readonly ErrorEntry ConnectWouldWrite = new("GWB2860", "Connect would write groups that Cloud Sync has taken over.",
        "The coexistence rules do not keep it from them: it calculated exports that take members away, add strangers, or touch the object itself.",
        "The job is paused, and the scheduler stays off so that nothing of it is exported. Look at the rules and at the pending exports of the active server (csexport), mend them, then retry; gwb-listener by-hand says how to keep Entra served meanwhile.");
    public static readonly ErrorEntry LogGap = new("GWB2861", "The provisioning log says nothing of what the job wrote.",
        "The log is late, or its reading is cut off: what happened to groups of the ring cannot be seen in it.",
        "The job is paused. Look at the provisioning log in the portal; retry when its lines have come.");
    public static readonly ErrorEntry NotStopped = new("GWB2862", "Something could not be stopped.",
        "A listener or Graph did not answer, or what ran could not be called back.", "Stop it by hand as the message says; the rest is stopped.");
    public static readonly ErrorEntry SchedulerStaysOff = new("GWB2863", "The scheduler stays off.",
        "It was switched off by a stop or by a ring that did not come out, and the migration ended before it was given back.",
        "When the cause is mended, run Set-ADSyncScheduler -SyncCycleEnabled $true on the active server.");
    public static readonly ErrorEntry Repaired = new("GWB2864", "Groups were brought back to the frozen snapshot.",
        "An operator named them and asked for it.", "Retry when what took them apart is mended.");
    public static readonly ErrorEntry RepairIncomplete = new("GWB2865", "Groups could not be brought back whole.",
        "Objects or members are gone for good, a name is taken, or the object is another one now.",
        "Do for the named groups by hand what the repair pack says, then retry.");
    public static readonly ErrorEntry CycleBrokenOff = new("GWB2866", "A cycle was stopped before its end.",
        "Stop was chosen on the way back, or somebody stopped it on the server.", "Find out who stopped it, and why; a retry runs it again.");
    public static readonly ErrorEntry RingNotAsFrozen = new("GWB2867", "A ring was not started, because objects are not as they were frozen.",
        "Somebody deleted, renamed, moved or changed them since the freeze. Cloud Sync would make a group whose object is gone a second time, and put others elsewhere.",
        "The job stands and wrote nothing of the ring. Repair the named groups, or accept by name what is harmless, then retry.");

    public static readonly ErrorEntry WindowTooShort = new("GWB2790", "The window leaves no time to decide and go back before its end.",
        "Stages took longer than predicted.", "Choose a longer window; the plan says how long it must be.");

    /// <summary>The whole area; docs/errors.md lists exactly these.</summary>
    public static IReadOnlyList<ErrorEntry> All { get; } =
    [
        ListenerSilent, CommandFailed, ActivityFailed, ServerStaysBusy, SchedulerNotRestored, Fault, Stopped,
        CloudSyncDeviates, CanaryOutOfOrder, TaskOverdue,
        AnchorConflicts, AnchorDuplicates, AnchorsMissing,
        RulesNotInPlace, LineageWrong, PendingNotAllowed, NewRunErrors, RulesStayed,
        DriftedFromPlan, DirectoryChanged,
        EvidenceFailed, GateEnded, EndedOnRequest,
        SwitchRefused, SwitchStillOn, SwitchUnknown,
        UndoRefused, UndoStuck, NobodyReachable, WayBackWaits, OtherServerExports, StampsKept, Orphaned, CycleAgain, MigrationBroke,
        RingWrong, JobUnwell, ScopeWrong, ScopeNotReached, NotSteady, Alternating, Escrowed, LogWitness, NotVerified, AgentsMayNotWrite,
        ConnectWouldWrite, LogGap, NotStopped, SchedulerStaysOff, Repaired, RepairIncomplete, CycleBrokenOff, RingNotAsFrozen,
        WindowTooShort,
        .. GuardError.All,
        .. ServerError.All,
    ];

    /// <summary>What people read: the code and the remedy of the table, and what it is this time.</summary>
    internal static Notice Notice(this ErrorEntry entry, string message) => new() { Code = entry.Code, Message = message, Remedy = entry.Remedy };
}
