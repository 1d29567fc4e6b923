using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.Jobs;

/// <summary>Lets another job of the same migration end early. A command like any other: signed, for one server, never to be replayed.</summary>
/// <param name="cancel">Ends the job of that id and migration, and tells how it stands.</param>
/// <param name="withdraw">Takes back what that job holds for the operator's own session.</param>
sealed class CancelJobHandler(Func<string, string, Task<CommandState?>> cancel, Func<string, Task> withdraw) : ICommandHandler<CancelJob, CancelResult>
{
    public async Task<CancelResult> HandleAsync(CancelJob command, JobContext job, CancellationToken cancellationToken)
    {
        var state = await cancel(command.CommandId, job.Origin.MigrationId)
            ?? throw JobError.NotFound.Exception("no such job of this migration", transient: false);
        if (state is CommandState.Done) { await withdraw(command.CommandId); }
        return new() { State = state };
    }
}
