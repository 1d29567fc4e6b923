using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Approvals;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Input of the orchestration <c>Migrate</c>.</summary>
public sealed record MigrationRequest
{
    /// <summary><c>m-yyyyMMdd-HHmmss-xxxx</c>, given by the API.</summary>
    public required string MigrationId { get; init; }
    public required string AssessmentId { get; init; }
    public required DocumentReference Plan { get; init; }
    public required string PlanHash { get; init; }
    public required MigrationWindow Window { get; init; }

    /// <summary>objectId of the requester.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>Document of one <see cref="Contracts.Commands.SignedStatement"/>: the requester's own proof for the plan hash.</summary>
    public required DocumentReference RequestProof { get; init; }
    public required MigrationSettings Settings { get; init; }

    /// <summary>How often an operator took it up again after it had ended in needsAttention; 0 is the migration from its beginning.</summary>
    public int TakenUp { get; init; }

    /// <summary>Migrations that were put off and left their stamps: this one takes them up, and its undo takes them away.</summary>
    public IReadOnlyList<string> Follows { get; init; } = [];
}

/// <summary>When the part that is noticed may happen.</summary>
public sealed record MigrationWindow
{
    public required DateTimeOffset Start { get; init; }
    public required DateTimeOffset End { get; init; }

    /// <summary>Number of the change in the tenant's own change management; null when it has none.</summary>
    public string? ChangeNumber { get; init; }

    /// <summary>Times in which the migration may not be in its window; none of them overlaps it.</summary>
    public IReadOnlyList<BlackoutPeriod> Blackouts { get; init; } = [];

    /// <summary>Stages that don't begin before an operator releases them.</summary>
    public IReadOnlyList<StageName> HoldBefore { get; init; } = [];

    /// <summary>The window in one line, for audit, consequences and pages.</summary>
    public string Describe() => string.Concat(
        $"window {Start:u} to {End:u}",
        ChangeNumber is null ? "" : $", change {ChangeNumber}",
        Blackouts.Count == 0 ? "" : $", blackouts {string.Join(" and ", Blackouts)}",
        HoldBefore.Count == 0 ? "" : $", held before {string.Join(", ", HoldBefore)}");
}

/// <summary>
/// Settings that a migration takes along when it starts, so that a changed configuration never changes one that is in flight.
/// </summary>
public sealed record MigrationSettings
{
    public int ApprovalsRequired { get; init; } = 2;

    /// <summary>objectIds of those who decide at the gates, if they also have the role; empty: everybody who has it.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>objectIds of those who may decide as well once <see cref="EscalateAtPercent"/> of a gate's time is over.</summary>
    public IReadOnlyList<string> EscalationApprovers { get; init; } = [];
    public int EscalateAtPercent { get; init; } = 50;

    /// <summary>How long the first gate stays open.</summary>
    public int PlanGateHours { get; init; } = 72;
    public int ConfirmHours { get; init; } = 2;
    public int TaskHours { get; init; } = 24;

    /// <summary>For operator tasks inside the window.</summary>
    public int WindowTaskMinutes { get; init; } = 60;
    public int SwitchPollMinutes { get; init; } = 15;
    public int SoakHours { get; init; } = 24;
    public int ReplicationWaitHours { get; init; } = 24;

    /// <summary>Longest wait for the release of a held stage; inside the window the arithmetic allows less.</summary>
    public int HoldHours { get; init; } = 72;

    /// <summary>Between two rounds of "Entra only".</summary>
    public int EntraOnlyMinutes { get; init; } = 30;

    /// <summary>How long "Entra only" goes on without a retry; then the migration ends in need of attention.</summary>
    public int EntraOnlyDays { get; init; } = 14;
}

public enum StageName
{
    Assess,
    PrepareCloudSync,
    StampAnchors,
    RehearseOnStandby,
    ApprovePlan,
    FreezeAndDrain,
    EnterStagingMode,
    CoexistenceRules,
    FirstFullSync,
    ConfirmSwitch,
    DisableGroupWritebackV2,
    SecondFullSync,
    LeaveStagingMode,
    ResumeScheduler,
    StartCloudSync,
    VerifyMigration,
}

public enum StageState
{
    Pending,
    Running,
    Waiting,
    Done,
    Skipped,
    Undone,
    Failed,
}

