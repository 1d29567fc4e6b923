using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Operations;

/// <summary>Where an operation stands.</summary>
public enum OperationState
{
    /// <summary>Reads, and writes nothing.</summary>
    Planning,

    /// <summary>The plan is there to be read; nothing was written.</summary>
    Planned,
    Running,
    Undoing,
    Ended,
}

/// <summary>How an operation ended.</summary>
public enum OperationOutcome
{
    /// <summary>Everything is already as it was asked for; for one that only reads, its report is there.</summary>
    NothingToDo,

    /// <summary>It could not be planned. Nothing was written.</summary>
    NotPlanned,

    /// <summary>The approver said no. Nothing was written.</summary>
    Denied,

    /// <summary>It needed a second person, and nobody decided while the plan was valid. Nothing was written.</summary>
    Expired,

    /// <summary>Everything that was planned was written and read back.</summary>
    Completed,

    /// <summary>Ran to its end, and left something as it was; <see cref="OperationView.Left"/> says what and why.</summary>
    Incomplete,

    /// <summary>An operator stopped it between two parts.</summary>
    Stopped,

    /// <summary>It broke off; the notices say why.</summary>
    Failed,

    /// <summary>Everything that it had written is as it was before.</summary>
    Undone,

    /// <summary>Went back to its end, and left something that is no longer its own.</summary>
    UndoneInPart,
}

/// <summary>What is kept of a request: <c>operations/{id}/request</c>.</summary>
public sealed record OperationRequest
{
    /// <summary><c>o-yyyyMMdd-HHmmss-xxxx</c>.</summary>
    public required string OperationId { get; init; }
    public required OperationTerms Terms { get; init; }

    /// <summary>objectId of the operator.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>As configured when it was asked for: a later change reaches no operation under way.</summary>
    public required OperationSettings Settings { get; init; }
}

/// <summary>What an operation takes along.</summary>
public sealed record OperationSettings
{
    /// <summary>Hours in which a plan may be started.</summary>
    public required int PlanValidHours { get; init; }

    /// <summary>Values that one activity writes.</summary>
    public required int ValuesAtOnce { get; init; }

    /// <summary>From so many groups on a change is dangerous by its size alone.</summary>
    public required int ApprovalFromGroups { get; init; }

    /// <summary>Minutes that a person has for the wizard.</summary>
    public int WizardMinutes { get; init; } = 120;
}

/// <summary>A fact that a plan rests on, as people read it.</summary>
public sealed record OperationFact(string Name, string Value);

/// <summary>What a kind of operation found and would do. The frame makes an <see cref="OperationPlan"/> of it.</summary>
public sealed record OperationDraft
{
    public IReadOnlyList<OperationFact> Facts { get; init; } = [];

    /// <summary>Document of <see cref="Changes.ValueChange"/>: everything that will be written. Null where there is nothing to write.</summary>
    public DocumentReference? Changes { get; init; }

    /// <summary>Document of <see cref="Changes.LeftValue"/>: what was asked for and is left out, each with its reason.</summary>
    public DocumentReference? LeftOut { get; init; }

    /// <summary>Document of <see cref="Changes.LeftValue"/>: what is touched by what follows, though not written here, each with its reason.</summary>
    public DocumentReference? Affected { get; init; }

    /// <summary>How many are as they shall be already.</summary>
    public int AlreadySo { get; init; }

    /// <summary>Short sentences: what follows.</summary>
    public IReadOnlyList<string> Consequences { get; init; } = [];

    /// <summary>Short sentences: why a second person must approve. Empty: nobody needs to.</summary>
    public IReadOnlyList<string> Dangers { get; init; } = [];

    /// <summary>What undo will do; null where there is no undo.</summary>
    public string? Undo { get; init; }

    /// <summary>A report for people, in the kind's own form; for kinds that read.</summary>
    public DocumentReference? Report { get; init; }
}

