namespace GwbCloud.Functions.Orchestration;

/// <summary>Whom a notice is sent to beside the page, which shows everything.</summary>
public enum Audience
{
    /// <summary>The channel of those who decide and do.</summary>
    Concerned,

    /// <summary>The second list: those who were asked have not come.</summary>
    Escalation,
}

/// <summary>Who is told at which share of a wait that nobody has ended.</summary>
/// <param name="Percent">Share of the wait, 1 to 99.</param>
/// <param name="Tells">Whom.</param>
public sealed record Reminder(int Percent, Audience Tells = Audience.Concerned);

/// <summary>When somebody is told again, one table for everything that waits for a person. What the wait is about is told at its beginning.</summary>
public static class Reminders
{
    /// <summary>An open gate. The second list is told when it may decide as well, and once more near the end.</summary>
    /// <param name="escalateAtPercent"><see cref="MigrationSettings.EscalateAtPercent"/>.</param>
    public static IReadOnlyList<Reminder> Gate(int escalateAtPercent) =>
        [.. new Reminder[] { new(escalateAtPercent, Audience.Escalation), new(90, Audience.Escalation), new(25), new(75) }.DistinctBy(reminder => reminder.Percent).OrderBy(reminder => reminder.Percent)];

    /// <summary>An operation whose plan needs a second person: as a gate of which nobody else may decide.</summary>
    public static IReadOnlyList<Reminder> Approval { get; } = Gate(escalateAtPercent: 50);

    /// <summary>An operator task.</summary>
    public static IReadOnlyList<Reminder> Task { get; } = [new(50), new(75, Audience.Escalation), new(90)];

    /// <summary>A stage that is held.</summary>
    public static IReadOnlyList<Reminder> Hold { get; } = [new(25), new(50), new(75), new(90, Audience.Escalation)];

    /// <summary>A parked migration: the tenant may stand still meanwhile, so the second list hears of it soon.</summary>
    public static IReadOnlyList<Reminder> Parked { get; } = [new(10), new(50, Audience.Escalation), new(75), new(90, Audience.Escalation)];
}
