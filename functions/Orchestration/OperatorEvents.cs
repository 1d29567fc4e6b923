namespace GwbCloud.Functions.Orchestration;

/// <summary>Names of the external events that the API raises on the instance <c>migration</c>.</summary>
public static class MigrationEvents
{
    public const string Decision = "decision";
    public const string TaskCheck = "task-check";
    public const string OperatorRequest = "operator-request";
}

/// <summary>Somebody says that a task is done: read it back now.</summary>
public sealed record TaskCheck
{
    public required string TaskId { get; init; }
}

public enum OperatorAction
{
    Postpone,
    Cancel,
    Stop,
    Retry,
    Release,
    Skip,
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
}
