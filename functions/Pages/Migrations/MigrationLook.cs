using GwbCloud.Functions.Api;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Pages;

/// <summary>What a page derives from a migration's view: where it stands, and what can be asked of it.</summary>
sealed record MigrationLook
{
    static readonly OperatorAction[] Order =
        [OperatorAction.Release, OperatorAction.Retry, OperatorAction.Repair, OperatorAction.Postpone, OperatorAction.Cancel, OperatorAction.Skip, OperatorAction.Stop];

    public required MigrationView View { get; init; }
    public required DateTimeOffset Now { get; init; }

    /// <summary>The stage that is at work or waits; the last that failed when it needs attention; null before the first and after the end.</summary>
    public StageView? Current => View.Stages.LastOrDefault(stage => stage.State is StageState.Running or StageState.Waiting)
        ?? (View.State == MigrationState.NeedsAttention ? View.Stages.LastOrDefault(stage => stage.State == StageState.Failed) : null);

    public IReadOnlyList<OperatorTask> OpenTasks => View.State == MigrationState.Ended ? [] : [.. View.Tasks.Where(task => task.State != TaskState.Done).OrderBy(task => task.Deadline)];

    /// <summary>What an operator may ask for now, in the order of the page.</summary>
    public IReadOnlyList<OperatorAction> Offered => [.. Order.Where(action => MigrationVerbs.Refusal(View, action) is null)];
}

/// <summary>How fast a stage goes, as long as its start is known and something was done. Rings have none: each takes its cycles, whatever its size.</summary>
/// <param name="PerMinute">Things done a minute, since its start.</param>
/// <param name="Left">How long the rest takes at that pace.</param>
sealed record Pace(double PerMinute, TimeSpan Left)
{
    /// <summary>Within less than this a pace is chance.</summary>
    static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5);

    public static Pace? Of(StageView stage, DateTimeOffset now)
    {
        if (stage is not { StartedAt: { } start, Total: > 0, Done: > 0, Name: not StageName.StartCloudSync } || now - start < Shortest)
        {
            return null;
        }

        var perMinute = stage.Done / (now - start).TotalMinutes;
        return new(perMinute, TimeSpan.FromMinutes(Math.Max(0, stage.Total - stage.Done) / perMinute));
    }
}
