using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Graph;
using GwbCloud.Functions.Orchestration.Guards;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>The notices that people read, each by its line of <see cref="OrchestrationError"/>.</summary>
static class Notices
{
    public static Notice ListenerSilent(string server, string what, TimeSpan silence, CommandError? last = null) => OrchestrationError.ListenerSilent.Notice(
        $"The listener on {server} did not answer {what} for {(int)silence.TotalMinutes} minutes.{(last is null ? "" : $" Last: {last.Code}, {last.Message}")}");

    public static Notice NoServerAnswers(IReadOnlyList<Assessment.SilentServer> silent) => OrchestrationError.ListenerSilent.Notice(
        silent.Count == 0 ? "No listener is configured." : $"No server could be asked. {string.Join(" ", silent.Select(s => s.Why))}");

    public static Notice ServerNotAsked(string server) => OrchestrationError.ActivityFailed.Notice(
        $"The way to the listener on {server} failed after its repetitions.");

    public static Notice CommandFailed(string server, string what, CommandError? error) => new()
    {
        // The listener's own code and remedy say more than ours.
        Code = error?.Code ?? OrchestrationError.CommandFailed.Code,
        Message = $"{what} on {server}: {error?.Message ?? "ended in an unknown state"}",
        Remedy = error?.Remedy ?? OrchestrationError.CommandFailed.Remedy,
    };

    /// <summary>Why a step came to no good end; null for everything that is no such end.</summary>
    public static Notice? WhyOf(Exception failed) => failed switch
    {
        StageStoppedException stop => stop.Notice,
        TaskFailedException failure => ActivityFailed(failure),
        _ => null,
    };

    public static Notice ActivityFailed(TaskFailedException failure)
    {
        var details = failure.FailureDetails;
        var notice = OrchestrationError.ActivityFailed.Notice($"{failure.TaskName} failed after its repetitions: {details.ErrorMessage}");

        // What Graph's own error advises says more than ours.
        var known = GraphError.All.FirstOrDefault(e => details.ErrorMessage.StartsWith($"{e.Code}:", StringComparison.Ordinal));
        return known is null ? notice : notice with { Remedy = known.Remedy };
    }

    public static Notice MigrationBroke(string why) => OrchestrationError.MigrationBroke.Notice($"The migration broke off between its stages: {why}. It can be taken up.");

    public static Notice Fault(StageName stage, Exception fault) => OrchestrationError.Fault.Notice(
        $"{stage} met a fault of the software: {fault.GetType().Name}.");

    public static Notice StoppedByOperator() => OrchestrationError.Stopped.Notice(
        "An operator stopped the migration: the job is paused, nothing more is written.");

    public static Notice ServerStaysBusy(string server) => OrchestrationError.ServerStaysBusy.Notice(
        $"{server} stayed busy or suspended for longer than its work can take.");

    public static Notice CommandNeverEnds(string server, string what) => TimeError.CommandNeverEnds.Notice(
        $"{server} answers that {what} is still at work, for longer than it can take.");

    public static Notice SchedulerNotRestored(string server, bool wanted) => OrchestrationError.SchedulerNotRestored.Notice(
        $"The scheduler reads {(wanted ? "off" : "on")} on {server} after it was set.");

    public static Notice CloudSyncDeviates(IReadOnlyList<string> deviations) => OrchestrationError.CloudSyncDeviates.Notice(
        $"The provisioning job is not as planned: {string.Join("; ", deviations.Take(5))}");

    public static Notice CanaryOutOfOrder(string canary, string what) => OrchestrationError.CanaryOutOfOrder.Notice(
        $"The canary '{canary}' did not come out as expected: {what}");

    public static Notice TaskOverdue(OperatorTask task) => OrchestrationError.TaskOverdue.Notice(
        $"The task '{task.Title}' was not done by its deadline.");

    public static Notice AnchorConflicts(StampResult stamped)
    {
        (IReadOnlyList<string> Groups, string What)[] kinds =
        [
            (stamped.Conflicts, "bear another anchor"), (stamped.Missing, "are gone"), (stamped.Moved, "were moved"), (stamped.Renamed, "were renamed"),
            (stamped.Duplicates, "have an anchor that another object bears"),
        ];
        return OrchestrationError.AnchorConflicts.Notice(
            string.Join("; ", kinds.Where(kind => kind.Groups.Count > 0).Select(kind => $"{kind.Groups.Count} groups {kind.What}, first: {kind.Groups[0]}")));
    }

    public static Notice AnchorDuplicates(AnchorVerification verification) => OrchestrationError.AnchorDuplicates.Notice(
        $"{verification.Duplicates.Count} anchors are borne by more than one object of the forest, first: {string.Join("", verification.Duplicates.Take(1))}");

