using System.Text.RegularExpressions;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Graph;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Pages;

static partial class PageText
{
    /// <summary>What a line of the audit log says, in words. The log itself holds short names, which stay as they are for whoever verifies it.</summary>
    public static partial class Audit
    {
        static readonly Dictionary<string, string> Deeds = new(StringComparer.Ordinal)
        {
            ["migration.requested"] = "Requested the migration",
            ["migration.refused"] = "A request was refused",
            ["migration.ended"] = "The migration ended",
            ["stage.started"] = "A stage began",
            ["stage.done"] = "A stage is done",
            ["stage.skipped"] = "A stage was not needed",
            ["stage.blocked"] = "A stage stopped",
            ["stage.ended"] = "A stage ended the migration",
            ["stage.askagain"] = "What was approved is void; it is asked again",
            ["stage.parked"] = "A stage waits for the truth",
            ["stage.switchedelsewhere"] = "Somebody else made the switch",
            ["gate.opened"] = "A gate opened",
            ["gate.approved"] = "A gate was approved",
            ["gate.denied"] = "A gate was denied",
            ["gate.deniedandleft"] = "A gate was denied, and everything left as it is",
            ["gate.postponed"] = "A gate was postponed",
            ["gate.expired"] = "Nobody decided in time",
            ["gate.pending"] = "A gate closed without a decision",
            ["gate.ended"] = "A gate closed at an operator’s request",
            ["gate.void"] = "Approvals became void",
            ["decision.taken"] = "Decided",
            ["decision.refused"] = "A decision was refused",
            ["withdrawal.taken"] = "Took an approval back",
            ["withdrawal.refused"] = "Taking an approval back was refused",
            ["attempt.refused"] = "An attempt was refused",
            ["assessment.accepted"] = "Accepted a consequence",
            ["review.accepted"] = "Accepted as harmless",
            ["operator.postpone"] = "Asked to postpone",
            ["operator.cancel"] = "Asked to cancel",
            ["operator.stop"] = "Asked to stop everything",
            ["operator.retry"] = "Asked to try again",
            ["operator.release"] = "Released a held stage",
            ["operator.repair"] = "Asked to bring groups back",
            ["task.opened"] = "A task was handed out",
            ["task.check"] = "Asked to check a task",
            ["task.alert"] = "A task reads as something else",
            ["task.withdrawn"] = "A task is no longer needed",
            ["task.done"] = "A task is done",
            ["task.overdue"] = "A task was not done in time",
            ["undo.started"] = "The way back began",
            ["undo.done"] = "A step was undone",
            ["undo.stopped"] = "A step could not be undone",
            ["undo.complete"] = "The way back is complete",
            ["undo.incomplete"] = "The way back is not complete",
            ["switch.issued"] = "The switch was ordered",
            ["forward.started"] = "The way forward is looked for",
            ["forward.entered"] = "The way forward begins",
            ["forward.stopped"] = "The servers cannot be read",
            ["parked"] = "Parked: a person is needed",
            ["parked.retry"] = "Taken up again",
            ["parked.given-up"] = "Ended unfinished",
            ["hold.began"] = "A stage is held",
            ["hold.released"] = "A held stage begins",
            ["hold.expired"] = "Nobody released a held stage in time",
            ["hold.ended"] = "A hold ended at an operator’s request",
            ["hold.stopped"] = "A change ended a hold",
            ["stop.asked"] = "Everything is being stopped",
            ["stop.done"] = "Everything stands still",
            ["stop.incomplete"] = "Not everything could be stopped",
            ["job.started"] = "The provisioning job was started",
            ["repair.started"] = "Groups are being brought back",
            ["repair.ended"] = "Bringing groups back ended",
            ["entra-only.began"] = "“Entra only” began",
            ["entra-only.round"] = "A round of “Entra only”",
            ["entra-only.failed"] = "A round of “Entra only” failed",
            ["guard.noticed"] = "A change was noticed",
            ["orphans.found"] = "Objects stay behind",
            ["alarm"] = "A limit of time comes near",
        };

        static readonly Dictionary<string, ErrorEntry> Codes = OrchestrationError.All.Concat(TimeError.All).Concat(GraphError.All).ToDictionary(entry => entry.Code, StringComparer.Ordinal);

        /// <summary>What was done; its short name where there are no words for it.</summary>
        public static string Deed(string what) => Deeds.GetValueOrDefault(what, what);

