using System.CommandLine;
using System.CommandLine.Help;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Lab.Operations;

/// <summary>The command line of the verb <c>discover</c>: the report over the plan document's items, read in a simulated tenant.</summary>
public sealed class DiscoverCommandLine
{
    public const string Verb = "discover";

    readonly OperationArguments _operation = new(undo: false, approved: false);
    readonly Command _command;

    public DiscoverCommandLine()
    {
        _command = new Command(Verb, "Reads group writeback as it is, and changes nothing. Exit code 0: the world is as it was, 1: not ended, 2: bad usage, 4: the world differs.")
        {
            new HelpOption(),
        };
        _operation.AddTo(_command);
    }

    public static Task<int> RunAsync(string[] args, Func<RehearsalOptions, CancellationToken, Task<int>> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var line = new DiscoverCommandLine();
        return Shell.RunAsync(line._command, args, stop => run(line.Read(args), stop));
    }

    /// <exception cref="BadUsageException">The arguments make no sense.</exception>
    public RehearsalOptions Read(IReadOnlyList<string> args)
    {
        var options = _operation.Read(StrictOptions.Parse(_command, args), new OperationStory { Kind = DiscoverByHand.Kind });
        return options.Story.Operation is { Undo: true } or { Denied: true }
            ? throw new BadUsageException("A discovery writes nothing: there is nothing to undo and nothing to deny.")
            : options;
    }
}
