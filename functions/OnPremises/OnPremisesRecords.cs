using GwbCloud.Contracts.Commands;

namespace GwbCloud.Functions.OnPremises;

/// <summary>A command on its way to a listener; input of the activity <c>SubmitCommand</c>.</summary>
public sealed record CommandSubmission
{
    public required string MigrationId { get; init; }

    /// <summary>Empty before there is a plan.</summary>
    public required string PlanHash { get; init; }
    public required string Server { get; init; }

    /// <summary>Made by the orchestrator, so that a repeated activity submits the same job.</summary>
    public required string CommandId { get; init; }

    /// <summary>JSON of the <see cref="Command"/>, with its kind.</summary>
    public required string Command { get; init; }
}

/// <summary>Input of the activity <c>PollCommand</c>.</summary>
public sealed record CommandPoll
{
    public required string MigrationId { get; init; }
    public required string Server { get; init; }
    public required string CommandId { get; init; }
}

/// <summary>What a listener answered. Documents that the result names are in the document store already.</summary>
public sealed record CommandReply
{
    public required CommandState State { get; init; }

    /// <summary>The listener could not be reached, or answered 502 or 504: unknown, ask again.</summary>
    public bool Unreachable { get; init; }
    public CommandProgress? Progress { get; init; }

    /// <summary>JSON of the verified result record.</summary>
    public string? Result { get; init; }
    public CommandError? Error { get; init; }
}
