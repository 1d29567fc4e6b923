using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.Evidence;

/// <summary>Whether the last cycle ended as well as the cycles before the migration did. Pure.</summary>
static class RunJudge
{
    /// <summary>Runs since the last full cycle that brought an error nobody accepted; a result without known errors counts as unknown, and blocks.</summary>
    /// <param name="runs">The run history, any order.</param>
    /// <param name="knownErrors">Stable keys of errors that were there before and were accepted.</param>
    public static IEnumerable<string> NewErrors(IReadOnlyList<RunResult> runs, IReadOnlySet<string> knownErrors)
    {
        // Runs before the last full cycle say nothing about how the server stands now.
        int since = runs.Where(run => run.Profile.Contains("Full Import", StringComparison.OrdinalIgnoreCase))
            .GroupBy(run => run.Connector).Select(of => of.Max(run => run.RunNumber)).DefaultIfEmpty(0).Min();
        return runs.Where(run => run.RunNumber >= since)
            .GroupBy(run => (run.Connector, run.Profile)).Select(of => of.MaxBy(run => run.RunNumber)!)
            .Where(run => run.Result != "success" && (run.Errors.Count == 0 || !run.Errors.All(knownErrors.Contains)))
            .Select(run => $"{run.Profile} of {run.Connector} ended with {run.Result}");
    }
}