    public static Notice AnchorsMissing(AnchorVerification verification) => OrchestrationError.AnchorsMissing.Notice(
        "Global catalogs do not show every anchor: "
        + string.Join(", ", verification.Catalogs.Where(c => c.Missing > 0).Select(c => $"{c.GlobalCatalog} lacks {c.Missing} of {verification.Expected}")));

    public static Notice RulesNotInPlace(string server, CoexistenceRules rules) => OrchestrationError.RulesNotInPlace.Notice(
        $"The coexistence rules on {server} read back as inbound {rules.Inbound}, outbound {rules.Outbound}.");

    public static Notice RulesStayed(string server, CoexistenceRules rules) => OrchestrationError.RulesStayed.Notice(
        $"After their removal the coexistence rules on {server} read back as inbound {rules.Inbound}, outbound {rules.Outbound}.");

    public static Notice LineageWrong(string server, LineageReport lineage) => OrchestrationError.LineageWrong.Notice(
        $"On {server} {lineage.Groups - lineage.JoinNoFlow} of {lineage.Groups} groups are not held by the JoinNoFlow rule, "
        + $"and {lineage.MailEnabledWithNoFlow.Count} Microsoft 365 groups wrongly are; first: {lineage.Others.Concat(lineage.MailEnabledWithNoFlow).FirstOrDefault()}");

    public static Notice PendingNotAllowed(string server, IReadOnlyList<string> reasons) => OrchestrationError.PendingNotAllowed.Notice(
        $"{server} would export what nobody approved: {string.Join("; ", reasons.Take(5))}");

    public static Notice NewRunErrors(string server, IReadOnlyList<string> results) => OrchestrationError.NewRunErrors.Notice(
        $"The cycle on {server} brought errors that were not there before: {string.Join("; ", results.Take(5))}");

    public static Notice DriftedFromPlan(IReadOnlyList<string> reasons) => OrchestrationError.DriftedFromPlan.Notice(
        $"The tenant is no longer what the plan says: {string.Join("; ", reasons.Take(5))}");

    public static Notice DirectoryChanged(IReadOnlyList<string> reasons) => OrchestrationError.DirectoryChanged.Notice(
        $"The directory changed in ways that nobody announced: {string.Join("; ", reasons.Take(5))}");

    public static Notice EvidenceFailed(IReadOnlyList<string> reasons) => OrchestrationError.EvidenceFailed.Notice(
        $"The evidence for the switch does not hold: {string.Join("; ", reasons.Take(5))}");

    public static Notice GateEnded(string gate, string how) => OrchestrationError.GateEnded.Notice($"The gate '{gate}' ended: {how}.");

    public static Notice EndedOnRequest(OperatorAction action) => OrchestrationError.EndedOnRequest.Notice(action switch
    {
        OperatorAction.Postpone => "The migration was postponed on request: back to normal operation, and what was prepared is kept.",
        OperatorAction.Stop => "The migration was stopped on request: it ends, and everything is undone.",
        _ => "The migration was cancelled on request: back to normal operation, and everything is undone.",
    });

    public static Notice SwitchRefused(IReadOnlyList<CommandError> reasons) => OrchestrationError.SwitchRefused.Notice(
        $"The listener's own check refused the switch: {string.Join("; ", reasons.Select(r => $"{r.Code} {r.Message}").Take(5))}");

    public static Notice SwitchStillOn() => OrchestrationError.SwitchStillOn.Notice(
        "The disable was called or offered to the operator, and GroupWritebackV2 still reads true.");

    public static Notice SwitchUnknown() => OrchestrationError.SwitchUnknown.Notice(
        "GroupWritebackV2 can't be read after the disable was called. Unknown is not off.");

    public static Notice UndoRefused(string step) => OrchestrationError.UndoRefused.Notice(
        $"{step} was not undone: GroupWritebackV2 no longer reads true.");

    public static Notice UndoStuck(string step, Notice cause) => OrchestrationError.UndoStuck
        .Notice($"Going back stopped at {step}: {cause.Code} {cause.Message}") with { Remedy = cause.Remedy };

    public static Notice NobodyReachable(DateTimeOffset until) => OrchestrationError.NobodyReachable.Notice(
        $"Nobody confirmed to be reachable until {until:u}, so the window did not open. Nothing stands still.");

    public static Notice WayBackWaits(OperatorTask task) => OrchestrationError.WayBackWaits.Notice(
        $"The way back waits for a person: '{task.Title}', by {task.Deadline:u}. {task.Reads}") with { Tells = Audience.Escalation };

    public static Notice OtherServerExports(string server) => OrchestrationError.OtherServerExports.Notice(
        $"{server} is not in staging mode, and exports in place of the server that the migration began with.");

