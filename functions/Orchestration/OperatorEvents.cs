using GwbCloud.Contracts.Documents;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Names of the external events that the API raises on the instance <c>migration</c>.</summary>
public static class MigrationEvents
{
    public const string Decision = "decision";
    public const string TaskCheck = "task-check";
    public const string OperatorRequest = "operator-request";

    /// <summary>Sent to what runs when an operator chose stop: it begins nothing new, and ends where that is safe.</summary>
    public const string Stop = "stop";

    /// <summary>Sent to a parked migration: what a stop or a repair came to, for its view.</summary>
    public const string Told = "told";
}

/// <summary>Somebody says that a task is done: read it back now.</summary>
public sealed record TaskCheck
{
    public required string TaskId { get; init; }

    /// <summary>objectId of the person.</summary>
    public string? By { get; init; }
}

/// <summary>What a stop or a repair beside a parked migration came to.</summary>
public sealed record ToldBeside
{
    public required IReadOnlyList<Notice> Notices { get; init; }
}

public enum OperatorAction
{
    Postpone,
    Cancel,
    Stop,
    Retry,
    Release,
    Skip,

    /// <summary>Bring named groups back to the frozen snapshot; the migration itself goes on as it was.</summary>
    Repair,
}

static class OperatorWishes
{
    /// <summary>The end before the switch that an operator asks for; null when the request is about something else.</summary>
    public static Ending? Ending(this OperatorRequest request) => request.Action switch
    {
        OperatorAction.Postpone => Orchestration.Ending.Postponed,
        OperatorAction.Cancel or OperatorAction.Stop => Orchestration.Ending.Cancelled,
        _ => null,
    };
}

/// <summary>What an operator asks of a migration in flight.</summary>
public sealed record OperatorRequest
{
    public required OperatorAction Action { get; init; }

    /// <summary>objectId of the person.</summary>
    public required string By { get; init; }

    /// <summary>Why; a retry after a review and a repair have one.</summary>
    public string? Comment { get; init; }

    /// <summary>Names of what a review found and the person accepted as harmless.</summary>
    public IReadOnlyList<string> Accepted { get; init; } = [];

    /// <summary>Document of <see cref="Guid"/>: the objectGUIDs of the groups that are to be brought back.</summary>
    public DocumentReference? Objects { get; init; }
}
