using System.CommandLine;
using System.CommandLine.Help;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Lab.Operations;

/// <summary>The command line of the verb <c>cleanup</c>: a migration in a simulated tenant, and what may go after it.</summary>
public sealed class CleanUpCommandLine
{
    public const string Verb = "cleanup";

    readonly Option<bool> _active = new("--active") { Description = "Goes on to the active server when the standbys are done." };
    readonly Option<bool> _letsGo = new("--lets-go") { Description = "In this world Connect lets the groups go when the rules are gone; without it, it would delete them." };
    readonly OperationArguments _operation = new();
    readonly Command _command;

    public CleanUpCommandLine()
    {
        _command = new Command(Verb, "Rehearses a migration and the clean-up after it. Exit code 0: the world is as it should be, 1: not ended, 2: bad usage, 3: denied, 4: the world differs.")
        {
            _active, _letsGo, new HelpOption(),
        };
        _operation.AddTo(_command);
    }

    public static Task<int> RunAsync(string[] args, Func<RehearsalOptions, CancellationToken, Task<int>> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var line = new CleanUpCommandLine();
        return Shell.RunAsync(line._command, args, stop => run(line.Read(args), stop));
    }

    /// <exception cref="BadUsageException">The arguments make no sense.</exception>
    public RehearsalOptions Read(IReadOnlyList<string> args)
    {
        var parsed = StrictOptions.Parse(_command, args);
        var options = _operation.Read(parsed, new OperationStory { Kind = CleanUpByHand.Kind, Active = parsed.GetValue(_active) });
        var world = options.Story.World;
        return parsed.GetValue(_letsGo)
            ? options with { Story = options.Story with { World = world with { Switches = world.Switches with { RuleRemovalDeletes = false } } } }
            : options;
    }
}
