using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Operations.CleanUp;
using GwbCloud.Functions.Operations.Discover;
using GwbCloud.Functions.Operations.Enabling;
using GwbCloud.Functions.Operations.Restore;
using GwbCloud.Functions.Operations.Rules;
using GwbCloud.Functions.Operations.WayBack;
using GwbCloud.Functions.Operations.Writeback;

namespace GwbCloud.Functions.Pages;

static partial class PageText
{
    /// <summary>The words of operations. A new kind adds its title to <see cref="Kind"/> and its form's words here.</summary>
    public static class Operations
    {
        public const string Title = "Operations";
        public const string Operation = "Operation";
        public const string What = "What is done to group writeback beside a migration. Each is planned first: that reads, and writes nothing. What was written can be taken back.";
        public const string Many = "operations";
        public const string None = "No operation has been planned yet.";
        public const string State = "State";
        public const string Asked = "Asked for";
        public const string Values = "Values";
        public const string PlanOne = "Plan an operation";
        public const string PlanNow = "Plan it";
        public const string Wish = "Written back";
        public const string WishOff = "no longer";
        public const string WishOn = "again";
        public const string Step = "How far";
        public const string StepLook = "only tell what may go, and when";
        public const string StepStandby = "try on the standbys what Connect does without the coexistence rules";
        public const string StepActive = "take the rules from the active server, when a standby showed nothing";
        public const string OnlyThese = "Only these groups";
        public const string MigrationId = "Id of the migration";
        public const string UndoText = "For a migration that was left, put off or let go, or that lost its history. Everything that is done and left is in the plan.";
        public const string ObjectId = "Object id";
        public const string GroupId = "Object id of a Microsoft 365 group";
        public const string Limit = "The rule that limits members";
        public const string LimitOff = "off";
        public const string LimitOn = "on again";
        public const string Rule = "The rule that deletes";
        public const string RuleOff = "remove";
        public const string RuleOn = "add";
        public const string All = "Without a choice, all Microsoft 365 groups are meant.";
        public const string DiscoverText = "Reads servers, directory and tenant, and reports the plan document's items beside what it found. It writes nothing.";
        public const string RequestedBy = "Asked for by";
        public const string StartedBy = "Started by";
        public const string PlannedAt = "Planned";
        public const string ValidUntil = "May be started until";
        public const string Hash = "Hash of the plan";
        public const string Plan = "What it found";
        public const string Fact = "Fact";
        public const string Value = "Value";
        public const string Consequences = "What follows";
        public const string Dangers = "Why a second person must approve";
        public const string Changes = "What will be written";
        public const string ChangesMany = "values";
        public const string ToChanges = "The whole list";
        public const string Before = "Before";
        public const string After = "After";
        public const string Target = "Of";
        public const string Left = "What is left as it is";
        public const string Affected = "What it touches in Active Directory";
        public const string ValuesMany = "entries";
        public const string Why = "Why";
        public const string Progress = "Progress";
        public const string Written = "Values that are ours";
        public const string Actions = "Actions";
        public const string Start = "Start it";
        public const string GoOn = "Go on";
        public const string Stop = "Stop between two parts";
        public const string Undo = "Undo it";
        public const string UndoHead = "Undo";
        public const string NoUndo = "There is no undo for it.";
        public const string Approval = "Approval";
        public const string Waits = "It waits for somebody with the role Approver who has not asked for it.";
        public const string NotYou = "You may not decide about it:";
        public const string SignInText = "You sign in once more, for exactly this plan. Nothing is decided before you have confirmed it after that.";
        public const string Approve = "approve";
        public const string Deny = "deny";
        public const string Choose = "What do you decide?";
        public const string SignIn = "Sign in for this decision";
        public const string Confirm = "Your decision";
        public const string DecideNow = "Decide";
        public const string NotAfterAll = "Not after all";
        public const string NotSigned = "The sign-in did not come to its end.";
        public const string SignInUntil = "The sign-in counts until";
        public const string Comment = "Comment";
        public const string Notices = "Notices";
        public const string Audit = "The audit log of this operation";
        public const string Search = "Search";
        public const string Ended = "Ended";
        public const string OutOf = "of";
        public const string Version = "Which version?";
        public const string Version1 = "1, for Microsoft 365 groups";
        public const string Version2 = "2, for security groups too (no longer possible; shows why)";
        public const string Permissions = "What is Connect's account granted?";
        public const string GrantNothing = "nothing";
        public const string GrantOu = "what it needs on the writeback OU";
        public const string GrantAll = "what it needs on every domain of the forest";
        public const string Tasks = "What you have to do";

