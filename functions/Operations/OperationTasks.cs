using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Operations;

/// <summary>Hands a task to the operator; nobody needs to say that it is done.</summary>
static class OperationTasks
{
    /// <summary>Oftener than in a migration: the scheduler stands still, and no guard looks on.</summary>
    static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(2);

    /// <param name="work">The running operation.</param>
    /// <param name="task">What to do.</param>
    /// <param name="time">How long there is.</param>
    /// <param name="readBack">Reads the state.</param>
    public static async Task<TaskEnd> DoAsync(OperationWork work, NewTask task, TimeSpan time, Func<Task<ReadBack>> readBack) =>
        (await new TaskWait(work, _ => readBack()) { LookEvery = LookEvery }.DoAsync(task, time)).End;
}
