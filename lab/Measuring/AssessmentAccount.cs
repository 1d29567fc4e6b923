using GwbCloud.Functions.Assessment;
using GwbCloud.Lab.Hosting;

namespace GwbCloud.Lab.Measuring;

/// <summary>What one assessment took, each figure beside what it is measured against.</summary>
public sealed record AssessmentAccount
{
    public required string AssessmentId { get; init; }
    public required AssessmentState State { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>What was assessed.</summary>
    public required WorldSize World { get; init; }
    public required int Migrating { get; init; }

    /// <summary>Groups that the API lists with their class.</summary>
    public required int Classified { get; init; }
    public required int MembersLost { get; init; }
    public required IReadOnlyList<FindingCount> Findings { get; init; }
    public required GraphAccount Graph { get; init; }
    public required TimeAccount Time { get; init; }
    public required MemoryAccount Memory { get; init; }
    public bool Succeeded => State != AssessmentState.Failed && !Memory.IsOver;
}

/// <summary>A finding and how many groups it concerns.</summary>
public sealed record FindingCount
{
    public required string Code { get; init; }
    public required FindingSeverity Severity { get; init; }
    public required int Groups { get; init; }
}

/// <summary>What was asked of Graph, beside what a reading of this tenant needs at least.</summary>
public sealed record GraphAccount
{
    /// <summary>Requests, each item of a batch one.</summary>
    public required int Requests { get; init; }
    public required int Needed { get; init; }

    /// <summary>HTTP exchanges: a batch is one.</summary>
    public required int Exchanges { get; init; }

    /// <summary>Exchanges that were answered 429.</summary>
    public required int Throttled { get; init; }

    /// <summary>Resource units of the requests by the documented costs.</summary>
    public required int Units { get; init; }
    public required int UnitsNeeded { get; init; }

    /// <summary>Units that the tenant's size allows an app in ten seconds.</summary>
    public required int UnitsPerWindow { get; init; }
}

/// <summary>How long it took.</summary>
public sealed record TimeAccount
{
    /// <summary>Virtual seconds from the request to the outcome.</summary>
    public required double VirtualSeconds { get; init; }

    /// <summary>Seconds that the quota allows for <see cref="GraphAccount.UnitsNeeded"/> at best.</summary>
    public required double FloorSeconds { get; init; }

    /// <summary>Real seconds from the request to the outcome.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>Real seconds in which a bare loop downloads the same pages.</summary>
    public required double BareSeconds { get; init; }
    public double WallRatio => Math.Round(WallSeconds / Math.Max(BareSeconds, 0.001), 2);

    /// <summary>Seconds of processor time that the function app's process took until the outcome, its start left out.</summary>
    public required double ProcessorSeconds { get; init; }

    /// <summary>Real seconds for reading the results through the API.</summary>
    public required double ResultSeconds { get; init; }
}

/// <summary>Memory of the process that holds the function app and nothing of the world.</summary>
public sealed record MemoryAccount
{
    /// <summary>Most physical memory that the process ever had, in MB of 1,048,576 bytes.</summary>
    public required int PeakMegabytes { get; init; }

    /// <summary>The same when the outcome was there and nobody had read the results yet.</summary>
    public required int PeakOfAssessment { get; init; }
    public required int AllowedMegabytes { get; init; }

    /// <summary>How the collector was set.</summary>
    public required string Collector { get; init; }
    public bool IsOver => PeakMegabytes >= AllowedMegabytes;
}
