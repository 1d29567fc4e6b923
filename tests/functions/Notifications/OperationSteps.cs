using GwbCloud.Functions.Notifications;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Tests.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Notifications;

/// <summary>Views of an operation one after another, as a page would show them, and the message that each step makes.</summary>
static class OperationSteps
{
    /// <summary>What people are told of operations.</summary>
    public static IReadOnlyList<NotificationKind> Kinds { get; } =
    [
        NotificationKind.ApprovalAsked, NotificationKind.TaskOpened, NotificationKind.Reminder, NotificationKind.Escalation, NotificationKind.AttentionNeeded,
        NotificationKind.Denied, NotificationKind.Cancelled, NotificationKind.Expired, NotificationKind.Completed, NotificationKind.Undone,
    ];

    public static OperationView Planning { get; } = new()
    {
        OperationId = "o-20261122-140000-0001",
        Kind = ExistingGroupsOperation.Name,
        Terms = new ExistingGroupsTerms { Writeback = WritebackWish.Off },
        RequestedBy = "00000000-0000-4000-8000-000000000002",
        State = OperationState.Planning,
        AskedAt = Views.Now,
        UpdatedAt = Views.Now,
    };

    public static OperationView Running { get; } = Waiting("It is dangerous.") with { State = OperationState.Running, Run = 1, RunAt = Views.Now };

    /// <summary>The plan is there, and needs a second person.</summary>
    public static OperationView Waiting(params string[] dangers) => Planning with
    {
        State = OperationState.Planned,
        PlanHash = "abcdefababcdefababcdefababcdefababcdefababcdefababcdefababcdefab",
        Plan = new()
        {
            OperationId = Planning.OperationId,
            Terms = Planning.Terms,
            Draft = new() { Changes = ScriptedContext.Document("value-changes") with { Count = 60 }, Dangers = dangers, Undo = "back" },
            PlannedAt = Views.Now,
            ValidUntil = Views.Now.AddHours(24),
        },
    };

    public static OperationView Ended(OperationOutcome outcome, string why = "It is as it is.") => Running with
    {
        State = OperationState.Ended,
        Outcome = outcome,
        EndedAt = Views.Now.AddHours(1),
        Written = 59,
        Notices = [Views.Notice(why, tells: null)],
    };

    /// <summary>What is shown before and after a step, with a name that others chose wherever one can stand.</summary>
    public static (OperationView Before, OperationView After) Of(NotificationKind kind, string name) => kind switch
    {
        NotificationKind.ApprovalAsked => (Planning, Waiting([.. Enumerable.Range(1, 9).Select(n => $"{n}: {name} does not answer.")])),
        NotificationKind.TaskOpened => (Running, Running with { Tasks = Views.WithTask($"Choose group writeback on {name}", name).Tasks }),
        NotificationKind.Reminder => (Running, Running with { Notices = [Views.Notice($"The task '{name}' is to be done.", Audience.Concerned)] }),
        NotificationKind.Escalation => (Waiting(name), Waiting(name) with { Notices = [OperationNotices.ApprovalWaits(Views.Now.AddHours(24)) with { Tells = Audience.Escalation, Message = $"{name} waits." }] }),
        NotificationKind.AttentionNeeded => (Running, Ended(OperationOutcome.Failed, $"{name} does not answer.")),
        NotificationKind.Denied => (Waiting(name), Waiting(name) with { State = OperationState.Ended, Outcome = OperationOutcome.Denied }),
        NotificationKind.Cancelled => (Running, Ended(OperationOutcome.Stopped)),
        NotificationKind.Expired => (Waiting(name), Waiting(name) with { State = OperationState.Ended, Outcome = OperationOutcome.Expired }),
        NotificationKind.Completed => (Running, Ended(OperationOutcome.Completed)),
        _ => (Running with { State = OperationState.Undoing, Backwards = true, Run = 2 }, Ended(OperationOutcome.Undone) with { Backwards = true, Run = 2 }),
    };

    /// <summary>The one message that such a step makes.</summary>
    public static Notification Message(NotificationKind kind, string name = "Sales")
    {
        var (before, after) = Of(kind, name);
        return Assert.Single(NotificationPlan.Between(before, after));
    }
}