        public const string RestoreText = "Restored in Active Directory first and switched on in Entra afterwards, deleted groups are joined again. The plan says of each whether it can be restored, until when, and what comes first. It writes nothing.";
        public const string RestoreAll = "Without a choice, all deleted groups of writeback that are found are meant.";
        public const string RestoreGroup = "Object id of the group in Entra, or objectGUID of the deleted object";
        public const string Then = "When they are restored";
        public const string ThenNothing = "leave Entra as it is";
        public const string ThenSwitchOn = "switch their writeback on in Entra";
        public const string RestoreReport = "What was found of each deleted group (JSON)";

        /// <summary>Files for restoring by hand, as the API names their formats.</summary>
        public static IReadOnlyList<(string Format, string Name, string Text)> RepairFiles { get; } =
        [
            ("script", "repair.ps1", "For doing it by hand: a script"), ("snapshot", "repair.json", "The groups that the script restores"), ("ldif", "repair.ldif", "The same as LDIF"),
        ];

        public static string NameOf(string id) => $"{Operation} {id}";

        public static string Kind(string kind) => kind switch
        {
            NewGroupsOperation.Name => "Writeback of new Microsoft 365 groups",
            ExistingGroupsOperation.Name => "Writeback of existing Microsoft 365 groups",
            DiscoverOperation.Name => "Discovery of group writeback",
            UndoOperation.Name => "Undo of a migration",
            MemberLimitOperation.Name => "Limit of 50,000 members",
            DeleteRuleOperation.Name => "Delete-on-disable rule",
            EnableOperation.Name => "Group writeback switched on",
            CleanUpOperation.Name => "Clean-up after a migration",
            RestoreOperation.Name => "Deleted groups from the Recycle Bin",
            _ => kind,
        };

        public static string AffectedCount(int count) => Count(count, "object", "objects");

        public static string Word(OperationView view) => view.State switch
        {
            OperationState.Planning => "is planned",
            OperationState.Planned => OperationVerbs.WaitsForApproval(view) ? "waits for approval" : "planned",
            OperationState.Running => "writes",
            OperationState.Undoing => "goes back",
            _ => view.Outcome switch
            {
                OperationOutcome.NothingToDo => view.Kind == DiscoverOperation.Name ? Discoveries.Word : "nothing to do",
                OperationOutcome.NotPlanned => "not planned",
                OperationOutcome.Denied => "denied",
                OperationOutcome.Expired => "expired",
                OperationOutcome.Completed => "completed",
                OperationOutcome.Incomplete => "completed in part",
                OperationOutcome.Stopped => "stopped",
                OperationOutcome.Undone => "undone",
                OperationOutcome.UndoneInPart => "undone in part",
                _ => "failed",
            },
        };

        public static string Sentence(OperationView view) => view.State switch
        {
            OperationState.Planning => "It reads, and writes nothing.",
            OperationState.Planned => OperationVerbs.WaitsForApproval(view) ? "The plan is there, and waits for a second person." : "The plan is there. Nothing was written yet.",
            OperationState.Running => "It writes what was planned, part by part.",
            OperationState.Undoing => "It takes back what it had written, part by part.",
            _ => view.Outcome switch
            {
                OperationOutcome.NothingToDo => view.Kind == DiscoverOperation.Name ? Discoveries.Reads : view.Kind == RestoreOperation.Name ? "Nothing can be restored now; the list says why."
                    : view.Terms is CleanUpTerms ? "Nothing is taken away. What may go, and when, stands below." : "Everything is as it was asked for.",
                OperationOutcome.NotPlanned => "It could not be planned; nothing was written.",
                OperationOutcome.Denied => "The approver said no; nothing was written.",
                OperationOutcome.Expired => "Nobody decided in time; nothing was written. Plan it again.",
                OperationOutcome.Completed => "Everything was written and read back.",
                OperationOutcome.Incomplete => "It ran to its end, and left something as it was.",
                OperationOutcome.Stopped => "It was stopped between two parts. It can go on, or go back.",
                OperationOutcome.Undone => "Everything that it had written is as it was before.",
                OperationOutcome.UndoneInPart => "It went back, and left what is no longer its own.",
                _ => "It broke off. It can go on, or go back.",
            },
        };

        public static string Share(int done, int total) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{done:N0} {OutOf} {total:N0}");
    }
}
