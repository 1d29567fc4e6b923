using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Documents;
using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Functions.OnPremises;

/// <summary>Commands for orchestrations. Each call is short; the orchestration waits between them.</summary>
public sealed class OnPremisesActivities(IOnPremises onPremises, IDocumentStore documents)
{
    [Function("SubmitCommand")]
    public async Task<CommandReply> SubmitAsync([ActivityTrigger] CommandSubmission submission, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(submission);
        if (CanBeCalledBack(submission))
        {
            // Before it is sent: a command that runs and that nobody can name could not be called back.
            await documents.WriteOneAsync(
                StoreNames.LastCommand(submission.MigrationId, submission.Server), new LastCommand { CommandId = submission.CommandId }, cancellationToken);
        }

        return await onPremises.SubmitAsync(submission, cancellationToken);
    }

    [Function("PollCommand")]
    public Task<CommandReply> PollAsync([ActivityTrigger] CommandPoll poll, CancellationToken cancellationToken) =>
        onPremises.PollAsync(poll, cancellationToken);

    /// <summary>The command that a server was sent last and that may still run.</summary>
    [Function("ReadLastCommand")]
    public async Task<LastCommand> ReadLastCommandAsync([ActivityTrigger] LastCommandInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        return await documents.ReadOneAsync<LastCommand>(StoreNames.LastCommand(input.MigrationId, input.Server), cancellationToken) ?? new();
    }

    /// <summary>Names of the configured servers, as a JSON array. The input is not used.</summary>
    [Function("ListServers")]
    public string[] ListServers([ActivityTrigger] string? input) => [.. onPremises.Servers];

    /// <summary>Looks that are over at once, and what a stop itself sends, are not worth a note.</summary>
    static bool CanBeCalledBack(CommandSubmission submission) => JsonSerializer.Deserialize<Command>(submission.Command, ContractJson.Options)
        is not (null or InspectServer or ReadCycle or SetScheduler or StopCycle or CancelJob);
}

/// <summary>Input of the activity <c>ReadLastCommand</c>.</summary>
public sealed record LastCommandInput
{
    public required string MigrationId { get; init; }
    public required string Server { get; init; }
}

/// <summary>The command that a server was sent last.</summary>
public sealed record LastCommand
{
    /// <summary>Null when it was sent none.</summary>
    public string? CommandId { get; init; }
}
