using GwbCloud.Contracts.Documents;

namespace GwbCloud.Functions.Assessment.Risks;

/// <summary>What takes a group out of danger; only a person can do it.</summary>
public enum RiskTaskKind
{
    /// <summary>A security group with a mail value, or mail-enabled: the coexistence rule does not cover it.</summary>
    ClearMail,

    /// <summary>Soft-deleted in Entra, retained in Active Directory.</summary>
    RestoreOrDelete,

    /// <summary>Writeback is off in Entra, retained in Active Directory.</summary>
    EnableOrRemove,

    /// <summary>The group in Entra cannot be written back at all: it comes from Active Directory, or is no security group.</summary>
    Review,
}

public enum RiskTaskState
{
    Open,

    /// <summary>Read back: the group is at risk no more.</summary>
    Done,
}

/// <summary>A group at risk as a task for an operator. Done is what was read back: by a check, or by a later assessment.</summary>
public sealed record RiskTask
{
    /// <summary>The kind and the objectId: the same group at the same risk has the same id in every assessment.</summary>
    public required string Id { get; init; }
    public required RiskTaskKind Kind { get; init; }
    public required RiskTaskState State { get; init; }
    public required string Title { get; init; }
    public required string Why { get; init; }

    /// <summary>What to do, with the tenant's own names and ids. Where there are two ways, the group's owner chooses.</summary>
    public required IReadOnlyList<string> Steps { get; init; }

    /// <summary>objectId in Entra.</summary>
    public required Guid CloudId { get; init; }
    public required Guid ObjectGuid { get; init; }
    public required string DistinguishedName { get; init; }

    /// <summary>What was read last.</summary>
    public required string Reads { get; init; }
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>What a download of the task's script is called, without extension; null for a task that has none.</summary>
    public string? Script { get; init; }
}

/// <summary>What a look at the group of a task came to.</summary>
public sealed record RiskReading
{
    public required bool Done { get; init; }
    public required string Text { get; init; }
    public required DateTimeOffset At { get; init; }

    public RiskTask Put(RiskTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return At < task.ReadAt ? task : task with { State = Done ? RiskTaskState.Done : RiskTaskState.Open, Reads = Text, ReadAt = At };
    }
}

/// <summary>Input of the orchestration <c>CheckRisk</c>.</summary>
public sealed record RiskCheck
{
    public required string AssessmentId { get; init; }
    public required string TaskId { get; init; }
    public required Guid CloudId { get; init; }

    /// <summary>The server whose listener reaches the directory.</summary>
    public required string Server { get; init; }
    public required string WritebackOu { get; init; }
}

/// <summary>Input of the activity <c>ReadRisk</c>.</summary>
public sealed record RiskQuestion
{
    public required RiskCheck Check { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Document of <see cref="Contracts.Commands.AdGroup"/>; null at the first look, which takes the object for granted.</summary>
    public DocumentReference? Inventory { get; init; }
}

/// <summary>Input of the activity <c>PublishRisk</c>.</summary>
public sealed record RiskAnswer
{
    public required RiskCheck Check { get; init; }
    public required RiskReading Reading { get; init; }
}
