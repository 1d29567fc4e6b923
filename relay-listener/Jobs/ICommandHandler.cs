using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.Jobs;

/// <summary>Carries out one kind of command.</summary>
public interface ICommandHandler<in TCommand, TResult>
    where TCommand : Command<TResult>
    where TResult : class
{
    /// <summary>Carries the command out; may be called again for the same job after a restart.</summary>
    /// <param name="command">The command, verified.</param>
    /// <param name="job">Who asked, where progress goes, and the documents.</param>
    /// <param name="cancellationToken">The listener stops: end between two items; the job goes on after the restart.</param>
    /// <exception cref="Errors.CommandFailedException">Refused, or not possible.</exception>
    Task<TResult> HandleAsync(TCommand command, JobContext job, CancellationToken cancellationToken);
}