public enum MigrationState
{
    Running,
    Waiting,
    RollingBack,
    NeedsAttention,
    Ended,
}

public enum MigrationOutcome
{
    Completed,
    Blocked,
    Denied,
    Postponed,
    Expired,
    RolledBack,
    NeedsAttention,
    Failed,
}

/// <summary>What the API and the pages show of a migration; kept in the document store, replaced at every change.</summary>
public sealed record MigrationView
{
    public required string MigrationId { get; init; }
    public required string AssessmentId { get; init; }
    public required string PlanHash { get; init; }
    public required string RequestedBy { get; init; }
    public required MigrationWindow Window { get; init; }
    public required MigrationState State { get; init; }
    public MigrationOutcome? Outcome { get; init; }

    /// <summary>The operator's request that this end follows; null where nobody asked for one.</summary>
    public AskedEnd? AskedEnd { get; init; }

    /// <summary>Why it ended or waits, with GWB codes, newest last, at most 20.</summary>
    public required IReadOnlyList<Notice> Notices { get; init; }

    /// <summary>The view with more to tell; the oldest goes first.</summary>
    public MigrationView Telling(params IEnumerable<Notice> more) => this with { Notices = [.. Notices.Concat(more).TakeLast(20)] };

    /// <summary>The view of a migration that ends because somebody asked for it.</summary>
    public MigrationView EndedBy(OperatorRequest asked, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(asked);
        return Telling(Orchestration.Notices.EndedOnRequest(asked.Action)) with { AskedEnd = new() { Action = asked.Action, By = asked.By, At = at } };
    }

    public required IReadOnlyList<StageView> Stages { get; init; }
    public OpenGate? Gate { get; init; }

    /// <summary>The stage that waits for its release.</summary>
    public StageHold? Hold { get; init; }

    /// <summary>"Entra only" is in force.</summary>
    public EntraOnlyView? EntraOnly { get; init; }
    public required IReadOnlyList<OperatorTask> Tasks { get; init; }

    /// <summary>What was sent to the channels, and what could not be; null where no channel is configured. Filled when the view is read.</summary>
    public DeliveriesView? Deliveries { get; init; }

    /// <summary>Looks at pending exports that found what nobody allowed, newest last, at most 20.</summary>
    public IReadOnlyList<ExportReview> Exports { get; init; } = [];

    /// <summary>Document of <see cref="ReviewItem"/>: what stopped the migration, for a person to read before the retry; null when nothing did.</summary>
    public DocumentReference? Review { get; init; }

    /// <summary>Objects that stay behind: their groups were deleted in Entra for good while the rules held them.</summary>
    public IReadOnlyList<OrphanedObject> Orphans { get; init; } = [];
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>An operator asked a migration to end, and it does: before the switch with everything put back, parked after it as it stands.</summary>
public sealed record AskedEnd
{
    /// <summary>Postpone, cancel or stop.</summary>
    public required OperatorAction Action { get; init; }

    /// <summary>objectId of the person.</summary>
    public required string By { get; init; }

    /// <summary>When it took effect: at once where the migration waited, otherwise at the end of the stage that ran.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>An object of Active Directory whose group Entra no longer has, and that neither engine will ever delete.</summary>
public sealed record OrphanedObject
{
    /// <summary>Entra id that the group had.</summary>
    public required Guid CloudId { get; init; }
    public required string DistinguishedName { get; init; }
}

/// <summary>Where pending exports are explained that nobody allowed.</summary>
public sealed record ExportReview
{
    /// <summary>The server, or several by name.</summary>
    public required string Server { get; init; }
    public required StageName Stage { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Document of <see cref="Contracts.Exports.OffendingExport"/>, served at <c>exports</c>.</summary>
    public required DocumentReference Offending { get; init; }
}

/// <summary>A code and a sentence.</summary>
public sealed record Notice
{
    public required string Code { get; init; }
    public required string Message { get; init; }
    public string? Remedy { get; init; }

    /// <summary>Who is told beside the page; null tells nobody.</summary>
    public Audience? Tells { get; init; }
}

public sealed record StageView
{
    public required StageName Name { get; init; }
    public required StageState State { get; init; }
    public string? Detail { get; init; }
    public int Done { get; init; }
    public int Total { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
}

public enum TaskKind
{
    EnterStaging,
    LeaveStaging,
    InteractiveSwitch,
    MembersSwitch,
    AssignGroups,
    UnassignCanaries,
    CorrectConfiguration,
    EntraOnly,

