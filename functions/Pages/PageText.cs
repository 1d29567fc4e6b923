using System.Globalization;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Pages;

/// <summary>Every English word that the pages say, and the script with them. What findings, tasks and notices say is theirs.</summary>
static partial class PageText
{
    public const string Product = "GwbCloud";
    public const string Dash = "–";
    public const string None = "none";
    public const string To = "to";
    public const string Any = "Any";
    public const string Sort = "Sorted by";
    public const string Remove = "Take away";
    public const string Copy = "Copy";
    public const string CommentNeeded = "Comment (required; it goes into the audit log)";
    public const string CommentWished = "Comment (goes into the audit log)";

    static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    static string Count(long number, string one, string many) => number == 1 ? $"1 {one}" : $"{Number(number)} {many}";

    public static class Frame
    {
        public const string Skip = "Skip to the content";
        public const string NoScript = "Without script this page shows what the server read, and does not change. Deciding and acting need script.";
        public const string Read = "Read";
        public const string Updates = "It is kept up to date.";
        public const string Way = "Where you are";
        public const string SignOut = "Sign out";

        public static string SignedInAs(Principal caller) =>
            (caller.Name is { } name ? $"{name}, " : "") + string.Join(", ", caller.Roles.Select(role => role["Migration.".Length..]).Where(role => role is "Reader" or "Operator" or "Approver").DefaultIfEmpty("No role"));
    }

