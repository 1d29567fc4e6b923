using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Orchestration.Guards;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Hands a task to the operator and waits until its effect is read back; saying that it is done is only a reason to look.</summary>
static class TaskDesk
{
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
        var wait = new TaskWait(run, readBack) { Alert = alert, Guard = phase is { } watched ? () => GuardPost.Open(run, watched) : null };
        var outcome = await wait.DoAsync(task, time);
        if (outcome.End == TaskEnd.Stopped) { run.DemandNoStop(); }
        GuardDuty.Raise(outcome.Verdict);
        if (outcome.End != TaskEnd.Done) { throw new StageStoppedException(Notices.TaskOverdue(outcome.Task!)); }
    }

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
