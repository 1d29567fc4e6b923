using GwbCloud.Journal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GwbCloud.Embedded.Engine;

/// <summary>How an engine runs.</summary>
public sealed record EngineOptions
{
    /// <summary>The journal of this engine; its folder is created when it is missing.</summary>
    public required string JournalPath { get; init; }

    /// <summary>How far a record goes before an effect is acknowledged.</summary>
    public JournalDurability Durability { get; init; } = JournalDurability.Disk;

    /// <summary>The clock of timers and time stamps.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Asked for a hold whenever work is in hand; the count of holds is above zero until nothing is left but timers and callers.</summary>
    public Func<string, IDisposable> Busy { get; init; } = static _ => NoHold.Instance;

    /// <summary>Activities that run at the same time, at most. The same as maxConcurrentActivityFunctions of host.json.</summary>
    public int MaxConcurrentActivities { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>The version of instances that are started without one, and the newest that <see cref="VersionMatch"/> lets run.</summary>
    public string DefaultVersion { get; init; } = "";

    /// <summary>Which instances this engine takes on. The same as versionMatchStrategy of host.json.</summary>
    public VersionMatchStrategy VersionMatch { get; init; } = VersionMatchStrategy.CurrentOrOlder;

    /// <summary>What becomes of the others. The same as versionFailureStrategy of host.json.</summary>
    public VersionFailureStrategy VersionFailure { get; init; } = VersionFailureStrategy.Reject;

    /// <summary>Forgets the code after each turn and rebuilds it from history for the next: slow, and finds what does not repeat.</summary>
    public bool ReplayEveryTurn { get; init; }

    /// <summary>Loggers of the engine and of orchestrators.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}

/// <summary>Which versions of an orchestration run here.</summary>
public enum VersionMatchStrategy
{
    /// <summary>All.</summary>
    None,

    /// <summary>The default version only.</summary>
    Strict,

    /// <summary>The default version and older ones.</summary>
    CurrentOrOlder,
}

/// <summary>What becomes of an instance whose version does not match.</summary>
public enum VersionFailureStrategy
{
    /// <summary>It waits for a host that takes it.</summary>
    Reject,

    /// <summary>It fails.</summary>
    Fail,
}

/// <summary>A hold of nothing, where nobody counts.</summary>
sealed class NoHold : IDisposable
{
    public static readonly NoHold Instance = new();

    public void Dispose()
    {
    }
}
