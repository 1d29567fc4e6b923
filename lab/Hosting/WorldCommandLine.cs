using System.CommandLine;
using System.CommandLine.Help;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Lab.Hosting;

/// <summary>The command line of the verb <c>world</c>, read as strictly as the rehearsal's.</summary>
public sealed class WorldCommandLine
{
    public const string Verb = "world";

    readonly WorldArguments _world = new("Describes the world; see lab/scenario.schema.json. What it says of decisions and limits is left aside.");
    readonly Option<int?> _port = StrictOptions.Number("--port", "P", "Port of Graph and the sign-in service on 127.0.0.1 (default a free one).");
    readonly Command _command;

    public WorldCommandLine()
    {
        _command = new Command(Verb, "Starts a simulated world in this process, says on one line of JSON how to reach it, and keeps it until it is stopped.")
        {
            _port, new HelpOption(),
        };
        _world.AddTo(_command);
    }

    public static Task<int> RunAsync(string[] args, Func<WorldProgramOptions, CancellationToken, Task<int>> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var line = new WorldCommandLine();
        return Shell.RunAsync(line._command, args, stop => run(line.Read(args), stop));
    }

    /// <exception cref="BadUsageException">The arguments make no sense.</exception>
    public WorldProgramOptions Read(IReadOnlyList<string> args)
    {
        var parsed = StrictOptions.Parse(_command, args);
        return new WorldProgramOptions
        {
            World = _world.Over(new Story(), parsed, _world.Typed(parsed)).World,
            Port = StrictOptions.Port(parsed, _port),
        };
    }
}
