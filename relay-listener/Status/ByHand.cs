using GwbCloud.RelayListener.AdSync;

namespace GwbCloud.RelayListener.Status;

/// <summary>What to do on the server when the cloud half is lost.</summary>
public sealed record ByHandPlan
{
    public required string Server { get; init; }
    public required string Migration { get; init; }
    public required BoundaryState State { get; init; }

    /// <summary>What that state means, in one sentence.</summary>
    public required string Meaning { get; init; }

    /// <summary>The steps in order; none may be left out.</summary>
    public required IReadOnlyList<ByHandStep> Steps { get; init; }
}

/// <summary>One thing to do, and what must be seen before the next one.</summary>
public sealed record ByHandStep
{
    public required string Do { get; init; }

    /// <summary>Text for Windows PowerShell on the server, when there is one.</summary>
    public string? Command { get; init; }

    /// <summary>What must be seen; anything else stops the plan.</summary>
    public string? Expect { get; init; }
}

/// <summary>The exact steps on the server when the cloud half is lost. Pure: the boundary in, a plan out.</summary>
/// <remarks>
/// A boundary may be old, so every plan first reads what everything after it depends on. Before the switch the way leads back to ordinary
/// operation, after it forward; the rules stay in both, because they keep the groups joined and take nothing away.
/// </remarks>
static class ByHand
{
    public static ByHandPlan PlanFor(Boundary boundary)
    {
        var state = boundary.StateOf();
        var say = new Sentences(boundary);
        var (meaning, steps) = state switch
        {
            BoundaryState.Unknown => ("The listener has not looked at this server yet; nothing was changed by it.", new[] { Sentences.ReadFlag, Sentences.ReadScheduler, Sentences.ReadRules, Sentences.CallForHelp }),
            BoundaryState.Ordinary => ("Ordinary operation: stamps and canaries may exist, nobody notices them, and nothing waits for you.", [Sentences.ReadFlag, Sentences.ReadScheduler, Sentences.NothingToDo]),
            BoundaryState.Frozen => ("The scheduler is off and nothing was switched: imports and exports stand still.", [Sentences.FlagMustBeTrue, Sentences.ReadScheduler, Sentences.SupervisedDelta, say.CompareOu, Sentences.SchedulerOn]),
            BoundaryState.Staging => ("This server is in staging mode without both coexistence rules: exports to Entra and password hash sync stand still.",
                [Sentences.FlagMustBeTrue, Sentences.SchedulerOff, say.Initial, say.Pending, Sentences.LeaveStaging, Sentences.SupervisedDelta, say.CompareOu, Sentences.SchedulerOn]),
            BoundaryState.Coexisting => ("This server is in staging mode with both rules, and GroupWritebackV2 was still on: everything can be taken back.",
                [Sentences.FlagMustBeTrue, Sentences.RulesMustBeThere, Sentences.SchedulerOff, say.Initial, say.Pending, Sentences.LeaveStaging, Sentences.SupervisedDelta, say.CompareOu, Sentences.SchedulerOn]),
            BoundaryState.Offered => ("The switch was verified and offered to an operator on this server; it may have been made since.",
                [Sentences.ReadFlagBothWays, Sentences.RulesMustBeThere, Sentences.SchedulerOff, say.Initial, say.Pending, Sentences.LeaveStaging, Sentences.SupervisedDelta, say.CompareOu, Sentences.SchedulerOn]),
            BoundaryState.SwitchUnclear => ("The switch was called or the flag cannot be read: whether GroupWritebackV2 is off is not known here.",
                [Sentences.ReadFlagForAWhile, Sentences.NeverCallAgain, Sentences.RulesMustBeThere, Sentences.SchedulerOff, say.Initial, say.Pending, Sentences.LeaveStaging, Sentences.SupervisedDelta, say.CompareOu, Sentences.SchedulerOn]),
            BoundaryState.SwitchedWithoutRules => ("GroupWritebackV2 is off and the rules that keep the groups are not both there: the next cycle with exports would delete groups.",
                [Sentences.SchedulerOff, Sentences.StayInStaging, Sentences.AddRules, Sentences.RulesMustBeThere, say.Initial, say.Pending, Sentences.CallForHelp]),
            BoundaryState.SwitchedInStaging => ("GroupWritebackV2 is off, for good, and both rules keep the groups. The way leads forward only.",
                [Sentences.FlagMustBeFalse, Sentences.RulesMustStay, Sentences.SchedulerOff, say.Initial, say.Pending, Sentences.LeaveStaging, Sentences.SupervisedDelta, say.CompareOu, Sentences.SchedulerOn, Sentences.CloudSync]),
            BoundaryState.SwitchedFrozen => ("GroupWritebackV2 is off and this server exports again; only the scheduler is still off.",
                [Sentences.FlagMustBeFalse, Sentences.RulesMustStay, Sentences.SupervisedDelta, say.CompareOu, Sentences.SchedulerOn, Sentences.CloudSync]),
            BoundaryState.SwitchedOrdinary => ("GroupWritebackV2 is off and Connect runs as ever. The groups keep what they have until Cloud Sync writes them.",
                [Sentences.FlagMustBeFalse, Sentences.RulesMustStay, Sentences.CloudSync]),
            BoundaryState.Standby => ("This server was in staging mode before the migration and stays there; the active server has a plan of its own.",
                [Sentences.RulesAsOnTheOthers, Sentences.StayInStaging, say.Initial, say.Pending]),
            _ => throw new InvalidOperationException($"{state} has no plan."),
        };
        return new() { Server = boundary.Server, Migration = boundary.Migration, State = state, Meaning = meaning, Steps = [say.Where, .. steps] };
    }

