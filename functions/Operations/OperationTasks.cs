using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Operations;

/// <summary>How a task of an operation ended.</summary>
enum TaskEnd
{
    /// <summary>Its effect was read back.</summary>
    Done,

    /// <summary>Its time passed.</summary>
    Overdue,

    /// <summary>An operator stopped the operation meanwhile.</summary>
    Stopped,
}

/// <summary>Hands a task to the operator and looks until its effect is there; nobody needs to say that it is done.</summary>
static class OperationTasks
{
    static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(2);

    /// <param name="work">The running operation.</param>
    /// <param name="task">What to do.</param>
    /// <param name="time">How long there is.</param>
    /// <param name="readBack">Reads the state.</param>
    public static async Task<TaskEnd> DoAsync(OperationWork work, NewTask task, TimeSpan time, Func<Task<ReadBack>> readBack)
    {
        var now = await readBack();
        if (now.Done) { return TaskEnd.Done; }
        var context = work.Context;
        var open = task.Open(context, time) with { Reads = now.Text, ReadAt = context.CurrentUtcDateTime };
        await ShowAsync(work, open);
        await work.AuditAsync("task.opened", open.Id);
        while (!now.Done && !work.IsStopped && context.CurrentUtcDateTime < open.Deadline.UtcDateTime)
        {
            await work.PauseAsync(LookEvery);
            now = await readBack();
            if (now.Text != open.Reads)
            {
                open = open with { Reads = now.Text, ReadAt = context.CurrentUtcDateTime };
                await ShowAsync(work, open);
            }
        }

        var end = now.Done ? TaskEnd.Done : work.IsStopped ? TaskEnd.Stopped : TaskEnd.Overdue;
        if (end == TaskEnd.Stopped)
        {
            // Nobody is to go on with what was stopped.
            await work.ShowAsync(view => view with { Tasks = [.. view.Tasks.Where(shown => shown.Id != open.Id)] });
        }
        else
        {
            await ShowAsync(work, open with { State = now.Done ? TaskState.Done : TaskState.Overdue, EndedAt = context.CurrentUtcDateTime });
        }

        await work.AuditAsync(end switch { TaskEnd.Done => "task.done", TaskEnd.Stopped => "task.withdrawn", _ => "task.overdue" }, open.Id);
        return end;
    }

    static Task ShowAsync(OperationWork work, OperatorTask task) => work.ShowAsync(view => view with { Tasks = [.. view.Tasks.Where(shown => shown.Id != task.Id), task] });
}
