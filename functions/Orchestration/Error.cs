using GwbCloud.Contracts.Commands;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Every reason for which the orchestration stops, asks or goes back: GWB27xx.</summary>
public static class Error
{
    public static Notice ListenerSilent(string server, string what) => new()
    {
        Code = "GWB2701",
        Message = $"The listener on {server} did not answer {what} for two hours.",
        Remedy = "Look at the service on the server and at its way out (gwb-listener status); the work there goes on or is finished, nothing is started twice.",
    };

    public static Notice CommandFailed(string server, string what, CommandError? error) => new()
    {
        Code = error?.Code ?? "GWB2702",
        Message = $"{what} on {server}: {error?.Message ?? "ended in an unknown state"}",
        Remedy = error?.Remedy ?? "Read the state on the server before anything is repeated.",
    };

    public static Notice ActivityFailed(string activity, TaskFailureDetails details) => new()
    {
        Code = "GWB2703",
        Message = $"{activity} failed after its repetitions: {details.ErrorMessage}",
        Remedy = "Look at the cause; everything that was done is idempotent and is found again.",
    };

    public static Notice Fault(StageName stage, Exception fault) => new()
    {
        Code = "GWB2706",
        Message = $"{stage} met a fault of the software: {fault.GetType().Name}.",
        Remedy = "Report it with the migration's audit. Nothing irreversible follows from it.",
    };

    public static Notice StoppedByOperator() => new()
    {
        Code = "GWB2707",
        Message = "An operator stopped the migration: the job is paused, nothing more is written.",
        Remedy = "Look at what was wrong, then retry; it goes on from the same stage.",
    };

    public static Notice ServerStaysBusy(string server) => new()
    {
        Code = "GWB2704",
        Message = $"{server} stayed busy or suspended for longer than its work can take.",
        Remedy = "Close the Connect wizard on the server and let a running cycle end.",
    };

    public static Notice SchedulerNotRestored(string server, bool wanted) => new()
    {
        Code = "GWB2705",
        Message = $"The scheduler reads {(wanted ? "off" : "on")} on {server} after it was set.",
        Remedy = $"Run Set-ADSyncScheduler -SyncCycleEnabled ${(wanted ? "true" : "false")} on the server and retry.",
    };

    public static Notice CloudSyncDeviates(IReadOnlyList<string> deviations) => new()
    {
        Code = "GWB2710",
        Message = $"The provisioning job is not as planned: {string.Join("; ", deviations.Take(5))}",
        Remedy = "Set the named mapping or scope in the portal as the task says, or remove the configuration and start again.",
    };

    public static Notice CanaryOutOfOrder(string canary, string what) => new()
    {
        Code = "GWB2711",
        Message = $"The canary '{canary}' did not come out as expected: {what}",
        Remedy = "Check mappings, container, the members switch and the agent's rights; no planned group was in scope.",
    };

    public static Notice TaskOverdue(OperatorTask task) => new()
    {
        Code = "GWB2712",
        Message = $"The task '{task.Title}' was not done by its deadline.",
        Remedy = "Start again when the operator can be reached.",
    };

    public static Notice AnchorConflicts(StampResult stamped) => new()
    {
        Code = "GWB2720",
        Message = $"{stamped.Conflicts.Count} groups bear another anchor and {stamped.Missing.Count} are gone, first: "
            + $"{stamped.Conflicts.Concat(stamped.Missing).FirstOrDefault()}",
        Remedy = "Find out who wrote the other value; nothing was overwritten.",
    };

    public static Notice AnchorDuplicates(AnchorVerification verification) => new()
    {
        Code = "GWB2721",
        Message = $"{verification.Duplicates.Count} anchors are borne by more than one object of the forest, first: {string.Join("", verification.Duplicates.Take(1))}",
        Remedy = "Clear the value on the object that is not the written-back group.",
    };

    public static Notice AnchorsMissing(AnchorVerification verification) => new()
    {
        Code = "GWB2722",
        Message = "Global catalogs do not show every anchor: "
            + string.Join(", ", verification.Catalogs.Where(c => c.Missing > 0).Select(c => $"{c.GlobalCatalog} lacks {c.Missing} of {verification.Expected}")),
        Remedy = "Look at replication of the named global catalogs (repadmin /showrepl), and whether the writes arrived at all.",
    };

    public static Notice RulesNotInPlace(string server, CoexistenceRules rules) => new()
    {
        Code = "GWB2730",
        Message = $"The coexistence rules on {server} read back as inbound {rules.Inbound}, outbound {rules.Outbound}.",
        Remedy = "Look at the rules in the Synchronization Rules Editor; without both of them the groups are deleted after the switch.",
    };