    /// <summary>The building blocks, with the server's own values.</summary>
    sealed class Sentences(Boundary boundary)
    {
        const string Flag = "(Get-ADSyncAADCompanyFeature).GroupWritebackV2";
        const string Idle = "SyncCycleInProgress is False and Get-ADSyncConnectorRunStatus shows nothing.";

        static readonly string Rules = $"Get-ADSyncRule | Where-Object {{ $_.Identifier -in '{RuleIds.CoexistenceInbound}', '{RuleIds.CoexistenceOutbound}' }}";

        readonly string _connector = boundary.Facts?.AdConnector is { Length: > 0 } name ? name : "the connector of the writeback OU";
        readonly string _ou = boundary.Facts?.WritebackOu is { Length: > 0 } ou ? ou : "the writeback OU";

        public ByHandStep Where => new()
        {
            Do = $"Work on {boundary.Server} in Windows PowerShell as a member of ADSyncAdmins, with the wizard closed. Do not start anything before the flag is read.",
        };

        public static ByHandStep ReadFlag => new() { Do = "Read the flag.", Command = Flag, Expect = "True. If it reads False or cannot be read, stop and call for help." };

        public static ByHandStep FlagMustBeTrue => new()
        {
            Do = "Read the flag.",
            Command = Flag,
            Expect = "True. If it reads False, the switch was made: keep staging mode on and both rules, and follow the forward way of the operator's page. If it cannot be read, read it again later.",
        };

        public static ByHandStep FlagMustBeFalse => new() { Do = "Read the flag.", Command = Flag, Expect = "False. If it cannot be read, read it again later; do not go on." };

        public static ByHandStep ReadFlagBothWays => new()
        {
            Do = "Read the flag.",
            Command = Flag,
            Expect = "True or False; the steps are the same for both. If it cannot be read, do not go on. If it reads False, never remove the two rules.",
        };

        public static ByHandStep ReadFlagForAWhile => new()
        {
            Do = "Read the flag every minute for 15 minutes.",
            Command = Flag,
            Expect = "The same value all the time. Without an answer do not go on. If it reads False, never remove the two rules.",
        };

        public static ByHandStep NeverCallAgain => new() { Do = "Do not call Set-ADSyncAADCompanyFeature again, whatever the flag reads: a second call needs people's approval." };

