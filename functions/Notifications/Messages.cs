using System.Globalization;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Reporting;

namespace GwbCloud.Functions.Notifications;

/// <summary>The words of the messages, all in one place.</summary>
static class Messages
{
    public static Notification Asked(MigrationView view, OpenGate gate, PeopleNames people, string id) => Of(view, NotificationKind.GateAsked, id) with
    {
        Title = gate.Gate == GateName.Plan ? "Decide: the plan of a migration" : "Decide: the switch that can't be undone",
        Summary = gate.Gate == GateName.Plan
            ? "Approve the plan, its limits and its window, postpone it, or deny it. Nothing stands still before the window. When nobody decides in time it expires; silence never approves."
            : "Approve switching GroupWritebackV2 off for the whole tenant, postpone it, or deny it. Exports to Entra stand still until it is decided. When nobody decides in time "
                + "everything goes back; silence never approves.",
        Facts =
        [
            Fact("Asked by", people.Of(view.RequestedBy) ?? view.RequestedBy),
            Fact("Decide until", Time(gate.Deadline)),
            Fact("Approvals", string.Create(CultureInfo.InvariantCulture, $"{gate.Approved} of {gate.Required}")),
            Fact("Evidence", string.Create(CultureInfo.InvariantCulture, $"{gate.EvidenceDigest[..Math.Min(12, gate.EvidenceDigest.Length)]}, {Words.Count(gate.Evidence.Count, "part", "parts")}, of {Time(gate.EvidenceAt)}")),
            Fact("Window", $"{Time(view.Window.Start)} to {Time(view.Window.End)}"),
        ],
        Lines = [.. gate.Consequences.Take(Notification.MostLines).Select(Moments.InWords)],
        MoreLines = Math.Max(0, gate.Consequences.Count - Notification.MostLines),
        Until = gate.Deadline,
        Path = PathOf(view, $"/gates/{GateDecisions.NameOf(gate.Gate)}"),
    };

    public static Notification Held(MigrationView view, StageHold hold, string id) => Of(view, NotificationKind.StageHeld, id) with
    {
        Title = $"Release: {Words.Of(hold.Before)}",
        Summary = "The request wants this stage held until an operator releases it. Silence never releases.",
        Facts = [Fact("Held since", Time(hold.Since)), Fact("Release until", Time(hold.Until))],
        Until = hold.Until,
    };

    public static Notification Opened(MigrationView view, OperatorTask task, string id) =>
        Opened(Of(view, NotificationKind.TaskOpened, id), task) with { Path = PathOf(view, $"/tasks/{task.Id}") };

    /// <summary>The words of a task, whoever handed it out.</summary>
    public static Notification Opened(Notification message, OperatorTask task) => message with
    {
        Title = Moments.InWords(task.Title),
        Summary = Moments.InWords(task.Why),
        Facts =
        [
            .. task.Server is { } server ? new[] { Fact("Server", server) } : [],
            Fact("Do it until", Time(task.Deadline)),
            Fact("On the page", task.Commands.Count == 0
                ? Words.Count(task.Steps.Count, "step", "steps")
                : $"{Words.Count(task.Steps.Count, "step", "steps")} and {Words.Count(task.Commands.Count, "command", "commands")} to copy"),
        ],
        Until = task.Deadline,
    };

    public static Notification Told(MigrationView view, Notice notice, string id) => Told(Of(view, NotificationKind.Reminder, id), notice) with
    {
        Facts = Where(view),
        Until = view.Gate?.Deadline ?? view.Hold?.Until ?? FirstDeadline(view.Tasks),
    };

    /// <summary>The words of a reminder, whoever waits; where it is for the second list it is an escalation.</summary>
    public static Notification Told(Notification message, Notice notice)
    {
        var escalates = notice.Tells == Audience.Escalation;
        return message with
        {
            Kind = escalates ? NotificationKind.Escalation : NotificationKind.Reminder,
            Audience = notice.Tells ?? Audience.Concerned,
            Title = escalates ? "Nobody has come yet" : "Reminder",
            Summary = Moments.InWords(notice.Message),
            Lines = notice.Remedy is { } remedy ? [remedy] : [],
        };
    }

    /// <summary>When the first of the open tasks must be done.</summary>
    public static DateTimeOffset? FirstDeadline(IReadOnlyList<OperatorTask> tasks) =>
        tasks.Where(task => task.State == TaskState.Open).Select(task => (DateTimeOffset?)task.Deadline).Min();