    /// <summary>What the script says, by the name under which it asks.</summary>
    public static class Script
    {
        public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["lost"] = "No contact since {0}. What you see is from then; it is tried again by itself.",
            ["back"] = "In contact again since {0}. The page is up to date.",
            ["signed-out"] = "Your sign-in has ended. Load the page again to sign in.",
            ["changed"] = "This has changed while you were writing. Load the page again before you go on.",
            ["reload"] = "Load again",
            ["stale"] = "Something has changed since you looked, so that nothing was done. Here is how it stands now.",
            ["failed"] = "That did not work:",
            ["unreached"] = "The server could not be reached. Whether it was done is not known; look at the page once there is contact again.",
            ["sending"] = "Sending…",
            ["done"] = "It was taken. What it does shows here.",
            ["copied"] = "Copied",
            ["not-copied"] = "Select and copy it yourself",
            ["today"] = "today",
        };
    }

    public static class Spans
    {
        public const string Over = "over";

        public static string In(string span) => $"in {span}";
    }

    public static class Lists
    {
        public const string Previous = "Previous";
        public const string Next = "Next";
        public const string Show = "Show";
        public const string Clear = "Show all";

        public static string Of(int page, int pages) => $"Page {Number(page)} of {Number(pages)}";

        public static string Pages(string what) => $"Pages of {what}";

        public static string None(string what) => $"No {what} to show.";

        public static string Range(int first, int last, int total, string what) => $"{Number(first)} to {Number(last)} of {Number(total)} {what}";

        public static string Narrowed(int first, int last, int total, int all, string what) => $"{Number(first)} to {Number(last)} of {Number(total)} that fit, of {Number(all)} {what}";
    }

    public static class Refusals
    {
        public const string Cause = "Why";
        public const string Remedy = "What to do";
        public const string Code = "Code";
        public const string SignIn = "Sign in";

        public static string Title(int status) => status switch
        {
            401 => "Sign in",
            403 => "Not for your role",
            404 => "Not found",
            405 => "Not like this",
            409 => "Not now",
            >= 500 => "Something went wrong",
            _ => "That cannot be shown",
        };
    }

    public static class Home
    {
        public const string Title = "Migrations";
        public const string Heading = "Migrations and assessments";
        public const string Migrations = "Migrations";
        public const string Migration = "Migration";
        public const string NoMigration = "No migration has been started yet. It starts from an assessment whose plan is ready.";
        public const string State = "State";
        public const string Stage = "Stage";
        public const string Window = "Window";
        public const string Started = "Started";
        public const string Open = "Open the migration";
        public const string Assessments = "Assessments";
        public const string AssessmentsMany = "assessments";
        public const string Assessment = "Assessment";
        public const string NoAssessment = "Nothing has been assessed yet. An assessment reads, and writes nothing.";
        public const string Read = "Read";
        public const string Migrating = "Groups that migrate";
        public const string Blocking = "Blocks";
        public const string ToAccept = "To accept";
        public const string Assess = "Assess the tenant";
        public const string AssessText = "An assessment reads Entra, Active Directory and every Connect server, and writes nothing anywhere. A first look needs no canaries; a plan does.";
        public const string AssessNow = "Assess now";
        public const string WithCanaries = "Name the canaries";
        public const string Canaries = "Object ids of three cloud security groups";
        public const string CanaryText = "Each is a group made for this, with one synchronised test user. All three, or none.";
        public const string CanaryNew = "New: must be created right";
        public const string CanaryMatch = "Match: must be taken over as it is";
        public const string CanaryUnassigned = "Unassigned: must stay out";
        public const string Operations = "Other operations";
        public const string OperationsText = "What is done to group writeback beside a migration: its defaults, switched off and back on, each with a plan and an undo.";
        public const string ToOperations = "To the operations";

        public static string Newest(int shown, int all) => $"The newest {Number(shown)} of {Number(all)} migrations.";
    }

    public static class Migrations
    {
        public const string Heading = "Migration";
        public const string Standing = "How it stands";
        public const string NeedsSomebody = "Waits for a person";
        public const string Stages = "Stages";
        public const string Facts = "Facts";
        public const string Actions = "Actions";
        public const string More = "More";
        public const string Notices = "Notices";
        public const string NoNotices = "None so far.";
        public const string Window = "Window";
        public const string Change = "Change number";
        public const string RequestedBy = "Requested by";
        public const string Started = "Started";
        public const string Ended = "Ended";
        public const string Changed = "Last change";
        public const string Plan = "Assessment";
        public const string ToPlan = "The assessment with its findings and groups";
        public const string Report = "Report, as it stands now, for paper";
        public const string OperatorsOnly = "Operators can act here; you may read.";
        public const string Attention = "It cannot go on by itself. Read the notices, put right what they name, then retry.";
        public const string RollingBack = "On its way back to how things were.";
        public const string Between = "Between two stages.";
        public const string Since = "Since";
        public const string Messages = "Messages";
        public const string CleanUp = "Clean up: what may go now, and what later";
        public const string RulesScript = "The coexistence rules as a script, for a rebuilt Connect server";

        public static string Title(string id) => $"Migration {id}";

        public static string EntraOnly(int rounds) => $"“Entra only” is in force: changes reach Entra, and nothing reaches Active Directory ({Count(rounds, "round", "rounds")} so far).";

        public static string Orphans(int count) => Count(count, "object that stays behind", "objects that stay behind");

        public static string Delivered(int delivered, int waiting) => waiting == 0 ? $"{Number(delivered)} delivered." : $"{Number(delivered)} delivered, {Number(waiting)} still to be.";

        public static string NotDelivered(int count) => $"{Count(count, "message", "messages")} not delivered";

        public static string State(MigrationState state) => state switch
        {
            MigrationState.Running => "Running",
            MigrationState.Waiting => "Waiting",
            MigrationState.RollingBack => "Rolling back",
            MigrationState.NeedsAttention => "Needs attention",
            _ => "Ended",
        };

        /// <summary>What an operator asked for ends as denied, but nobody denied it.</summary>
        public static string Outcome(MigrationOutcome? outcome, OperatorAction? asked) => (outcome, asked) switch
        {
            (MigrationOutcome.Denied, OperatorAction.Cancel) => "Cancelled",
            (MigrationOutcome.Denied, OperatorAction.Stop) => "Stopped",
            _ => Outcome(outcome),
        };

        public static string Ends(MigrationOutcome? outcome, OperatorAction? asked) => (outcome, asked) switch
        {
            (MigrationOutcome.Denied, OperatorAction.Cancel) => "Cancelled on request. What had been prepared was undone.",
            (MigrationOutcome.Denied, OperatorAction.Stop) => "Stopped on request. What had been prepared was undone.",
            _ => Ends(outcome),
        };

        /// <summary>The person and the moment follow.</summary>
        public static string AskedEnd(OperatorAction action) => action switch
        {
            OperatorAction.Postpone => "Postponed by",
            OperatorAction.Stop => "Stopped by",
            _ => "Cancelled by",
        };

        static string Outcome(MigrationOutcome? outcome) => outcome switch
        {
            MigrationOutcome.Completed => "Completed",
            MigrationOutcome.Blocked => "Blocked",
            MigrationOutcome.Denied => "Denied",
            MigrationOutcome.Postponed => "Postponed",
            MigrationOutcome.Expired => "Expired",
            MigrationOutcome.RolledBack => "Rolled back",
            MigrationOutcome.NeedsAttention => "Ended unfinished",
            _ => "Failed",
        };

        static string Ends(MigrationOutcome? outcome) => outcome switch
        {
            MigrationOutcome.Completed => "Every planned group is under Cloud Sync, and was verified one by one.",
            MigrationOutcome.Blocked => "A check did not hold, and it ended before anything was lost. The notices say which.",
            MigrationOutcome.Denied => "People said no. What had been prepared was undone, or left as they chose.",
            MigrationOutcome.Postponed => "Put off. Things are as in everyday operation, and the preparation is kept.",
            MigrationOutcome.Expired => "Nobody decided in time. Things are as in everyday operation, and the preparation is kept.",
            MigrationOutcome.RolledBack => "Everything that had been written was taken back.",
            MigrationOutcome.NeedsAttention => "It ended, and something is still to be done or undone: take it up again with retry, or let it go with cancel.",
            _ => "It ended by a fault. The notices and the log say which.",
        };
    }

    public static class Stages
    {
        public const string Before = "Before the window";
        public const string BeforeText = "Nobody notices anything, and everything can be undone.";
        public const string Window = "In the window";
        public const string WindowText = "Exports and password hash synchronisation stand still; everything can be undone.";
        public const string After = "From the switch on";
        public const string AfterText = "This cannot be undone. From here on there is only the way forward.";
        public const string Since = "Since";

        public static string Name(StageName stage) => stage switch
        {
            StageName.Assess => "Assess",
            StageName.PrepareCloudSync => "Prepare Cloud Sync",
            StageName.StampAnchors => "Stamp the anchors",
            StageName.RehearseOnStandby => "Rehearse on the standby",
            StageName.ApprovePlan => "Gate 1: approve the plan",
            StageName.FreezeAndDrain => "Freeze and drain",
            StageName.EnterStagingMode => "Enter staging mode",
            StageName.CoexistenceRules => "Coexistence rules",
            StageName.FirstFullSync => "First full synchronisation",
            StageName.ConfirmSwitch => "Gate 2: confirm the switch",
            StageName.DisableGroupWritebackV2 => "Switch GroupWritebackV2 off",
            StageName.SecondFullSync => "Second full synchronisation",
            StageName.LeaveStagingMode => "Leave staging mode",
            StageName.ResumeScheduler => "Resume the scheduler",
            StageName.StartCloudSync => "Start Cloud Sync, ring by ring",
            _ => "Verify every group",
        };

        public static string State(StageState state, bool ended) => state switch
        {
            StageState.Pending => ended ? "not reached" : "to come",
            StageState.Running => "running",
            StageState.Waiting => "waiting",
            StageState.Done => "done",
            StageState.Skipped => "skipped",
            StageState.Undone => "undone",
            _ => "failed",
        };

        public static string Now(StageName stage) => $"{Name(stage)}.";

        public static string Took(string span) => $"took {span}";

        public static string For(string span) => $"for {span}";

        public static string Share(int done, int total) => string.Create(CultureInfo.InvariantCulture, $"{done:N0} of {total:N0}, {100.0 * done / Math.Max(1, total):0} %");

        public static string Rate(double perMinute, string left) => string.Create(CultureInfo.InvariantCulture, $", {perMinute:N0} a minute, about {left} left");
    }

    public static class Gates
    {
        public const string Closes = "Closes";
        public const string ClosesAt = "Closes";
        public const string EvidenceFrom = "Evidence of";
        public const string ReadAndDecide = "Read and decide";
        public const string Read = "Read";
        public const string How = "How the gate stands";
        public const string IsOpen = "Open";
        public const string Asked = "What is asked, and what follows";
        public const string Evidence = "Evidence";
        public const string EvidenceText = "Each part was gathered by the machine that it is about, and is bound by its hash. An approval counts for exactly this evidence.";
        public const string PartName = "Part";
        public const string Verdict = "Verdict";
        public const string Hash = "SHA-256";
        public const string Passed = "passed";
        public const string Failed = "failed";
        public const string Digest = "Digest of the whole:";
        public const string EvidenceOf = "Evidence:";
        public const string Gathered = "Gathered";
        public const string By = "By";
        public const string FactsOf = "Facts";
        public const string Fact = "Fact";
        public const string Value = "Value";
        public const string Cut = "Long lists are cut here. The whole part stands in the API.";
        public const string WholePart = "The whole part as JSON";

        public const string NotOpen = "The gate is not open.";
        public const string NotDecided = "Nothing was decided.";
        public const string Deciders = "Who decides";
        public const string Everybody = "everybody with the role Approver, but not who requested the migration";
        public const string Escalation = "Second list may decide from";
        public const string Escalated = "that is now";
        public const string DecidedSoFar = "Decided so far";
        public const string Changed = "What has changed";
        public const string ChangedText = "The evidence is not the one that was approved before. Those approvals are void, and everybody is asked again.";
        public const string Before = "Before";
        public const string Now = "Now";
        public const string Decide = "Decide";
        public const string Choose = "How should this gate end?";
        public const string YouDecided = "You have decided:";
        public const string WithdrawText = "As long as an approval is missing, you may take yours back, and decide anew.";
        public const string Withdraw = "Take my approval back";
        public const string Withdrawn = "Your approval was taken back.";
        public const string SignInText = "You sign in once more, for exactly this choice on exactly this evidence. Nothing is decided before you have confirmed it after that.";
        public const string SignInFor = "Sign in for this decision";
        public const string SignInOf = "Your sign-in";
        public const string OtherEvidence = "The evidence has changed since you signed in, so that this sign-in counts for nothing.";
        public const string Anew = "Read the gate as it is now";
        public const string YourComment = "Your comment";
        public const string OnEvidence = "On the evidence";
        public const string SignInUntil = "The sign-in counts until";
        public const string NotAfterAll = "Not after all";

        public static string TypeDomain(string? domain) => $"To approve, type the tenant’s domain: {domain}";

        public static string StagingFor(GateName gate, string? span) => span is null ? "No server stands in staging mode."
            : gate == GateName.Plan ? $"In the window servers stand in staging mode for about {span}."
            : $"Servers stand in staging mode for about {span} from here on.";

        public static string ImpactOf(GateImpact impact) => impact == GateImpact.Exports
            ? "Meanwhile exports to Entra, password hash synchronisation and password writeback stand still."
            : "Nothing else stands still.";

        public static string Of(ApprovalDecision decision) => decision switch
        {
            ApprovalDecision.Approve => "Approved",
            ApprovalDecision.Postpone => "Postponed",
            ApprovalDecision.Deny => "Denied",
            _ => "Denied, left as it is",
        };

        public static string NameOf(GateName gate, ApprovalDecision decision) => decision switch
        {
            ApprovalDecision.Approve => gate == GateName.Plan ? "Approve the plan" : "Approve: switch GroupWritebackV2 off",
            ApprovalDecision.Postpone => "Postpone",
            ApprovalDecision.Deny => "Deny, and undo everything",
            _ => "Deny, and leave everything as it is",
        };

        public static string Confirm(GateName gate, ApprovalDecision decision) => (gate, decision) switch
        {
            (GateName.Switch, ApprovalDecision.Approve) => "You are about to approve what cannot be undone",
            (_, ApprovalDecision.Approve) => "You are about to approve the plan",
            (_, ApprovalDecision.Postpone) => "You are about to postpone the migration",
            _ => "You are about to deny the migration",
        };

        public static string Do(GateName gate, ApprovalDecision decision) => (gate, decision) switch
        {
            (GateName.Switch, ApprovalDecision.Approve) => "Approve the switch",
            (_, ApprovalDecision.Approve) => "Approve the plan",
            (_, ApprovalDecision.Postpone) => "Postpone",
            (_, ApprovalDecision.Deny) => "Deny, and undo everything",
            _ => "Deny, and leave everything",
        };

        public static string Of(SignInStanding state) => state switch
        {
            SignInStanding.Waiting => "Your sign-in has not come back yet.",
            SignInStanding.Used => "This sign-in has been used: what you decided stands above.",
            _ => "Your sign-in does not count.",
        };

        public static string Title(GateName gate) => gate == GateName.Plan ? "Gate 1: approve the plan" : "Gate 2: confirm the switch";

        public static string Approved(int approved, int required) => $"{Number(approved)} of {Count(required, "approval", "approvals")} given.";

        public static string Waits(GateName gate, int approved, int required) => $"{Title(gate)}. {Approved(approved, required)}";

        public static string Entries(int count) => $"… {Number(count)} in all";

        public static string Closed(StageState stage) => stage switch
        {
            StageState.Pending => "This gate has not been reached yet.",
            StageState.Done => "This gate has been decided.",
            StageState.Running => "The evidence is being gathered.",
            StageState.Waiting => "The gate is closed until things are as the plan says again.",
            _ => "This gate is closed.",
        };
    }

    public static class Tasks
    {
        public const string Title = "Tasks";
        public const string Many = "tasks";
        public const string Task = "Task";
        public const string State = "State";
        public const string Server = "Server";
        public const string Deadline = "Deadline";
        public const string Due = "Due";
        public const string Read = "Read back";
        public const string ReadAt = "Read at";
        public const string Ended = "Ended";
        public const string NothingRead = "nothing yet";
        public const string Open = "Do the task";
        public const string NoTasks = "No task has been handed out yet.";
        public const string Steps = "Steps";
        public const string Commands = "Commands";
        public const string On = "on";
        public const string Files = "Files";
        public const string List_ = "list";
        public const string WhenDone = "When you have done it";
        public const string CheckText = "Nothing can be ticked off: what is read back closes the task. It is also read by itself every few minutes.";
        public const string Check = "Check now";
        public const string Asked = "It is being read. The state above changes when it has been.";
        public const string LastAsked = "Last asked to check";
        public const string NotNeeded = "No longer needed";
        public const string OperatorsOnly = "An operator can have it checked; you may read.";
        public const string HeldSince = "Held since";
        public const string HeldUntil = "Later than this the rest no longer fits:";

        public static string All(int count) => count == 0 ? "Tasks" : $"All tasks ({Number(count)})";

        public static string Waits(string title) => $"Waits for a person: {title}.";

        public static string Held(string stage) => $"Held before “{stage}” until an operator releases it.";

        public static string StateOf(TaskState state) => state switch { TaskState.Done => "Done", TaskState.Overdue => "Overdue", _ => "Open" };

        public static string Shell(TaskShell shell) => shell == TaskShell.WindowsPowerShell ? "Windows PowerShell 5.1" : "PowerShell 7";
    }

    public static class Reviews
    {
        public const string Title = "What stopped the migration";
        public const string Why = "Each was found in Active Directory, in Connect or in the provisioning log. What you accept as harmless is not found again; everything else stops the migration again.";
        public const string Search = "Search in what was found";
        public const string Items = "findings to review";
        public const string Found = "Found";
        public const string Kind = "Kind";
        public const string Harmless = "Harmless";
        public const string Accept = "accept as harmless";
        public const string Retry = "Retry with what is ticked";
        public const string Open = "Read the review";
        public const string ReadFirst = "Read first what stopped the migration; there you can also accept what is harmless.";

        public static string Waiting(int count) => $"{Count(count, "thing", "things")} stopped the migration";

        public static string Link(int count) => $"What stopped the migration ({Number(count)})";
    }

    public static class Exports
    {
        public const string Title = "Pending exports that nobody allowed";
        public const string Why = "Each of these would change something that neither the plan nor the accepted consequences name.";
        public const string Search = "Search in objects";
        public const string Items = "exports";
        public const string Object = "Object";
        public const string Server = "Server";
        public const string Change = "What would become of it";
        public const string Reason = "Why that is not allowed";

        public static string Link(int count) => $"Pending exports that nobody allowed ({Number(count)})";
    }

    public static partial class Audit
    {
        public const string Title = "Audit log";
        public const string What = "Who, what, when, on which evidence; newest first. Each line carries the hash of the line before.";
        public const string Intact = "chain intact";
        public const string Broken = "chain broken";
        public const string Search = "Search in the log";
        public const string Number = "Line";
        public const string When = "When";
        public const string Who = "Who";
        public const string Did = "What";
        public const string Detail = "Detail";
        public const string Lines = "lines";
        public const string Download = "The whole log, one JSON object a line";
    }

    public static class Verbs
    {
        public const string Now = "Now:";
        public const string NotNow = "Not offered now";
        public const string Back = "Back to the migration";
        public const string Sure = "Yes, I want this migration to end here.";
        public const string RepairHelp = "Type the common name as it stands in the review or the snapshot: whoever names a group by a number alone has not looked at it.";
        public const string RepairGroup = "Groups to bring back";
        public const string RepairAnother = "Another group";
        public const string ObjectGuid = "objectGUID";
        public const string TypedName = "Common name, typed";

        public static string Name(OperatorAction action) => action switch
        {
            OperatorAction.Postpone => "Postpone",
            OperatorAction.Cancel => "Cancel",
            OperatorAction.Stop => "Stop now",
            OperatorAction.Retry => "Retry",
            OperatorAction.Release => "Release",
            OperatorAction.Repair => "Repair groups",
            _ => "Skip",
        };

        public static string Short(OperatorAction action, VerbState state) => action switch
        {
            OperatorAction.Cancel when state == VerbState.NeedsAttention => "ends it here, unfinished",
            OperatorAction.Cancel when state == VerbState.EndedUnfinished => "lets it go for good",
            OperatorAction.Postpone => "back to everyday operation, preparation kept",
            OperatorAction.Cancel => "back to everyday operation, everything undone",
            OperatorAction.Stop => "halts everything that moves, at once",
            OperatorAction.Retry => "tries again what failed",
            OperatorAction.Release => "lets the held stage begin",
            OperatorAction.Repair => "brings named groups back to the frozen snapshot",
            _ => "leaves out an optional message",
        };

        public static string Question(OperatorAction action) => action switch
        {
            OperatorAction.Postpone => "Postpone this migration?",
            OperatorAction.Cancel => "Cancel this migration?",
            OperatorAction.Stop => "Stop everything now?",
            OperatorAction.Retry => "Try again?",
            OperatorAction.Release => "Release the held stage?",
            OperatorAction.Repair => "Bring groups back?",
            _ => "Skip?",
        };

        public static string Do(OperatorAction action) => action switch
        {
            OperatorAction.Postpone => "Postpone the migration",
            OperatorAction.Cancel => "Cancel the migration",
            OperatorAction.Stop => "Stop everything now",
            OperatorAction.Retry => "Retry now",
            OperatorAction.Release => "Release now",
            OperatorAction.Repair => "Bring back",
            _ => "Skip",
        };

        public static IReadOnlyList<string> Consequences(OperatorAction action, VerbState state) => (action, state) switch
        {
            (OperatorAction.Postpone, _) =>
            [
                "The servers go back to everyday operation. In staging mode this takes a full cycle, and staging ends as an operator's task.",
                "Anchors, enterprise app, paused job and canaries are kept, so that the next migration takes them up.",
                "This migration ends as postponed.",
            ],
            (OperatorAction.Cancel, VerbState.EndedUnfinished) =>
            [
                "What is still to be done or undone is left to people; nothing watches it any more.",
                "Do this only once everything was put right by hand. A new migration can be started then.",
            ],
            (OperatorAction.Cancel, VerbState.NeedsAttention) =>
            [
                "The migration ends here, unfinished. It does and undoes nothing more, and watches nothing.",
                "It can be taken up again with a retry, or let go once people have put right by hand what is left.",
            ],
            (OperatorAction.Cancel, _) =>
            [
                "Everything that this migration wrote is taken back: anchors, app, job, rules, canaries. Only values that are still ours are touched.",
                "The flag GroupWritebackV2 is read before each step; once it is off or unknown, nothing is taken back, and the way turns forward.",
                "This migration ends.",
            ],
            (OperatorAction.Stop, _) =>
            [
                "The provisioning job is paused, a running cycle is stopped, and the scheduler is turned off, at once and without asking again.",
                "Nothing is undone. The migration then needs attention, and goes on with a retry.",
                "While the scheduler is off, the tenant's changes and passwords wait.",
            ],
            (OperatorAction.Retry, VerbState.EndedUnfinished) =>
            [
                "The migration is taken up where it ended, however many days ago. The flag GroupWritebackV2 decides whether the way leads back or forward.",
            ],
            (OperatorAction.Retry, _) => ["What failed is read again first, then tried again. What was done is not done twice."],
            (OperatorAction.Release, _) => ["The held stage begins at once, as if it had not been held."],
            (OperatorAction.Repair, _) =>
            [
                "The listener brings the named groups back to the frozen snapshot: reanimated, under their name and place, with the members that they had.",
                "Groups that were not named are not touched. The name must be typed as it stands in the snapshot.",
            ],
            _ => ["Only optional messages and notices can be left out; a gate or a check never can."],
        };
    }

    public static class Assessments
    {
        public const string Heading = "Assessment";
        public const string Asked = "Asked for";
        public const string StillReads = "It still reads. This page shows the results as soon as they are there.";
        public const string Migrate = "groups migrate";
        public const string NotReady = "groups are not ready";
        public const string Freeze = "groups freeze";
        public const string Lost = "memberships are lost";
        public const string Appear = "Microsoft 365 groups appear";
        public const string Staging = "hours in staging mode";
        public const string Lists = "Lists";
        public const string Tables = "For a spreadsheet";
        public const string Plan = "Plan";
        public const string NoPlan = "There is no plan while something blocks.";
        public const string Hash = "Hash of the plan";
        public const string Valid = "It can start until";
        public const string Accepted = "Accepted consequences";
        public const string Report = "The whole assessment on one page, for paper";
        public const string Start = "Start a migration";

        public static string Title(string id) => $"Assessment {id}";

        public static string State(AssessmentState state) => state switch
        {
            AssessmentState.Running => "Reading",
            AssessmentState.Ready => "Ready",
            AssessmentState.NeedsAcceptance => "Needs acceptance",
            AssessmentState.Blocked => "Blocked",
            _ => "Failed",
        };
    }

    public static class Starts
    {
        public const string Title = "Start a migration";
        public const string Domain = "Domain";
        public const string Staging = "Predicted staging";
        public const string NotReady = "The assessment is not ready: something blocks, or waits for acceptance.";
        public const string NotSigned = "The sign-in did not come to its end.";
        public const string First = "1. Sign in for this plan";
        public const string FirstText = "Who requests a migration proves it by a sign-in of its own for the plan’s hash, and can’t approve it later.";
        public const string SignIn = "Sign in for this plan";
        public const string Second = "2. Window and confirmation";
        public const string Window = "Window";
        public const string WindowText = "When the part that people notice may happen, in your own time zone: longer than the predicted staging, at most five days.";
        public const string From = "From";
        public const string Until = "Until";
        public const string Change = "Change number (if you have one)";
        public const string More = "Blackouts and holds";
        public const string Blackouts = "When nothing may happen";
        public const string AnotherBlackout = "Another blackout";
        public const string Holds = "Hold before";
        public const string HoldsText = "Each of these stages waits until an operator releases it. Inside the window it must leave time for that.";
        public const string Confirm = "What is written before the first gate";
        public const string Start = "Start the migration";

        public static string Step(string step) => step switch
        {
            "PrepareCloudSync" => "Prepare Cloud Sync: enterprise app, paused job, mappings, canaries",
            "StampAnchors" => "Stamp the anchors: one attribute on every group that migrates",
            "RehearseOnStandby" => "Rehearse on the standby: rules and a full cycle on a server that exports nothing",
            _ => step,
        };
    }

    public static class Findings
    {
        public const string Title = "Findings";
        public const string Many = "findings";
        public const string Finding = "Finding";
        public const string Nothing = "Nothing was found.";
        public const string Search = "Search in findings";
        public const string Severity = "Severity";
        public const string State = "State";
        public const string Open = "to accept";
        public const string Accepted = "accepted";
        public const string Code = "Code";
        public const string Concerns = "Concerns";
        public const string Cause = "Cause";
        public const string Remedy = "What to do";
        public const string AcceptedBy = "Accepted by";
        public const string Accept = "Accept this";
        public const string Concerned = "Whom it concerns";
        public const string SearchConcerned = "Search in names and ids";
        public const string Cases = "cases";
        public const string Name = "Name";
        public const string Detail = "What about it";
        public const string Id = "Object id";
        public const string StateGone = "State that a server is gone";
        public const string StateText = "Only for a server that is gone for good: shut down, and never to run again. You state it by name and prove it by a sign-in of its own; the listeners verify it before the switch.";
        public const string Server = "Server";
        public const string SignInToState = "Sign in for this statement";
        public const string NotSigned = "The sign-in did not come to its end.";
        public const string Comment = "Your comment";
        public const string SignInUntil = "Good until";
        public const string StateNow = "State it";
        public const string NotAfterAll = "Not after all";
        public const string StateAnew = "Sign in anew";

        public static string StateThat(string name) => $"State that {name} is gone for good?";

        public static string Number(int number) => Count(number, "finding", "findings");

        public static string SoFar(FindingSeverity severity, int accepted, int all) => severity != FindingSeverity.NeedsAcceptance ? ""
            : accepted == all ? ", accepted" : $", {PageText.Number(accepted)} of them accepted";

        public static string AllOf(int number) => $"All {Count(number, "finding", "findings")}";

        public static string AcceptText(int cases) => $"You accept the consequence for exactly what was read: {Count(cases, "case", "cases")}. It becomes part of the plan and of its hash, under your name. Another one later is not accepted by it.";

        public static string AcceptNow(int cases) => $"Accept {Count(cases, "case", "cases")}";
    }

    public static class Groups
    {
        public const string Title = "Groups";
        public const string Many = "groups";
        public const string What = "Every group in the writeback OU, every group that is or was enabled for writeback, and every Microsoft 365 group.";
        public const string Nothing = "No group was found.";
        public const string ByClass = "Groups by class";
        public const string Number = "Groups";
        public const string Search = "Search in names and ids";
        public const string Class = "Class";
        public const string Readiness = "Readiness";
        public const string Reason = "Reason";
        public const string Group = "Group";
        public const string Name = "Name";
        public const string Members = "Members";
        public const string Unwritten = "Not written";
        public const string NotReady = "Not ready";
        public const string MostMembers = "Most members";
        public const string MostUnwritten = "Most members not written";

        public static string Of(Assessment.Readiness readiness) => readiness switch
        {
            Assessment.Readiness.Ready => "Ready",
            Assessment.Readiness.ReadyWithConditions => "With conditions",
            Assessment.Readiness.NotReady => "Not ready",
            _ => "Unknown",
        };
    }

    public static class Losses
    {
        public const string Title = "Members that are lost";
        public const string What = "Cloud Sync does not write devices, contacts and groups that come from Active Directory. Names of members are never read; they stand here by their ids.";
        public const string Search = "Search in groups and member ids";
        public const string Lost = "Lost";
        public const string Most = "Most lost";
        public const string Members = "Which";

        public static string Ids(int shown, int all) => shown == all ? Count(all, "id", "ids") : $"the first {PageText.Number(shown)} of {PageText.Number(all)} ids";
    }

    public static class Names
    {
        public const string Title = "Names and places";
        public const string What = "What every group that migrates is called now, and what Cloud Sync will write. Nothing is renamed or moved: what cannot keep its name blocks.";
        public const string KeptBy = "Kept by";
        public const string Now = "Now";
        public const string Written = "Under Cloud Sync";
        public const string Same = "the same";

        public static string Of(NameKeeping way) => way switch
        {
            NameKeeping.Mapping => "the mapping",
            NameKeeping.GroupDn => "GroupDN",
            _ => "nothing",
        };
    }

    public static class Risks
    {
        public const string Title = "Groups at risk";
        public const string What = "Each would be lost by the switch, and blocks until somebody has resolved it. Done is what was read; nothing can be ticked off.";
        public const string Open = "Open";
        public const string Done = "Done";
        public const string ReadAt = "Read at";
        public const string Object = "Object";
        public const string CheckText = "The group is read in Entra, and where that does not settle it, in the writeback OU.";

        public static string Link(int count) => $"Groups at risk ({Number(count)})";
    }

    public static class Comparisons
    {
        public const string Title = "Comparison";
        public const string What = "Shows what is new, gone, better or worse since another assessment. What stayed the same is left out.";
        public const string With = "Compare with";
        public const string Compare = "Compare";
        public const string NoOther = "There is no other assessment to compare with.";
        public const string Numbers = "In numbers";
        public const string Figure = "Figure";
        public const string Before = "Before";
        public const string After = "Now";
        public const string Change = "Change";
        public const string Equal = "the same";
        public const string Servers = "Servers";
        public const string SameServers = "The servers are the same.";
        public const string SameFindings = "The findings are the same.";
        public const string What_ = "What differs";
        public const string PlanParts = "Parts of the plan that differ";
        public const string NoPart = "none";
        public const string NoPlan = "one of the two has no plan";

        public static string First(int shown, int all) => $"The first {Number(shown)} of {Number(all)}; the API has all.";

        public static string Of(FindingChangeKind change) => change switch
        {
            FindingChangeKind.New => "new",
            FindingChangeKind.Gone => "gone",
            FindingChangeKind.Better => "better",
            FindingChangeKind.Worse => "worse",
            _ => "other cases",
        };

        public static string Of(ServerChangeKind change) => change switch { ServerChangeKind.Added => "new", ServerChangeKind.Gone => "gone", _ => "changed" };

        public static string Of(GroupChangeKind change) => change switch
        {
            GroupChangeKind.New => "new",
            GroupChangeKind.Gone => "gone",
            GroupChangeKind.ClassChanged => "other class",
            GroupChangeKind.Better => "closer to ready",
            GroupChangeKind.Worse => "further from ready",
            _ => "other reasons",
        };

        public static string Groups(int count, GroupChangeKind change) => $"{Number(count)} {Of(change)}";
    }
}
