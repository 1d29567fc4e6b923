using System.Security.Cryptography;
using System.Text;
using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;

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
        Errors = [.. run.Errors.Select(error => KeyOf(run.Connector, error)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        Details =
        [
            .. run.Errors.Select(error => new RunError
            {
                Key = KeyOf(run.Connector, error),
                Kind = error.Kind,
                Group = error.Dn is { Length: > 0 } name && DistinguishedName.Under(name, container) ? name : null,
            })
            .DistinctBy(error => error.Key).OrderBy(error => error.Key, StringComparer.Ordinal),
        ],
    };

    /// <summary>Seconds of the last cycle that began with full imports, from its first run's start to its last run's end; null when the history has none.</summary>
    public static int? LastInitialSeconds(IEnumerable<RunValue> runs)
    {
        int? seconds = null;
        DateTimeOffset begun = default, ended = default;
        bool imports = false, syncs = false;
        foreach (var run in runs.Where(run => run.End is not null).OrderBy(run => run.Start))
        {
            if (run.Start - ended > Gap) { (begun, ended, imports, syncs) = (run.Start, run.End!.Value, false, false); }
            if (run.End > ended) { ended = run.End.Value; }
            imports |= run.Profile.Contains("Full Import", StringComparison.OrdinalIgnoreCase);
            syncs |= run.Profile.Contains("Full Sync", StringComparison.OrdinalIgnoreCase);
            if (imports && syncs) { seconds = (int)(ended - begun).TotalSeconds; }
        }
        return seconds;
    }

    /// <summary>The same object with the same kind of error has the same key in every run; with another kind it is a new error.</summary>
    static string KeyOf(string connector, RunErrorValue error) =>
        $"{connector}|{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{error.Object.ToUpperInvariant()}|{error.Kind}")))[..16]}";
}
