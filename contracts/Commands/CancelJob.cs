namespace GwbCloud.Contracts.Commands;

/// <summary>
/// Asks another job of the same migration to end early. One that waits never runs; one that runs ends between two items and fails as
/// cancelled, and what it did until then stays done. The switch can't be called back once its call was issued: it ends as what came of it. An offer that waits for the operator is taken back.
/// </summary>
public sealed record CancelJob : Command<CancelResult>
{
    /// <summary>Id of the command whose job is to end.</summary>
    public required string CommandId { get; init; }
}

public sealed record CancelResult
{
    /// <summary>How the job stood when the request was on disk. A job that still runs ends between two items; ask for its own state.</summary>
    public required CommandState State { get; init; }
}
