using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.Jobs;

/// <summary>Lets another job of the same migration end early. A command like any other: signed, for one server, never to be replayed.</summary>
sealed class CancelJobHandler(Func<string, string, Task<CommandState?>> cancel) : ICommandHandler<CancelJob, CancelResult>
{
    public async Task<CancelResult> HandleAsync(CancelJob command, JobContext job, CancellationToken cancellationToken) =>
        new() { State = await cancel(command.CommandId, job.Origin.MigrationId) ?? throw JobError.NotFound.Exception("no such job of this migration", transient: false) };
}