        public static ByHandStep ReadScheduler => new() { Do = "Read the scheduler.", Command = "Get-ADSyncScheduler", Expect = "StagingModeEnabled False, SchedulerSuspended False." };

        public static ByHandStep ReadRules => new() { Do = "Read the rules.", Command = Rules, Expect = "No rule, unless a migration was here before." };

        public static ByHandStep RulesMustBeThere => new()
        {
            Do = "Read the rules.",
            Command = Rules,
            Expect = "Both rules, neither disabled, on every Connect server. If one is missing while the flag reads False, keep staging mode on and call for help.",
        };

        public static ByHandStep RulesMustStay => new()
        {
            Do = "Read the rules, and never remove them: without them Connect would delete the groups.",
            Command = Rules,
            Expect = "Both rules, neither disabled, on every Connect server.",
        };

        public static ByHandStep RulesAsOnTheOthers => new() { Do = "Read the rules.", Command = Rules, Expect = "The same as on the active server: both, or none." };

        public static ByHandStep AddRules => new()
        {
            Do = "Add both coexistence rules as the migrate how-to gives them (steps 3 and 4), with two free precedences below 100.",
            Expect = "No error; nothing else is changed.",
        };

        public static ByHandStep SchedulerOff => new()
        {
            Do = "Switch the scheduler off, and wait for a running cycle to end.",
            Command = "Set-ADSyncScheduler -SyncCycleEnabled $false; Get-ADSyncScheduler",
            Expect = "SyncCycleEnabled False, " + Idle,
        };

        public static ByHandStep StayInStaging => new()
        {
            Do = "Leave staging mode as it is; if it is off, switch it on in the wizard.", Command = "Get-ADSyncScheduler", Expect = "StagingModeEnabled True.",
        };

        public ByHandStep Initial => new()
        {
            Do = "Run a full cycle. In staging mode it only calculates what would be exported." + Took,
            Command = "Start-ADSyncSyncCycle -PolicyType Initial",
            Expect = "In the end " + Idle,
        };

        public ByHandStep Pending => new()
        {
            Do = "Export what is pending, and look at it.",
            Command = $"& \"$env:ProgramFiles\\Microsoft Azure AD Sync\\Bin\\csexport.exe\" \"{_connector}\" pending.xml /f:x",
            Expect = $"No delete and no rename of a group in {_ou}. If there is one, stop: keep staging mode on and call for help.",
        };

        public static ByHandStep LeaveStaging => new()
        {
            Do = "Switch staging mode off in the wizard, and choose there not to start a synchronisation.",
            Command = "Get-ADSyncScheduler",
            Expect = "StagingModeEnabled False, SyncCycleEnabled still False.",
        };

        public static ByHandStep SupervisedDelta => new() { Do = "Run one cycle under your eyes.", Command = "Start-ADSyncSyncCycle -PolicyType Delta", Expect = "In the end " + Idle };

        public ByHandStep CompareOu => new()
        {
            Do = $"Compare {_ou} with the snapshot in the listener's folder, or with a backup.",
            Expect = "Every group is there, with its name and members. If not, leave the scheduler off and call for help.",
        };

        public static ByHandStep SchedulerOn => new()
        {
            Do = "Switch the scheduler on.", Command = "Set-ADSyncScheduler -SyncCycleEnabled $true; Get-ADSyncScheduler", Expect = "SyncCycleEnabled True, StagingModeEnabled False.",
        };

        public static ByHandStep CloudSync => new()
        {
            Do = "Bring the cloud half back before Cloud Sync is started: it starts in rings and judges each of them. Until then no group changes.",
            Expect = "Nobody needs to hurry: members stay as they are.",
        };

        public static ByHandStep NothingToDo => new() { Do = "Leave everything as it is until the cloud half is back." };

        public static ByHandStep CallForHelp => new() { Do = "Call for help, with the output of gwb-listener status --json. Change nothing until then." };

        string Took => boundary.Facts?.LastInitialSeconds is { } seconds ? $" The last one took {Math.Max(1, seconds / 60)} minutes." : "";
    }
}