    /// <summary>An operator says that he will be there while the servers stand still: without one the window does not open.</summary>
    ConfirmReachable,

    /// <summary>Group writeback chosen in the wizard, or cleared.</summary>
    EnableWriteback,
    DisableWriteback,
}

public enum TaskState
{
    Open,
    Done,
    Overdue,
}

/// <summary>Something that only a person can do; done is what is read back.</summary>
public sealed record OperatorTask
{
    public required string Id { get; init; }
    public required TaskKind Kind { get; init; }
    public required TaskState State { get; init; }
    public required string Title { get; init; }
    public required string Why { get; init; }
    public required IReadOnlyList<string> Steps { get; init; }
    public string? Server { get; init; }
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>What can be copied into a shell, beside the steps; empty where everything is done by hand.</summary>
    public IReadOnlyList<TaskCommand> Commands { get; init; } = [];

    /// <summary>When it was handed out.</summary>
    public DateTimeOffset? OpenedAt { get; init; }

    /// <summary>What was read back last.</summary>
    public string? Reads { get; init; }

    /// <summary>When that was read; what reads the same is told anew every half an hour.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>objectId of who chose "check now" last; null while nobody did, and then the effect was found by looking.</summary>
    public string? CheckedBy { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>When it was read back as done, or its time was up.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>A list that belongs to the task (groups to assign), served at <c>tasks/{id}/attachment</c>.</summary>
    public DocumentReference? Attachment { get; init; }

    /// <summary>What a download of the attachment is called, without extension; a task that has it has a script of that name too.</summary>
    public string? AttachmentName { get; init; }
}

public enum TaskShell
{
    /// <summary>Windows PowerShell 5.1 on a Connect server, where the ADSync module is.</summary>
    WindowsPowerShell,

    /// <summary>PowerShell 7 on the operator's own machine.</summary>
    PowerShell,
}

/// <summary>A line to copy, whole: nothing in it is left to be filled in.</summary>
public sealed record TaskCommand
{
    public required TaskShell Shell { get; init; }

    /// <summary>The server on which it runs; null where that does not matter.</summary>
    public string? On { get; init; }

    /// <summary>What it is for, one sentence.</summary>
    public required string Purpose { get; init; }
    public required string Text { get; init; }
}

/// <summary>How far the messages of a migration came.</summary>
public sealed record DeliveriesView
{
    public required int Delivered { get; init; }

    /// <summary>Not delivered yet, and tried again.</summary>
    public required int Waiting { get; init; }

    /// <summary>What could not be delivered, newest last, at most 20.</summary>
    public required IReadOnlyList<FailedDelivery> Failed { get; init; }
}

/// <summary>A message that a channel did not take. The migration goes on; the page is the truth.</summary>
public sealed record FailedDelivery
{
    public required DateTimeOffset At { get; init; }

    /// <summary>The message's title.</summary>
    public required string Title { get; init; }

    /// <summary>Name of the channel, never its address.</summary>
    public required string Channel { get; init; }
    public required Notice Reason { get; init; }
}

/// <summary>Input of the activity <c>PublishView</c>.</summary>
public sealed record ViewUpdate
{
    public required MigrationView View { get; init; }
}

/// <summary>Input of the activity <c>AppendAudit</c>.</summary>
public sealed record AuditLine
{
    public required string MigrationId { get; init; }

    /// <summary>Same id, same line: a repeated activity writes once.</summary>
    public required string LineId { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>objectId of a person, or <c>gwbcloud</c>.</summary>
    public required string Who { get; init; }

    /// <summary>stage.started, command.issued, gate.opened, …</summary>
    public required string What { get; init; }
    public string? Evidence { get; init; }
    public string? Detail { get; init; }
}

/// <summary>Input of the activity <c>WriteReport</c>.</summary>
public sealed record ReportInput
{
    public required MigrationView View { get; init; }
    public required DocumentReference Plan { get; init; }

    /// <summary>Document of one <see cref="Contracts.Commands.DirectoryComparison"/>, when the migration got that far.</summary>
    public DocumentReference? Comparison { get; init; }

    /// <summary>Every planned group at the end, when the migration got that far.</summary>
    public Verification? Verification { get; init; }
}
