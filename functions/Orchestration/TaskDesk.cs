using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Orchestration.Guards;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Hands a task to the operator and waits until its effect is read back; saying that it is done is only a reason to look.</summary>
static class TaskDesk
{
    static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(5);
    static readonly TimeSpan ShowEvery = TimeSpan.FromMinutes(30);

    /// <summary>Opens the task and waits.</summary>
    /// <param name="run">The stage.</param>
    /// <param name="task">What to do, without state and deadline.</param>
    /// <param name="time">How long there is.</param>
    /// <param name="readBack">Reads the state; <see cref="ReadBack.Done"/> closes the task. It is told whether somebody asked.</param>
    /// <param name="alert">Told to everybody once half of the time has passed and nobody did the task; null tells nobody.</param>
    /// <param name="phase">What must hold meanwhile; null where nothing stands still yet.</param>
    /// <exception cref="StageStoppedException">The deadline passed, or what must hold does not.</exception>
    public static async Task DoAsync(
        StageRun run, NewTask task, TimeSpan time, Func<bool, Task<ReadBack>> readBack, Func<OperatorTask, Notice>? alert = null, GuardPhase? phase = null)
    {
        var context = run.Context;
        var open = task.Open(context, time);
        var now = await readBack(false);
        if (now.Done) { return; }

        open = open with { Reads = now.Text, ReadAt = run.Now };
        await ShowAsync(run, open);
        await run.AuditAsync("task.opened", detail: open.Id);
        var waiting = WaitAsync(run, open, now, readBack, alert, phase);
        await Alarms.BesideAsync(run, waiting, [.. Alarm.Along($"task-{open.Id}", run.Now, open.Deadline, _ => Notices.TaskSoonOverdue(open), Reminders.Task)]);
        await waiting;
    }