    public static Notice StampsKept(IReadOnlyList<string> groups) => OrchestrationError.StampsKept.Notice(
        $"{groups.Count} groups keep their stamp, because Cloud Sync wrote them: {string.Join(", ", groups.Take(5))}");

    public static Notice RingWrong(int ring, IReadOnlyList<string> reasons) => OrchestrationError.RingWrong.Notice(
        $"Ring {ring}: {string.Join("; ", reasons.Take(5))}");

    public static Notice RingNotAsFrozen(int ring, IReadOnlyList<string> reasons) => OrchestrationError.RingNotAsFrozen.Notice(
        $"Ring {ring} was not started: {string.Join("; ", reasons.Take(5))}");

    public static Notice JobUnwell(string code, string? reason) => OrchestrationError.JobUnwell.Notice(
        $"The provisioning job is in state {code}{(reason is null ? "" : $" ({reason})")}.");

    public static Notice NoCycle(JobStatus status) => JobUnwell(status.Code, "no cycle ended within six hours");

    public static Notice CyclesFail(JobStatus status) => JobUnwell(status.Code, $"{status.CompleteFailures} cycles in a row failed as a whole");

    public static Notice NotSteady(JobStatus status) => OrchestrationError.NotSteady.Notice(
        $"A day after its start the job has reached no steady state: state {status.Code}, last cycle {status.LastState ?? "unknown"}, {status.Escrowed} objects in escrow.");

    public static Notice Alternating(int ring, IReadOnlyList<string> reasons) => OrchestrationError.Alternating.Notice(
        $"Ring {ring}: {string.Join("; ", reasons.Take(5))}");

    public static Notice Escrowed(string where, long before, long now) => OrchestrationError.Escrowed.Notice(
        $"{where}: {now} objects are in escrow, {before} were before the first ring.");

    public static Notice LogWitness(int ring, IReadOnlyList<string> reasons) => OrchestrationError.LogWitness.Notice(
        $"Ring {ring}: {string.Join("; ", reasons.Take(5))}");

    public static Notice NotVerified(Verification verification) => OrchestrationError.NotVerified.Notice(
        $"{verification.Groups - verification.Verified} of {verification.Groups} planned groups are not as they must be, first: {string.Join(", ", verification.Examples.Take(5))}.");

    public static Notice AgentsMayNotWrite(IReadOnlyList<string> groups) => OrchestrationError.AgentsMayNotWrite.Notice(
        $"{groups.Count} planned groups can't be written by the agents: {string.Join("; ", groups.Take(5))}.");

    public static Notice ScopeWrong(ScopeFacts scope) => OrchestrationError.ScopeWrong.Notice(
        $"{scope.TooEarly} groups of later rings and {scope.Strangers} that nobody planned are in scope: {string.Join(", ", scope.Wrong.Take(5))}.");

    public static Notice ScopeJoined(ScopeFacts scope) => OrchestrationError.ScopeWrong.Notice(
        $"{scope.TooEarly} groups of later rings are in scope already and are judged with this ring: {string.Join(", ", scope.Wrong.Take(5))}.");

    public static Notice ScopeNotReached(int assigned, int of) => OrchestrationError.ScopeNotReached.Notice(
        $"{assigned} of {of} groups read back as assigned a quarter of an hour after they were.");

    public static Notice StageTooLong(StageName stage, DateTimeOffset until) => TimeError.StageTooLong.Notice(
        $"{stage} had until {until:u} as a whole, and is not at its end.");

    public static Notice CycleTooLong(string server, DateTimeOffset until, bool stopped) => TimeError.StageTooLong.Notice(
        $"A cycle on {server} was waited for until {until:u}; it {(stopped ? "was told to stop then" : "may still be running")}.");

    public static Notice Orphaned(IReadOnlyList<OrphanedObject> orphans) => OrchestrationError.Orphaned.Notice(
        $"{orphans.Count} objects stay behind: {string.Join("; ", orphans.Take(20).Select(o => $"{o.DistinguishedName} ({o.CloudId:D})"))}");

    public static Notice OrphansUnread(Notice cause) => OrchestrationError.Orphaned.Notice(
        $"Whether objects stay behind could not be read: {cause.Code} {cause.Message}");

    public static Notice CycleAgain(Notice cause, DateTimeOffset until) => OrchestrationError.CycleAgain.Notice($"Until {until:u}: {cause.Message}");

    public static Notice StagingTooLong(TimePlan time) => TimeError.StagingTooLong.Notice(
        $"With full cycles of {Span(time.InitialSeconds)}, as observed, staging comes to {Span(time.PredictedStagingSeconds)}; more than 48 hours are never allowed.");

    public static Notice LongerThanPredicted(StageName stage, TimePlan predicted, TimePlan now, DateTimeOffset latest) => TimeError.LongerThanPredicted.Notice(
        $"{stage}: a full cycle took {Span(now.InitialSeconds)}, predicted were {Span(predicted.InitialSeconds)}. Staging comes to {Span(now.PredictedStagingSeconds)}; the second gate ends by {latest:u}.");

