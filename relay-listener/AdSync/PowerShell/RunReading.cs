using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Runs;

namespace GwbCloud.RelayListener.AdSync.PowerShell;

/// <summary>Makes of the run history what the contracts speak of. Pure.</summary>
static class RunReading
{
    /// <summary>Day zero of run numbers.</summary>
    static readonly DateTimeOffset Zero = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Gap between two runs of one cycle at most.</summary>
    static readonly TimeSpan Gap = TimeSpan.FromMinutes(3);

    /// <summary>
    /// One number for the whole server: the second in which the run began, counted from 2020. The numbers that Connect itself gives count
    /// each connector's runs apart.
    /// </summary>
    public static int NumberOf(DateTimeOffset start) => (int)Math.Max(0, (start - Zero).TotalSeconds);

    /// <summary>The moment that a number stands for.</summary>
    public static DateTimeOffset StartOf(int number) => Zero + TimeSpan.FromSeconds(number);

    /// <param name="run">The run.</param>
    /// <param name="container">The writeback container: only objects in it are named.</param>
    public static RunResult ResultOf(RunValue run, string container) => new()
    {
        RunNumber = NumberOf(run.Start),
        Connector = run.Connector,
        Profile = run.Profile,
        Result = run.Result,
        Errors = [.. run.Errors.Select(error => RunErrorKey.Of(run.Connector, error.Object, error.Kind)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        Details =
        [
            .. run.Errors.Select(error => new RunError
            {
                Key = RunErrorKey.Of(run.Connector, error.Object, error.Kind),
                Kind = error.Kind,
                Group = error.Dn is { Length: > 0 } name && DistinguishedName.Under(name, container) ? name : null,
            })
            .DistinctBy(error => error.Key).OrderBy(error => error.Key, StringComparer.Ordinal),
        ],
    };

    /// <summary>How long cycles took, each from its first run's start to its last run's end.</summary>
    /// <remarks>Runs that follow each other without a gap count as one cycle: rather too long than too short.</remarks>
    public static CycleTimes TimesOf(IEnumerable<RunValue> runs)
    {
        List<int> initials = [], deltas = [];
        var cycle = new List<RunValue>();
        DateTimeOffset ended = default;
        foreach (var run in runs.Where(run => run.End is not null).OrderBy(run => run.Start))
        {
            if (run.Start - ended > Gap) { Close(); }
            cycle.Add(run);
            if (run.End > ended) { ended = run.End.Value; }
        }
        Close();
        return new([.. initials.TakeLast(CycleTimes.Most)], [.. deltas.TakeLast(CycleTimes.Most)]);

        void Close()
        {
            // A full synchronisation alone, after a change of rules, is neither.
            if (Has("Full Import") && Has("Full Sync")) { initials.Add(Seconds()); }
            else if (Has("Delta Import") && Has("Delta Sync") && !Has("Full")) { deltas.Add(Seconds()); }
            cycle.Clear();
        }

        bool Has(string profile) => cycle.Any(run => run.Profile.Contains(profile, StringComparison.OrdinalIgnoreCase));

        int Seconds() => (int)(ended - cycle[0].Start).TotalSeconds;
    }
}

/// <summary>Seconds of the last cycles of each kind, the newest last.</summary>
sealed record CycleTimes(IReadOnlyList<int> Initials, IReadOnlyList<int> Deltas)
{
    /// <summary>Older ones tell of a directory of another size.</summary>
    public const int Most = 10;

    public int? LastInitial => Initials.Count == 0 ? null : Initials[^1];
}
