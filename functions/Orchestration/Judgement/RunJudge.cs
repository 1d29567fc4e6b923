using GwbCloud.Contracts.Commands;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Whether the runs of a cycle are as good as they were before. Pure.</summary>
static class RunJudge
{
    /// <summary>Results whose errors are listed one by one; any other word than success means that something unknown happened.</summary>
    static readonly string[] WithListedErrors = ["completed-sync-errors", "completed-export-errors", "completed-warnings", "completed-discovery-errors"];

    public static IReadOnlyList<string> Judge(IReadOnlyList<RunResult> runs, IReadOnlySet<string> known)
    {
        var reasons = new List<string>();
        foreach (var run in runs)
        {
            var fresh = run.Errors.Count(e => !known.Contains(e));
            if (run.Result != "success" && !WithListedErrors.Contains(run.Result))
            {
                reasons.Add($"{run.Connector} {run.Profile} ended with {run.Result}");
            }
            else if (fresh > 0)
            {
                reasons.Add($"{run.Connector} {run.Profile}: {fresh} objects in error that were not before");
            }
            else if (run.Result != "success" && run.Errors.Count == 0)
            {
                reasons.Add($"{run.Connector} {run.Profile} ended with {run.Result} and names no object");
            }
        }
        return reasons;
    }
}
