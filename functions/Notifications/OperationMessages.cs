using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Pages;
using GwbCloud.Functions.Reporting;
using static GwbCloud.Functions.Notifications.Messages;

namespace GwbCloud.Functions.Notifications;

/// <summary>The words of the messages about operations. What operations and migrations share is in <see cref="Messages"/>.</summary>
static class OperationMessages
{
    public static Notification Asked(OperationView view, PeopleNames people, string id)
    {
        var plan = view.Plan!;
        return Of(view, NotificationKind.ApprovalAsked, id) with
        {
            Title = $"Decide: {PageText.Operations.Kind(view.Kind)}",
            Summary = "The plan is ready and needs a second person. Nothing was written. When nobody decides in time it expires; silence never approves.",
            Facts =
            [
                Fact("Asked by", people.Of(view.RequestedBy) ?? view.RequestedBy),
                Fact("Decide until", Time(plan.ValidUntil)),
                Fact("Writes", Words.Count(plan.Total, "value", "values")),
                Fact("Plan", $"{view.PlanHash?[..Math.Min(12, view.PlanHash.Length)]}, of {Time(plan.PlannedAt)}"),
            ],
            Lines = [.. plan.Draft.Dangers.Take(Notification.MostLines).Select(danger => Moments.InWords(danger))],
            MoreLines = Math.Max(0, plan.Draft.Dangers.Count - Notification.MostLines),
            Until = plan.ValidUntil,
        };
    }

    public static Notification Opened(OperationView view, OperatorTask task, string id) => Messages.Opened(Of(view, NotificationKind.TaskOpened, id), task);

    public static Notification Told(OperationView view, Notice notice, string id) => Messages.Told(Of(view, NotificationKind.Reminder, id), notice) with
    {
        Until = view.State == OperationState.Planned ? view.Plan?.ValidUntil : FirstDeadline(view.Tasks),
    };

    /// <summary>Null for ends that whoever asked has before his eyes: a plan that could not be made, or in which there is nothing to do.</summary>
    public static Notification? Ended(OperationView view, OperationOutcome outcome, string id) => outcome switch
    {
        OperationOutcome.Completed => End(view, NotificationKind.Completed, id, "The operation is complete", "Everything was written and read back. It can be undone as long as it is still its own."),
        OperationOutcome.Undone => End(view, NotificationKind.Undone, id, "The operation was undone", "Everything that it had written is as it was before."),
        OperationOutcome.Denied => End(view, NotificationKind.Denied, id, "The operation was denied", "The approver said no. Nothing was written."),
        OperationOutcome.Expired => End(view, NotificationKind.Expired, id, "The operation expired", "Nobody decided in time, and silence never approves. Nothing was written."),
        OperationOutcome.Stopped => End(view, NotificationKind.Cancelled, id, "The operation was stopped", "An operator stopped it between two parts. What was written until then stands: it can go on, or go back."),
        OperationOutcome.Incomplete => End(view, NotificationKind.AttentionNeeded, id, "The operation left something as it was", $"It ran to its end; a list names what was left, and why. {Why(view.Notices)}"),
        OperationOutcome.UndoneInPart => End(view, NotificationKind.AttentionNeeded, id, "The operation was undone in part", $"What is no longer its own was left, and a list names it. {Why(view.Notices)}"),
        OperationOutcome.Failed => End(view, NotificationKind.AttentionNeeded, id, "The operation broke off", $"What was written until then stands: it can go on, or go back. {Why(view.Notices)}"),
        _ => null,
    };

    static Notification End(OperationView view, NotificationKind kind, string id, string title, string summary) => Of(view, kind, id) with
    {
        // Only there something may stand still, or be half written.
        Audience = view.Outcome == OperationOutcome.Failed ? Audience.Escalation : Audience.Concerned,
        Title = title,
        Summary = summary.Trim(),
        Facts =
        [
            What(view),
            .. view.Run > 0 ? new[] { Fact("Values that are its own", Words.Number(view.Written)) } : [],
            .. view is { RunAt: { } from, EndedAt: { } until } ? new[] { Fact("Took", Words.Span(until - from)) } : [],
        ],
        Lines = kind == NotificationKind.AttentionNeeded && view.Notices is [.., { Remedy: { } remedy }] ? [remedy] : [],
    };

    static NotificationFact What(OperationView view) => Fact("What", PageText.Operations.Kind(view.Kind));

    /// <summary>What every message has.</summary>
    static Notification Of(OperationView view, NotificationKind kind, string id) => new()
    {
        Id = id,
        Kind = kind,
        Subject = view.OperationId,
        At = view.UpdatedAt,
        Audience = Audience.Concerned,
        Title = "",
        Summary = "",
        Facts = [What(view)],
        Path = $"operations/{view.OperationId}",
    };
}
