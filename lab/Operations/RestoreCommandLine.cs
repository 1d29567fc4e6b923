using System.CommandLine;
using System.CommandLine.Help;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Lab.Operations;

/// <summary>The command line of the verb <c>restore</c>: groups that writeback's rule deleted come back from the Recycle Bin, in a simulated tenant.</summary>
public sealed class RestoreCommandLine
{
    public const string Verb = "restore";

    readonly Option<bool> _byHand = new("--by-hand") { Description = "An administrator has deleted the objects; without it, the delete-on-disable rule has." };
    readonly Option<bool> _leave = new("--leave") { Description = "Writeback stays off in Entra afterwards; without it, the operation switches it on." };
    readonly Option<bool> _early = new("--early") { Description = "Somebody switches writeback on before, so that Connect makes new objects." };
    readonly OperationArguments _operation = new(undo: false);
    readonly Command _command;

    public RestoreCommandLine()
    {
        _command = new Command(Verb, "Rehearses the restoration of deleted groups. Exit code 0: the world is as it should be, 1: not ended, 2: bad usage, 3: denied, 4: the world differs.")
        {
            _byHand, _leave, _early, new HelpOption(),
        };
        _operation.AddTo(_command);
    }

    public static Task<int> RunAsync(string[] args, Func<RehearsalOptions, CancellationToken, Task<int>> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var line = new RestoreCommandLine();
        return Shell.RunAsync(line._command, args, stop => run(line.Read(args), stop));
    }

    /// <exception cref="BadUsageException">The arguments make no sense.</exception>
    public RehearsalOptions Read(IReadOnlyList<string> args)
    {
        var parsed = StrictOptions.Parse(_command, args);
        var options = _operation.Read(parsed, new OperationStory
        {
            Kind = RestoreByHand.Kind, DeletedByHand = parsed.GetValue(_byHand), SwitchOn = !parsed.GetValue(_leave), Early = parsed.GetValue(_early),
        });
        return options.Story.Operation is { Undo: true }
            ? throw new BadUsageException("--undo has no meaning here: what is restored is not deleted again.")
            : options;
    }
}