    public static Notice StagingShare(int percent, DateTimeOffset since, TimeSpan allowed) => TimeError.StagingShare.Notice(
        $"Staging has lasted {percent} % of the predicted {Span((int)allowed.TotalSeconds)}, since {since:u}.");

    public static Notice SchedulerOffLong(DateTimeOffset since) => TimeError.SchedulerOffLong.Notice(
        $"The scheduler is off since {since:u}; it may be until {since + TimeLimits.SchedulerOffAtMost:u}.");

    public static Notice WindowNearItsEnd(DateTimeOffset end) => TimeError.WindowNearItsEnd.Notice($"The window ends at {end:u}.");

    public static Notice GateNearItsEnd(string gate, DateTimeOffset deadline) => TimeError.GateNearItsEnd.Notice($"The gate '{gate}' ends at {deadline:u}.");

    public static Notice GateEscalated(string gate, DateTimeOffset deadline) =>
        ApprovalError.GateEscalated.Notice($"The gate '{gate}' is not decided, and ends at {deadline:u}: the second list is asked.") with { Tells = Audience.Escalation };

    public static Notice EvidenceChanged(IReadOnlyList<string> parts) => GuardError.ApprovalVoid.Notice(
        $"The gate 'switch' is asked again: right before the switch the evidence was another one ({string.Join(", ", parts)}). What differs stands at the gate.");

    public static Notice TaskSoonOverdue(OperatorTask task) => TimeError.TaskSoonOverdue.Notice($"The task '{task.Title}' is to be done by {task.Deadline:u}.");

    public static Notice HoldWaits(StageName stage, DateTimeOffset until) => TimeError.HoldWaits.Notice($"{stage} waits for its release, until {until:u} at the latest.");

    public static Notice HoldExpired(StageName stage, DateTimeOffset until) => TimeError.HoldExpired.Notice($"{stage} was held until {until:u}, and nobody released it.");

    public static Notice HoldNotPossible(StageName stage) => TimeError.HoldNotPossible.Notice($"{stage} was to be held, and no time is left for it.");

    public static Notice WindowMissed(DateTimeOffset latest) => TimeError.WindowMissed.Notice($"The window would have had to be entered by {latest:u}.");

    public static Notice InBlackout(BlackoutPeriod blackout) => TimeError.InBlackout.Notice($"What is left would reach into the blackout from {blackout}.");

    public static Notice ParkedLong(StageName stage, DateTimeOffset until) => TimeError.ParkedLong.Notice($"{stage} waits for a retry, until {until:u} at the latest.");

    public static Notice EntraOnlyStands(string server) => TimeError.EntraOnlyStands.Notice($"{server} exports to Entra by run profile, and nothing to Active Directory.");

    public static Notice EntraOnlyFails(string server, string why) => TimeError.EntraOnlyFails.Notice($"'Entra only' on {server}: {why}");

    static string Span(int seconds) => TimeSpan.FromSeconds(seconds) is { TotalHours: >= 1 } span ? $"{(int)span.TotalHours} h {span.Minutes} min" : $"{Math.Max(1, seconds / 60)} min";

    public static Notice ConnectWouldWrite(int ring, IReadOnlyList<string> reasons) => OrchestrationError.ConnectWouldWrite.Notice(
        $"Ring {ring}: {string.Join("; ", reasons.Take(5))}");

    public static Notice ConnectUnread(int ring, string why) => OrchestrationError.ConnectWouldWrite.Notice(
        $"Ring {ring}: what Connect would write could not be read: {why}");

    public static Notice LogGap(int ring, long exported) => OrchestrationError.LogGap.Notice(
        $"Ring {ring}: the job wrote {exported} objects in its cycle, and the log names none.");

    public static Notice NotStopped(string what, Notice cause) => OrchestrationError.NotStopped.Notice($"{what}: {cause.Code} {cause.Message}");

    public static Notice CycleBrokenOff(string server) => OrchestrationError.CycleBrokenOff.Notice($"The cycle that was begun on {server} runs no longer and left no run behind.");

    public static Notice CycleRunsOn(string server) => OrchestrationError.NotStopped.Notice(
        $"On {server} the current run of the cycle goes on to its end; what would have followed it does not take place.");

    public static Notice SchedulerStaysOff(string server) => OrchestrationError.SchedulerStaysOff.Notice(
        $"The scheduler on {server} was on before and is off now: nobody gave it back.");

    public static Notice WindowTooShort(DateTimeOffset latest) => OrchestrationError.WindowTooShort.Notice(
        $"The window leaves no time to decide and go back before its end; the second gate would have had to end by {latest:u}.");
}