    public static Notification Parked(MigrationView view, string id) => Attention(view, id) with
    {
        Summary = $"It can't go on, and there is no way back behind the switch. {Why(view)}",
    };

    public static Notification Ended(MigrationView view, MigrationOutcome outcome, PeopleNames people, string id)
    {
        var ended = EndOf(view, outcome, id);
        return view.AskedEnd is { } asked ? ended with { Facts = [Fact("At the request of", people.Of(asked.By) ?? asked.By), .. ended.Facts] } : ended;
    }

    static Notification EndOf(MigrationView view, MigrationOutcome outcome, string id) => outcome switch
    {
        MigrationOutcome.Completed => End(view, NotificationKind.Completed, id, "The migration is complete",
            "Cloud Sync writes the planned groups, and each was verified in Active Directory. The report says what is left to do."),
        MigrationOutcome.Denied when view.AskedEnd is { } asked => End(view, NotificationKind.Cancelled, id, asked.Action == OperatorAction.Stop ? "The migration was stopped" : "The migration was cancelled",
            $"An operator asked for it. Exports run as before, and what was prepared was undone. GwbCloud did not switch GroupWritebackV2 off. {Why(view)}"),
        MigrationOutcome.Denied => End(view, NotificationKind.Denied, id, "The migration was denied",
            $"Exports run as before; what was prepared was undone, or left where that was decided. GwbCloud did not switch GroupWritebackV2 off. {Why(view)}"),
        MigrationOutcome.Postponed => End(view, NotificationKind.Postponed, id, "The migration was postponed",
            $"Exports run as before, and what was prepared is kept for the next one. GwbCloud did not switch GroupWritebackV2 off. {Why(view)}"),
        MigrationOutcome.Expired => End(view, NotificationKind.Expired, id, "The migration expired",
            $"Nobody decided in time, and silence never approves. Exports run as before, and what was prepared is kept. {Why(view)}"),
        MigrationOutcome.RolledBack => End(view, NotificationKind.RolledBack, id, "The migration went back",
            $"A condition did not hold, and everything was undone. GwbCloud did not switch GroupWritebackV2 off. {Why(view)}"),
        _ => Attention(view, id) with { Summary = $"It has ended and is not finished: an operator takes it up again, or lets it go. {Why(view)}" },
    };

    static Notification Attention(MigrationView view, string id) => Of(view, NotificationKind.AttentionNeeded, id) with
    {
        Audience = Audience.Escalation,
        Title = "A migration needs a person",
        Facts = Where(view),
        Lines = view.Notices is [.., { Remedy: { } remedy }] ? [remedy] : [],
    };

    static Notification End(MigrationView view, NotificationKind kind, string id, string title, string summary) => Of(view, kind, id) with
    {
        Title = title,
        Summary = summary.Trim(),
        Facts = [Fact("Started", Time(view.StartedAt)), .. view.EndedAt is { } ended ? new[] { Fact("Ended", Time(ended)), Fact("Took", Words.Span(ended - view.StartedAt)) } : []],
        // The report is a file of its own, which the API serves beside the pages.
        Path = $"../migrations/{view.MigrationId}/report?format=html",
    };

    /// <summary>What every message has.</summary>
    static Notification Of(MigrationView view, NotificationKind kind, string id) => new()
    {
        Id = id,
        Kind = kind,
        Subject = view.MigrationId,
        At = view.UpdatedAt,
        Audience = Audience.Concerned,
        Title = "",
        Summary = "",
        Facts = [],
        Path = PathOf(view),
    };

    static string Why(MigrationView view) => Why(view.Notices);

    /// <summary>What was told last; empty where nothing was.</summary>
    public static string Why(IReadOnlyList<Notice> notices) => notices is [.., var last] ? $"{last.Code}: {Moments.InWords(last.Message)}" : "";

    static IReadOnlyList<NotificationFact> Where(MigrationView view)
    {
        var stage = view.Stages.LastOrDefault(s => s.State is StageState.Running or StageState.Waiting or StageState.Failed);
        return stage is null ? [] : [Fact("Stage", Words.Of(stage.Name))];
    }

    static string PathOf(MigrationView view, string below = "") => $"migrations/{view.MigrationId}{below}";

    public static NotificationFact Fact(string name, string value) => new() { Name = name, Value = value };

    public static string Time(DateTimeOffset time) => Words.Time(time);
}
