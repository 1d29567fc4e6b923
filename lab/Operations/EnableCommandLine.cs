using System.CommandLine;
using System.CommandLine.Help;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Lab.Operations;

/// <summary>The command line of the verb <c>enable</c>: group writeback switched on in a tenant that never had it.</summary>
public sealed class EnableCommandLine
{
    public const string Verb = "enable";

    readonly Option<int?> _version = StrictOptions.Number("--version", "1|2", "Version of group writeback (default 1); 2 is refused, with the evidence.");
    readonly Option<string?> _permissions = StrictOptions.Text("--permissions", "WHERE", "What Connect's account is granted: nothing, writeback-ou (default) or all-domains.");
    readonly Option<bool> _passive = new("--passive") { Description = "Nobody runs the wizard: the operation ends when its time is up." };
    readonly OperationArguments _operation = new();
    readonly Command _command;

    public EnableCommandLine()
    {
        _command = new Command(Verb, "Rehearses switching group writeback on. Exit code 0: the world is as it should be, 1: not ended, 2: bad usage, 3: denied, refused or not done in time, and nothing changed, 4: the world differs.")
        {
            _version, _permissions, _passive, new HelpOption(),
        };
        _operation.AddTo(_command);
    }

    public static Task<int> RunAsync(string[] args, Func<RehearsalOptions, CancellationToken, Task<int>> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var line = new EnableCommandLine();
        return Shell.RunAsync(line._command, args, stop => run(line.Read(args), stop));
    }

    /// <exception cref="BadUsageException">The arguments make no sense.</exception>
    public RehearsalOptions Read(IReadOnlyList<string> args)
    {
        var parsed = StrictOptions.Parse(_command, args);
        int version = parsed.GetValue(_version) ?? 1;
        if (version is not (1 or 2)) { throw new BadUsageException("--version is 1 or 2."); }
        string permissions = parsed.GetValue(_permissions) switch
        {
            null or "writeback-ou" => "writebackOu",
            "all-domains" => "allDomains",
            "nothing" => "nothing",
            var other => throw new BadUsageException($"{Quoted.Of(other)} is neither nothing, writeback-ou nor all-domains."),
        };
        return _operation.Read(
            parsed,
            new OperationStory { Kind = EnableByHand.Kind, Version = version, Permissions = permissions, Passive = parsed.GetValue(_passive) },
            story => story with { World = story.World with { WithoutWriteback = true, Orphans = 0 } });
    }
}
