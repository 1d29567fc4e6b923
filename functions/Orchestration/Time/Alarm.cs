using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>A warning that is due at a known moment, should the work not have ended by then.</summary>
public sealed record Alarm
{
    /// <summary>The same key is told once in a migration, or in a run of an operation.</summary>
    public required string Key { get; init; }
    public required DateTimeOffset At { get; init; }
    public required Notice Notice { get; init; }

    /// <summary>Warnings at shares of a wait.</summary>
    internal static IEnumerable<Alarm> Along(
        string key, DateTimeOffset from, DateTimeOffset until, Func<DateTimeOffset, Notice> notice, IReadOnlyList<Reminder> reminders) =>
        Along(key, from, until, (end, _) => notice(end), reminders);

    /// <summary>The same, where each list is told in words of its own.</summary>
    internal static IEnumerable<Alarm> Along(
        string key, DateTimeOffset from, DateTimeOffset until, Func<DateTimeOffset, Audience, Notice> notice, IReadOnlyList<Reminder> reminders) =>
        reminders.Select(reminder => new Alarm
        {
            Key = $"{key}-{reminder.Percent}", At = from + ((until - from) * reminder.Percent / 100), Notice = notice(until, reminder.Tells) with { Tells = reminder.Tells },
        });
}

/// <summary>Durable timers beside a piece of work. None is left running when the work ends.</summary>
static class Alarms
{
    /// <summary>Waits for the work, and tells on the way what becomes due. What is due already is told at once, the last of its kind only.</summary>
    /// <remarks>Never throws: a warning that can't be told must not strand the work.</remarks>
    public static async Task BesideAsync(IWaiter who, Task work, IReadOnlyList<Alarm> alarms)
    {
        var open = alarms.Where(a => !who.WasTold(a.Key)).OrderBy(a => a.At).ToList();
        var overdue = open.Where(a => a.At <= who.Now).ToList();
        foreach (var alarm in overdue)
        {
            await TellAsync(who, alarm, quietly: overdue.LastOrDefault(a => a.Notice.Code == alarm.Notice.Code) != alarm);
        }
        foreach (var alarm in open.Except(overdue))
        {
            using var ended = new CancellationTokenSource();
            var due = who.Context.CreateTimer(alarm.At.UtcDateTime, ended.Token);
            if (await Task.WhenAny(work, due) == work)
            {
                ended.Cancel();
                return;
            }
            await TellAsync(who, alarm);
        }
        await Task.WhenAny(work);
    }

    static async Task TellAsync(IWaiter who, Alarm alarm, bool quietly = false)
    {
        who.Remember(alarm.Key);
        if (quietly) { return; }
        who.Tell(alarm.Notice);
        try
        {
            await who.ShowAsync(who.Tasks);
            await who.AuditAsync("alarm", alarm.Notice.Code, alarm.Notice.Message);
        }
        catch (TaskFailedException)
        {
            // The notice stands in the view; the next line that is published carries it.
        }
    }
}