        public static string Told(AuditEntry entry, MigrationView view, PeopleNames people)
        {
            var said = entry.Detail ?? "";
            var words = entry.What.Split('.')[0] switch
            {
                "task" => view.Tasks.FirstOrDefault(task => task.Id == said)?.Title ?? said,
                "undo" when Named<UndoKind>(said) is { } step => Step(step),
                "undo" when Named<Ending>(said) is { } ending => Back(ending),
                "migration" when Named<MigrationOutcome>(said.Split(',')[0]) is { } outcome => Migrations.Outcome(outcome, view.AskedEnd?.Action),
                "gate" when Named<OperatorAction>(said) is { } action => Verbs.Name(action),
                "decision" or "withdrawal" => AtGate(said),
                "attempt" => Tried(said),
                "guard" when Noticed().Match(said) is { Success: true } noticed && Named<StageName>(noticed.Groups[1].Value) is { } guarded => $"{Stages.Name(guarded)}: {said[noticed.Length..]}",
                _ => Named<StageName>(said) is { } stage ? Stages.Name(stage) : said,
            };

            // What a sentence says already is not said again.
            if (IsCode(entry.Evidence) && !said.Contains(' ', StringComparison.Ordinal)) { words = $"{words}: {entry.Evidence}"; }
            words = Code().Replace(words, code => (ErrorTable.Find(code.Value) ?? Codes.GetValueOrDefault(code.Value)) is { } known ? $"{known.Message.TrimEnd('.')} ({code.Value})" : code.Value);
            return ObjectId().Replace(words, id => people.InWords(id.Value));
        }

        /// <summary>Whether the place of the evidence holds the code of an error.</summary>
        static bool IsCode(string? evidence) => evidence is not null && Code().Match(evidence) is { Success: true } found && found.Length == evidence.Length;

        /// <summary>Never by number: a count is no name.</summary>
        static T? Named<T>(string said)
            where T : struct, Enum => Enum.IsDefined(typeof(T), said) ? Enum.Parse<T>(said) : null;

        static string Step(UndoKind kind) => kind switch
        {
            UndoKind.RemoveCanaryObjects => "remove the canaries’ objects",
            UndoKind.RemoveCloudSync => "remove our job and app",
            UndoKind.UnstampAnchors => "clear the stamps that are still ours",
            UndoKind.RemoveStandbyRules => "remove the rules on the standbys",
            UndoKind.RestoreAutoUpgrade => "put automatic upgrade back",
            UndoKind.RestoreScheduler => "put the scheduler back",
            UndoKind.LeaveStagingMode => "leave staging mode",
            _ => "remove the coexistence rules",
        };

        static string Back(Ending ending) => ending switch
        {
            Ending.Postponed => "postponed: what was prepared is kept",
            Ending.Expired => "expired: what was prepared is kept",
            Ending.Denied => "denied: everything is undone",
            Ending.DeniedAndLeft => "denied: everything is left as it is",
            _ => "cancelled or stopped: everything is undone",
        };

        /// <summary><c>plan: Approve</c>, or the code of a refusal in place of the decision.</summary>
        static string AtGate(string said)
        {
            var (gate, what) = Parts(said);
            return Named<GateName>(gate is "plan" ? nameof(GateName.Plan) : nameof(GateName.Switch)) is not { } name || what.Length == 0 ? said
                : $"{Gates.Title(name)}: {(Named<ApprovalDecision>(what) is { } decision ? Gates.Of(decision) : what)}";
        }

        /// <summary><c>Decide: GWB5006</c>: what was tried, and why it was refused.</summary>
        static string Tried(string said)
        {
            var (function, why) = Parts(said);
            return ApiRoutes.All.FirstOrDefault(route => route.Function == function) is { } route ? $"{route.Summary.TrimEnd('.')}: {why}" : said;
        }

        static (string Head, string Tail) Parts(string said) => said.Split(": ", 2) is [var head, var tail] ? (head, tail) : (said, "");

        [GeneratedRegex("GWB[0-9]{4}", RegexOptions.CultureInvariant)]
        private static partial Regex Code();

        [GeneratedRegex("^([A-Za-z0-9]+): [A-Za-z]+, [A-Za-z]+: ", RegexOptions.CultureInvariant)]
        private static partial Regex Noticed();

        [GeneratedRegex("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", RegexOptions.CultureInvariant)]
        private static partial Regex ObjectId();
    }
}
