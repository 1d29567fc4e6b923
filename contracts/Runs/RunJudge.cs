using GwbCloud.Contracts.Commands;

namespace GwbCloud.Contracts.Runs;

/// <summary>Whether runs went as well as they did before. Pure; both halves decide by it.</summary>
public static class RunJudge
{
    /// <summary>Results whose errors are listed one by one; any other word than success means that something unknown happened.</summary>
    static readonly string[] WithListedErrors = ["completed-sync-errors", "completed-export-errors", "completed-warnings", "completed-discovery-errors"];

    /// <summary>One sentence for each run, or connector, of which nobody could be sure.</summary>
    /// <param name="runs">Runs of one cycle.</param>
    /// <param name="known">Keys of errors that people accepted.</param>
    public static IReadOnlyList<string> JudgeCycle(IReadOnlyList<RunResult> runs, IReadOnlySet<string> known)
    {
        ArgumentNullException.ThrowIfNull(runs);
        return
        [
            .. Judge(runs, known),
            // An import whose synchronization never came is a cycle that somebody stopped: it proves nothing about what would be exported.
            .. runs.GroupBy(run => run.Connector)
                .Where(of => of.Any(IsImport) && !of.Any(IsSynchronization))
                .Select(of => $"{of.Key}: the cycle ended before its synchronization"),
        ];
    }

    /// <summary>The same of single runs, whether or not they make up a cycle. One that has not ended says nothing yet.</summary>
    public static IReadOnlyList<string> Judge(IReadOnlyList<RunResult> runs, IReadOnlySet<string> known)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(known);
        return [.. runs.Select(run => Judge(run, known)).OfType<string>()];
    }

    /// <summary>The newest run of each connector and profile since the last full imports; what is older says nothing about how the server stands now.</summary>
    public static IReadOnlyList<RunResult> Newest(IReadOnlyList<RunResult> history)
    {
        ArgumentNullException.ThrowIfNull(history);
        int since = history.Where(run => run.Profile.Contains("Full Import", StringComparison.OrdinalIgnoreCase))
            .GroupBy(run => run.Connector).Select(of => of.Max(run => run.RunNumber)).DefaultIfEmpty(0).Min();
        return [.. history.Where(run => run.RunNumber >= since).GroupBy(run => (run.Connector, run.Profile)).Select(of => of.MaxBy(run => run.RunNumber)!)];
    }

    /// <summary>The word of a run tells of nothing that can be listed and accepted: it did not come to its end, or nobody knows the word.</summary>
    public static bool IsUnknown(RunResult run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Result != "success" && (!WithListedErrors.Contains(run.Result) || run.Errors.Count == 0);
    }

    /// <summary>Errors of groups of the writeback container: never accepted, because nobody could tell what becomes of the group.</summary>
    public static IEnumerable<RunError> OfGroups(RunResult run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Details.Where(error => error.Group is not null);
    }

    static string? Judge(RunResult run, IReadOnlySet<string> known)
    {
        string name = $"{run.Connector} {run.Profile}";
        int fresh = run.Errors.Count(error => !known.Contains(error));
        return run.Result != "success" && !WithListedErrors.Contains(run.Result) ? $"{name} ended with {run.Result}"
            : OfGroups(run).FirstOrDefault() is { } error ? $"{name}: {OfGroups(run).Count()} groups of the writeback container are in error, first: {error.Group} ({error.Kind})"
            : fresh > 0 ? $"{name}: {fresh} objects in error that nobody accepted"
            : IsUnknown(run) ? $"{name} ended with {run.Result} and names no object"
            : null;
    }

    static bool IsImport(RunResult run) => run.Profile.Contains("Import", StringComparison.OrdinalIgnoreCase);

    static bool IsSynchronization(RunResult run) => run.Profile.Contains("Synchronization", StringComparison.OrdinalIgnoreCase);
}
