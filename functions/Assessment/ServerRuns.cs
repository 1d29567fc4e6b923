using GwbCloud.Contracts.Commands;

namespace GwbCloud.Functions.Assessment;

/// <summary>How the runs of one server stand: the newest of each connector and profile.</summary>
public sealed record ServerRuns
{
    public required string Server { get; init; }

    /// <summary>Runs that have ended.</summary>
    public required IReadOnlyList<RunResult> Runs { get; init; }

    /// <summary>Keys of every object in error, each once.</summary>
    internal IEnumerable<string> Errors => Runs.SelectMany(run => run.Errors).Distinct(StringComparer.Ordinal);

    /// <summary>What a listener answered; a run that has not ended says nothing.</summary>
    internal static ServerRuns Of(string server, CycleReport report) => new() { Server = server, Runs = [.. report.Runs.Where(run => run.Result != "in-progress")] };

    /// <summary>The question to a listener.</summary>
    internal static ReadCycle Question(string server) => new()
    {
        Ticket = new CycleTicket { Server = server, Policy = CyclePolicy.Delta, RunsBefore = 0 },
        NewestOnly = true,
    };
}
