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
        // An import whose synchronization never came is a cycle that somebody stopped: it proves nothing about what would be exported.
        reasons.AddRange(runs.GroupBy(r => r.Connector)
            .Where(of => of.Any(IsImport) && !of.Any(IsSynchronization))
            .Select(of => $"{of.Key}: the cycle ended before its synchronization"));
        return reasons;
    }

    static bool IsImport(RunResult run) => run.Profile.Contains("Import", StringComparison.OrdinalIgnoreCase);

    static bool IsSynchronization(RunResult run) => run.Profile.Contains("Synchronization", StringComparison.OrdinalIgnoreCase);
}