/// <summary>What will be done, bound by its hash: who starts or approves names the hash of what was read.</summary>
public sealed record OperationPlan
{
    public required string OperationId { get; init; }
    public required OperationTerms Terms { get; init; }
    public required OperationDraft Draft { get; init; }
    public required DateTimeOffset PlannedAt { get; init; }

    /// <summary>Later it is not started: plan anew.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>Values that will be written.</summary>
    public int Total => Draft.Changes?.Count ?? 0;

    public bool NeedsApproval => Draft.Dangers.Count > 0;
}

/// <summary>An operation as people see it: <c>operations/{id}/view</c>.</summary>
public sealed record OperationView
{
    public required string OperationId { get; init; }

    /// <summary>Name of the kind.</summary>
    public required string Kind { get; init; }
    public required OperationTerms Terms { get; init; }
    public required string RequestedBy { get; init; }
    public required OperationState State { get; init; }

    /// <summary>Set once it has ended.</summary>
    public OperationOutcome? Outcome { get; init; }
    public OperationPlan? Plan { get; init; }
    public string? PlanHash { get; init; }

    /// <summary>What the approver decided; the API adds it.</summary>
    public OperationDecision? Decision { get; init; }

    /// <summary>Who started it, or its undo, last.</summary>
    public string? StartedBy { get; init; }

    /// <summary>Runs and undos so far.</summary>
    public int Run { get; init; }

    /// <summary>The last of them was an undo.</summary>
    public bool Backwards { get; init; }

    /// <summary>Values looked at and done with, of <see cref="OperationPlan.Total"/>; while it goes back, of those that it had written.</summary>
    public int Done { get; init; }
    public int Total { get; init; }

    /// <summary>Values that are ours: written by this operation, read back, and not taken back.</summary>
    public int Written { get; init; }

    /// <summary>Document of <see cref="Changes.LeftValue"/>: what the last run or undo left as it was.</summary>
    public DocumentReference? Left { get; init; }

    /// <summary>What a person has to do while it runs.</summary>
    public IReadOnlyList<OperatorTask> Tasks { get; init; } = [];

    /// <summary>The oldest first, at most 50.</summary>
    public IReadOnlyList<Notice> Notices { get; init; } = [];

    /// <summary>How its messages fared; the API adds it.</summary>
    public DeliveriesView? Deliveries { get; init; }
    public required DateTimeOffset AskedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When the last run or undo began.</summary>
    public DateTimeOffset? RunAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>What an approver decided about a plan: <c>operations/{id}/decision</c>.</summary>
public sealed record OperationDecision
{
    /// <summary>Hash of the token: the same decision twice is one.</summary>
    public required string DecisionId { get; init; }
    public required string By { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary><see cref="ApprovalDecision.Approve"/> or <see cref="ApprovalDecision.Deny"/>.</summary>
    public required ApprovalDecision Decision { get; init; }
    public string? Comment { get; init; }

    /// <summary>Hash of the plan that was decided on.</summary>
    public required string PlanHash { get; init; }
}

/// <summary>Input of the orchestration that writes: a run, or the way back of one.</summary>
public sealed record OperationRun
{
    public required OperationRequest Request { get; init; }
    public required OperationPlan Plan { get; init; }
    public required string PlanHash { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string By { get; init; }
    public bool Undo { get; init; }

    /// <summary>1 for the first run or undo of this operation.</summary>
    public required int Number { get; init; }

    /// <summary>Values that are ours when it begins.</summary>
    public int Written { get; init; }

    /// <summary>Told so far.</summary>
    public IReadOnlyList<Notice> Notices { get; init; } = [];
}

/// <summary>What a run or an undo came to.</summary>
public sealed record OperationResult
{
    /// <summary>Values that are ours now.</summary>
    public int Written { get; init; }

    /// <summary>Document of <see cref="Changes.LeftValue"/>; null when nothing was left.</summary>
    public DocumentReference? Left { get; init; }
    public IReadOnlyList<Notice> Notices { get; init; } = [];

    /// <summary>An operator stopped it.</summary>
    public bool Stopped { get; init; }
}
