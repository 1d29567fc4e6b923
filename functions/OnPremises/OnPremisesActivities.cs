using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Functions.OnPremises;

/// <summary>Commands for orchestrations. Each call is short; the orchestration waits between them.</summary>
public sealed class OnPremisesActivities(IOnPremises onPremises)
{
    [Function("SubmitCommand")]
    public Task<CommandReply> SubmitAsync([ActivityTrigger] CommandSubmission submission, CancellationToken cancellationToken) =>
        onPremises.SubmitAsync(submission, cancellationToken);

    [Function("PollCommand")]
    public Task<CommandReply> PollAsync([ActivityTrigger] CommandPoll poll, CancellationToken cancellationToken) =>
        onPremises.PollAsync(poll, cancellationToken);

    /// <summary>Names of the configured servers, as a JSON array. The input is not used.</summary>
    [Function("ListServers")]
    public string[] ListServers([ActivityTrigger] string? input) => [.. onPremises.Servers];
}
