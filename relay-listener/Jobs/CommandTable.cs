using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;

namespace GwbCloud.RelayListener.Jobs;

/// <summary>The closed list of commands with their handlers.</summary>
sealed class CommandTable
{
    readonly Dictionary<Type, Entry> _entries = [];

    /// <summary>The commands that have a handler.</summary>
    public IReadOnlyCollection<Type> Commands => _entries.Keys;

    public CommandTable Add<TCommand, TResult>(JobEffect effect, ICommandHandler<TCommand, TResult> handler)
        where TCommand : Command<TResult>
        where TResult : class
    {
        _entries.Add(typeof(TCommand), new(effect, async (command, job, cancellationToken) =>
            JsonSerializer.SerializeToUtf8Bytes(await handler.HandleAsync((TCommand)command, job, cancellationToken), ContractJson.Options)));
        return this;
    }

    public JobEffect EffectOf(Command command) => _entries[command.GetType()].Effect;

    /// <summary>Runs the handler and returns the result record as JSON.</summary>
    public Task<byte[]> RunAsync(Command command, JobContext job, CancellationToken cancellationToken) =>
        _entries[command.GetType()].Run(command, job, cancellationToken);

    sealed record Entry(JobEffect Effect, Func<Command, JobContext, CancellationToken, Task<byte[]>> Run);
}
