using System.Text.Json.Serialization;
using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.Jobs;

/// <summary>A line of the journal of jobs.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "record")]
[JsonDerivedType(typeof(JobAccepted), "accepted")]
[JsonDerivedType(typeof(JobStarted), "started")]
[JsonDerivedType(typeof(JobNoted), "noted")]
[JsonDerivedType(typeof(JobCancelled), "cancelled")]
[JsonDerivedType(typeof(JobEnded), "ended")]
[JsonDerivedType(typeof(JobForgotten), "forgotten")]
[JsonDerivedType(typeof(MigrationBegan), "began")]
[JsonDerivedType(typeof(CanariesKept), "canaries")]
abstract record JobRecord
{
    public required string CommandId { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>The command was verified and will be carried out. On disk before the sender gets an answer.</summary>
sealed record JobAccepted : JobRecord
{
    /// <summary>Hash of what is asked, without the envelope's times: the same id with another hash is a conflict.</summary>
    public required string CommandHash { get; init; }
    public required string Migration { get; init; }
    public string? PlanHash { get; init; }
    public required Command Command { get; init; }
}

/// <summary>The handler of a writing command is about to run.</summary>
sealed record JobStarted : JobRecord;

/// <summary>What the handler wants to find again after a restart.</summary>
sealed record JobNoted : JobRecord
{
    public required string Note { get; init; }
}

/// <summary>Somebody may ask for the end of a job before it has ended by itself. On disk before the job is told.</summary>
sealed record JobCancelled : JobRecord;

/// <summary>The job has ended.</summary>
sealed record JobEnded : JobRecord
{
    public required CommandState State { get; init; }
    public string? Result { get; init; }
    public CommandError? Error { get; init; }
}

/// <summary>The job ended long ago. Its result is gone, but its id can still start no second job.</summary>
sealed record JobForgotten : JobRecord
{
    public required string CommandHash { get; init; }
}

/// <summary>A migration's first command came <see cref="JobRecord.At"/> that moment. Outlives its commands.</summary>
sealed record MigrationBegan : JobRecord
{
    public required string Migration { get; init; }
    public string? PlanHash { get; init; }
}

/// <summary>Canaries may stand in the directory that were made after <see cref="Since"/>; null: none does. Written behind the commands that are let go of.</summary>
sealed record CanariesKept : JobRecord
{
    public DateTimeOffset? Since { get; init; }
}