    static async Task WaitAsync(
        StageRun run, OperatorTask open, ReadBack now, Func<bool, Task<ReadBack>> readBack, Func<OperatorTask, Notice>? alert, GuardPhase? phase)
    {
        var context = run.Context;
        var asked = false;
        // Cancelled at the end: a waiter that is left behind would take the next task's event.
        using var closed = new WaitScope();
        var check = context.WaitForExternalEvent<TaskCheck>(MigrationEvents.TaskCheck, closed.Token);
        var alertAt = open.Deadline - ((open.Deadline - open.OpenedAt!.Value) / 2);
        await using var guard = phase is { } watched ? GuardPost.Open(run, watched) : null;
        var verdict = GuardVerdict.Nothing;
        while (!now.Done && run.Now < open.Deadline && verdict.Effect < GuardEffect.Stop)
        {
            using var stop = new WaitScope();
            var next = run.Now + LookEvery < open.Deadline ? run.Now + LookEvery : open.Deadline;
            var look = context.CreateTimer(next.UtcDateTime, stop.Token);
            var first = await Task.WhenAny([check, look, run.StopArrives, .. guard is null ? Array.Empty<Task>() : [guard.Noticed]]);
            if (first == run.StopArrives)
            {
                stop.Cancel();
                break;
            }
            if (first == guard?.Noticed)
            {
                stop.Cancel();
                verdict = await guard.TakeAsync();
                continue;
            }
            if (first == check)
            {
                stop.Cancel();
                var told = await check;
                if (told.TaskId == open.Id)
                {
                    asked = true;
                    open = open with { CheckedBy = told.By, CheckedAt = run.Now, ReadAt = null };
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
            if (!now.Done && alert is not null && run.Now >= alertAt)
            {
                run.Tell(alert(open));
                await run.AuditAsync("task.alert", detail: open.Id);
                alert = null;
                open = open with { ReadAt = null };
            }
            // What reads the same is shown again at times, so that people see that somebody still looks.
            if (now.Text != open.Reads || open.ReadAt is not { } shown || run.Now - shown >= ShowEvery)
            {
                open = open with { Reads = now.Text, ReadAt = run.Now };
                await ShowAsync(run, open);
            }
        }
        closed.Cancel();
        if (guard is not null && await guard.CloseAsync() is var last && last.Effect > verdict.Effect) { verdict = last; }
        if (!now.Done && run.StopAsked)
        {
            // Nobody is to go on with what was stopped.
            await run.ShowAsync(run.View with { Tasks = [.. run.View.Tasks.Where(t => t.Id != open.Id)] });
            await run.AuditAsync("task.withdrawn", detail: open.Id);
            run.DemandNoStop();
        }
        await ShowAsync(run, open with { State = now.Done ? TaskState.Done : TaskState.Overdue, EndedAt = run.Now });
        await run.AuditAsync(now.Done ? "task.done" : "task.overdue", detail: open.Id);
        GuardDuty.Raise(verdict);
        if (!now.Done) { throw new StageStoppedException(Notices.TaskOverdue(open)); }
    }

    static Task ShowAsync(StageRun run, OperatorTask state) => run.ShowAsync(run.View with { Tasks = [.. run.View.Tasks.Where(t => t.Id != state.Id), state] });

    /// <summary>The wizard is the only supported way into and out of staging mode; this reads the flag back.</summary>
    public static Task StagingAsync(
        StageRun run, string server, bool on, TimeSpan time, Func<OperatorTask, Notice>? alert = null, GuardPhase? phase = null) => DoAsync(
        run,
        new NewTask
        {
            Kind = on ? TaskKind.EnterStaging : TaskKind.LeaveStaging,
            Server = server,
            Title = $"{(on ? "Turn staging mode on" : "Turn staging mode off")} on {server}",
            Why = on
                ? "Nothing may be exported while the rules change. Exports to Entra, password hash sync and password writeback stand still until staging ends."
                : "The server takes up exporting again; the scheduler stays off until a supervised cycle has run.",
            Steps =
            [
                $"Sign in to {server} and open Microsoft Entra Connect Sync.",
                "Choose Configure, then Configure staging mode, then Next, and sign in to Entra.",
                on ? "Select Enable staging mode, then Next." : "Clear Enable staging mode, then Next.",
                "Clear 'Start the synchronization process when configuration completes', choose Configure, then Exit. Close the wizard.",
            ],
            Commands = [TaskCommands.Scheduler(server, "Shows whether staging mode is on and whether the wizard still holds the scheduler.")],
        },
        time,
        async _ =>
        {
            var facts = await run.OnServerAsync(server, new InspectServer());
            var text = $"staging mode is {(facts.Staging ? "on" : "off")}{(facts.Scheduler.Suspended ? ", the wizard is open" : "")}";
            return new ReadBack(facts.Staging == on && !facts.Scheduler.Suspended, text);
        },
        alert,
        phase);
}

sealed record NewTask
{
    public required TaskKind Kind { get; init; }
    public required string Title { get; init; }
    public required string Why { get; init; }
    public required IReadOnlyList<string> Steps { get; init; }
    public IReadOnlyList<TaskCommand> Commands { get; init; } = [];
    public string? Server { get; init; }
    public DocumentReference? Attachment { get; init; }
    public string? AttachmentName { get; init; }

    /// <summary>The task as it is handed out now, under an id of its own. In an orchestration's turn.</summary>
    /// <param name="context">Whose clock and ids count.</param>
    /// <param name="time">How long there is.</param>
    public OperatorTask Open(TaskOrchestrationContext context, TimeSpan time)
    {
        var now = new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero);
        return new()
        {
            Id = $"{Kind}-{context.NewGuid():N}"[..^20].ToLowerInvariant(),
            Kind = Kind,
            State = TaskState.Open,
            Title = Title,
            Why = Why,
            Steps = Steps,
            Commands = Commands,
            Server = Server,
            Attachment = Attachment,
            AttachmentName = AttachmentName,
            OpenedAt = now,
            Deadline = now + time,
        };
    }
}

/// <summary>What was read, and whether it is what the task asked for.</summary>
sealed record ReadBack(bool Done, string Text);
