using GwbCloud.Functions.Orchestration.Guards;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>How a task ended.</summary>
enum TaskEnd
{
    /// <summary>Its effect was read back.</summary>
    Done,

    /// <summary>Its time passed, or what must hold meanwhile does not.</summary>
    Overdue,

    /// <summary>An operator stopped whoever had handed it out.</summary>
    Stopped,
}

/// <summary>What came of a task.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Task">The task as it was shown last; null when there was nothing to do.</param>
/// <param name="Verdict">What a guard saw meanwhile.</param>
sealed record TaskOutcome(TaskEnd End, OperatorTask? Task, GuardVerdict Verdict);

/// <summary>
/// The wait for a task's effect, the same for migrations and operations: it is looked for at times, and at once when somebody says that it is done; people are
/// reminded on the way, and it ends at the deadline, when an operator chooses stop, or when what must hold does not.
/// </summary>
/// <param name="who">Who hands it out.</param>
/// <param name="readBack">Reads the state; <see cref="ReadBack.Done"/> closes the task. It is told whether somebody asked.</param>
sealed class TaskWait(IWaiter who, Func<bool, Task<ReadBack>> readBack)
{
    static readonly TimeSpan ShowEvery = TimeSpan.FromMinutes(30);

    /// <summary>Between two looks of its own.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Told to everybody once half of the time has passed and nobody did the task; null tells nobody.</summary>
    public Func<OperatorTask, Notice>? Alert { get; init; }

    /// <summary>Opens what watches meanwhile; null where nothing stands still yet.</summary>
    public Func<GuardPost>? Guard { get; init; }

    /// <summary>Hands the task out, unless its effect is there, and waits.</summary>
    /// <param name="task">What to do, without state and deadline.</param>
    /// <param name="time">How long there is.</param>
    /// <exception cref="StageStoppedException">The state can't be read.</exception>
    public async Task<TaskOutcome> DoAsync(NewTask task, TimeSpan time)
    {
        var now = await readBack(false);
        if (now.Done) { return new(TaskEnd.Done, null, GuardVerdict.Nothing); }

        var open = task.Open(who.Context, time) with { Reads = now.Text, ReadAt = who.Now };
        await ShowAsync(open);
        await who.AuditAsync("task.opened", detail: open.Id);
        var waiting = WaitAsync(open, now);
        await Alarms.BesideAsync(who, waiting, [.. Alarm.Along($"task-{open.Id}", who.Now, open.Deadline, _ => Notices.TaskSoonOverdue(open), Reminders.Task)]);
        return await waiting;
    }

    async Task<TaskOutcome> WaitAsync(OperatorTask open, ReadBack now)
    {
        var (context, alert, asked) = (who.Context, Alert, false);
        // Cancelled at the end: a waiter that is left behind would take the next task's event.
        using var closed = new WaitScope();
        var check = context.WaitForExternalEvent<TaskCheck>(MigrationEvents.TaskCheck, closed.Token);
        var alertAt = open.Deadline - ((open.Deadline - open.OpenedAt!.Value) / 2);
        await using var guard = Guard?.Invoke();
        var verdict = GuardVerdict.Nothing;
        while (!now.Done && who.Now < open.Deadline && verdict.Effect < GuardEffect.Stop)
        {
            using var stop = new WaitScope();
            var next = who.Now + LookEvery < open.Deadline ? who.Now + LookEvery : open.Deadline;
            var look = context.CreateTimer(next.UtcDateTime, stop.Token);
            var first = await Task.WhenAny([check, look, who.StopArrives, .. guard is null ? Array.Empty<Task>() : [guard.Noticed]]);
            stop.Cancel();
            if (first == who.StopArrives) { break; }
            if (first == guard?.Noticed)
            {
                verdict = await guard.TakeAsync();
                continue;
            }
            if (first == check)
            {
                var told = await check;
                if (told.TaskId == open.Id)
                {
                    asked = true;
                    open = open with { CheckedBy = told.By, CheckedAt = who.Now, ReadAt = null };
                }
                check = context.WaitForExternalEvent<TaskCheck>(MigrationEvents.TaskCheck, closed.Token);
            }
            try
            {
                now = await readBack(asked);
            }
            catch (StageStoppedException)
            {
                // Nothing may be left behind that looks or waits on.
                closed.Cancel();
                if (guard is not null) { await guard.CloseAsync(); }
                throw;
            }
            if (!now.Done && alert is not null && who.Now >= alertAt)
            {
                who.Tell(alert(open));
                await who.AuditAsync("task.alert", detail: open.Id);
                alert = null;
                open = open with { ReadAt = null };
            }
            // What reads the same is shown again at times, so that people see that somebody still looks.
            if (now.Text != open.Reads || open.ReadAt is not { } shown || who.Now - shown >= ShowEvery)
            {
                open = open with { Reads = now.Text, ReadAt = who.Now };
                await ShowAsync(open);
            }
        }
        closed.Cancel();
        if (guard is not null && await guard.CloseAsync() is var last && last.Effect > verdict.Effect) { verdict = last; }
        return new(await EndAsync(open, now), open, verdict);
    }

    async Task<TaskEnd> EndAsync(OperatorTask open, ReadBack now)
    {
        if (!now.Done && who.StopAsked)
        {
            // Nobody is to go on with what was stopped.
            await who.ShowAsync(Others(open));
            await who.AuditAsync("task.withdrawn", detail: open.Id);
            return TaskEnd.Stopped;
        }

        await ShowAsync(open with { State = now.Done ? TaskState.Done : TaskState.Overdue, EndedAt = who.Now });
        await who.AuditAsync(now.Done ? "task.done" : "task.overdue", detail: open.Id);
        return now.Done ? TaskEnd.Done : TaskEnd.Overdue;
    }

    Task ShowAsync(OperatorTask task) => who.ShowAsync([.. Others(task), task]);

    IReadOnlyList<OperatorTask> Others(OperatorTask task) => [.. who.Tasks.Where(shown => shown.Id != task.Id)];
}