    public static Notice LineageWrong(string server, LineageReport lineage) => new()
    {
        Code = "GWB2731",
        Message = $"On {server} {lineage.Groups - lineage.JoinNoFlow} of {lineage.Groups} groups are not held by the JoinNoFlow rule, "
            + $"and {lineage.MailEnabledWithNoFlow.Count} Microsoft 365 groups wrongly are; first: {lineage.Others.Concat(lineage.MailEnabledWithNoFlow).FirstOrDefault()}",
        Remedy = "Look at the scope of the inbound rule (mail must be empty) and at custom rules with a lower precedence.",
    };

    public static Notice PendingNotAllowed(string server, IReadOnlyList<string> reasons) => new()
    {
        Code = "GWB2732",
        Message = $"{server} would export what nobody approved: {string.Join("; ", reasons.Take(5))}",
        Remedy = "Look at the named objects (csexport on the server); nothing was exported.",
    };

    public static Notice NewRunErrors(string server, IReadOnlyList<string> results) => new()
    {
        Code = "GWB2733",
        Message = $"The cycle on {server} brought errors that were not there before: {string.Join("; ", results.Take(5))}",
        Remedy = "Look at the run's errors in the Synchronization Service Manager, mend them, and start again.",
    };

    public static Notice DriftedFromPlan(IReadOnlyList<string> reasons) => new()
    {
        Code = "GWB2740",
        Message = $"The tenant is no longer what the plan says: {string.Join("; ", reasons.Take(5))}",
        Remedy = "Assess again; the new plan needs new approval.",
    };

    public static Notice DirectoryChanged(IReadOnlyList<string> reasons) => new()
    {
        Code = "GWB2741",
        Message = $"The directory changed in ways that nobody announced: {string.Join("; ", reasons.Take(5))}",
        Remedy = "Compare the named groups with the snapshot; the repair pack restores names, places and members.",
    };

    public static Notice EvidenceFailed(IReadOnlyList<string> reasons) => new()
    {
        Code = "GWB2750",
        Message = $"The evidence for the switch does not hold: {string.Join("; ", reasons.Take(5))}",
        Remedy = "Failing evidence can't be approved. Look at the named checks.",
    };

    public static Notice GateEnded(string gate, string how) => new()
    {
        Code = "GWB2751",
        Message = $"The gate '{gate}' ended: {how}.",
    };

    public static Notice SwitchRefused(IReadOnlyList<CommandError> reasons) => new()
    {
        Code = "GWB2760",
        Message = $"The listener's own check refused the switch: {string.Join("; ", reasons.Select(r => $"{r.Code} {r.Message}").Take(5))}",
        Remedy = "Nothing was called. Look at the named checks; what changed after the approval must be explained before a new one.",
    };

    public static Notice SwitchStillOn() => new()
    {
        Code = "GWB2761",
        Message = "The disable was called or offered to the operator, and GroupWritebackV2 still reads true.",
        Remedy = "The second gate opens again with fresh evidence; only then is it called once more.",
    };

    public static Notice SwitchUnknown() => new()
    {
        Code = "GWB2762",
        Message = "GroupWritebackV2 can't be read after the disable was called. Unknown is not off.",
        Remedy = "Read it on the server (Get-ADSyncAADCompanyFeature); the migration waits and does nothing meanwhile.",
    };

    public static Notice UndoRefused(string step) => new()
    {
        Code = "GWB2770",
        Message = $"{step} was not undone: GroupWritebackV2 no longer reads true.",
        Remedy = "There is only the way forward now. Retry the migration.",
    };

    public static Notice UndoStuck(string step, Notice cause) => new()
    {
        Code = "GWB2771",
        Message = $"Going back stopped at {step}: {cause.Code} {cause.Message}",
        Remedy = cause.Remedy,
    };

    public static Notice RingWrong(int ring, IReadOnlyList<string> reasons) => new()
    {
        Code = "GWB2780",
        Message = $"Ring {ring}: {string.Join("; ", reasons.Take(5))}",
        Remedy = "The job is paused. Compare the named groups, repair, then retry.",
    };

    public static Notice JobUnwell(string code, string? reason) => new()
    {
        Code = "GWB2781",
        Message = $"The provisioning job is in state {code}{(reason is null ? "" : $" ({reason})")}.",
        Remedy = "Look at the job's status and log in the portal.",
    };

    public static Notice NotAssigned(int missing) => new()
    {
        Code = "GWB2782",
        Message = $"{missing} groups of the ring are not assigned to the job.",
        Remedy = "Run the task's script again; a second run assigns only what is missing.",
    };

    public static Notice WindowTooShort(DateTimeOffset latest) => new()
    {
        Code = "GWB2790",
        Message = $"The window leaves no time to decide and go back before its end; the second gate would have had to end by {latest:u}.",
        Remedy = "Choose a longer window; the plan says how long it must be.",
    };
}
