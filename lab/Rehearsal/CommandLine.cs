using System.CommandLine;
using GwbCloud.Lab.DomainController;
using GwbCloud.Lab.Issuer;

namespace GwbCloud.Lab.Rehearsal;

/// <summary>The rehearsal's command line: reads everything strictly before anything is started or any folder is made.</summary>
public sealed class CommandLine
{
    readonly WorldArguments _world = new("Describes the world; see lab/scenario.schema.json. Options on the command line count more.");
    readonly Option<string?> _decision = StrictOptions.Text("--decision", "D", $"What the approvers decide: {string.Join(", ", Names.Of<RehearsedDecision>())} (default approve). At the switch deny-and-leave is not offered, and they deny.");
    readonly Option<string?> _at = StrictOptions.Text("--at", "GATE", "Gate of another decision than approve: plan or switch (default switch).");
    readonly Option<string?> _operators = StrictOptions.Text("--operators", "active|passive", "Whether operators do their tasks (default active); approvers decide all the same.");
    readonly Option<bool> _interactive = new("--interactive") { Description = "Waits for real people, on wall time; takes more than a day, see docs/interactive.md." };
    readonly Option<string?> _real = StrictOptions.Text("--real", "PEOPLE", $"Whom you play yourself, with --interactive: {string.Join(", ", LabPeople.Acting.Select(p => p.Alias))} (default both approvers). Everybody else is simulated.");
    readonly Option<string?> _data = StrictOptions.Text("--data", "DIR", "Keeps the journals of product and world; a second start on the same folder goes on.");
    readonly DirectoryArguments _directory;
    readonly Option<string?> _output = StrictOptions.Text("--output", "DIR", "Folder of report and account (default rehearsal).");
    readonly Option<int?> _port = StrictOptions.Number("--port", "P", "Port of the product's API on 127.0.0.1 (default a free one).");
    readonly Option<string?> _limits = StrictOptions.Text("--limits", "off", "Goes above the documented limits of Cloud Sync; the report says so.");
    readonly Option<bool> _json = new("--json") { Description = "One JSON object a line, the outcome last." };
    readonly Option<bool> _quiet = new("--quiet") { Description = "Only the outcome: its line, or with --json its object." };
    readonly RootCommand _root;

    /// <param name="environment">Values of environment variables; null takes the process's own.</param>
    public CommandLine(Func<string, string?>? environment = null)
    {
        _directory = new DirectoryArguments(environment ?? Environment.GetEnvironmentVariable);
        _root = new RootCommand("Rehearses a whole migration from Group Writeback v2 to Cloud Sync in a simulated tenant. Further verbs, each with --help: defaults, enable, discover, restore, undo, cleanup (operations beside a migration); world, assess (measuring); audit.");
        _world.AddTo(_root);
        foreach (var option in (Option[])[_decision, _at, _operators, _interactive, _real, _data, _output, _port, _limits, _json, _quiet]) { _root.Add(option); }
        _directory.AddTo(_root);
        _root.Directives.Clear();
    }

    /// <summary>Runs a rehearsal and returns its exit code.</summary>
    public static async Task<int> RunAsync(string[] args, Func<RehearsalOptions, CancellationToken, Task<int>> rehearse)
    {
        ArgumentNullException.ThrowIfNull(rehearse);
        var line = new CommandLine();
        return await Shell.RunAsync(line._root, args, stop => rehearse(line.Read(args), stop));
    }

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="BadUsageException">They make no sense.</exception>
    public RehearsalOptions Read(IReadOnlyList<string> args)
    {
        var parsed = StrictOptions.Parse(_root, args);
        string? data = Folder(parsed, _data);
        var kept = data is null ? null : StoryFile.Read(data);
        var typed = _world.Typed(parsed) with
        {
            Decision = parsed.GetValue(_decision),
            At = parsed.GetValue(_at),
            Limits = parsed.GetValue(_limits),
            Operators = parsed.GetValue(_operators),
        };
        var story = kept ?? new Story();
        story = _world.Over(story, parsed, typed);
        bool interactive = parsed.GetValue(_interactive);
        if (interactive && (typed.Decision ?? typed.At) is not null) { throw new BadUsageException("--interactive leaves the decisions to real people; leave --decision and --at out."); }
        story = story with { Interactive = interactive || story.Interactive };
        if (story.Interactive && parsed.GetValue(_quiet)) { throw new BadUsageException("--interactive tells people where to sign in, so it can't be quiet; leave --quiet out."); }
        if (kept is not null && !story.IsSameAs(kept))
        {
            throw new BadUsageException($"The folder {Quoted.Of(data!)} holds a rehearsal that was started with other options; leave them out to go on with it, or name another folder.");
        }

        return new RehearsalOptions
        {
            Story = story,
            Data = data,
            Directory = _directory.Read(parsed, story, data),
            Output = Folder(parsed, _output) ?? "rehearsal",
            Port = StrictOptions.Port(parsed, _port),
            Real = Real(parsed.GetValue(_real), story.Interactive),
            Console = (parsed.GetValue(_json), parsed.GetValue(_quiet)) switch
            {
                (true, true) => ConsoleMode.QuietJson,
                (true, false) => ConsoleMode.Json,
                (false, true) => ConsoleMode.Quiet,
                _ => ConsoleMode.People,
            },
        };
    }

    /// <summary>Whom nobody simulates: on virtual time nobody, otherwise both approvers, unless others are named.</summary>
    static IReadOnlyList<LabPerson> Real(string? typed, bool interactive)
    {
        if (typed is null) { return interactive ? [LabPeople.FirstApprover, LabPeople.SecondApprover] : []; }
        if (!interactive) { throw new BadUsageException("--real needs --interactive: virtual time waits for nobody."); }
        return
        [
            .. typed.Split(',', StringSplitOptions.TrimEntries).Select(name => LabPeople.Acting.FirstOrDefault(p => p.Alias.Equals(name, StringComparison.OrdinalIgnoreCase))
                ?? throw new BadUsageException($"--real must name people of {string.Join(", ", LabPeople.Acting.Select(p => p.Alias))}, not {Quoted.Of(name)}.")).Distinct(),
        ];
    }

    /// <summary>A folder that exists or can still be made.</summary>
    static string? Folder(ParseResult parsed, Option<string?> option)
    {
        if (parsed.GetValue(option) is not { } typed) { return null; }
        try
        {
            string path = Path.GetFullPath(typed);
            for (string? above = path; above is not null; above = Path.GetDirectoryName(above))
            {
                if (File.Exists(above)) { throw new BadUsageException($"{option.Name}: {Quoted.Of(above)} is a file, not a folder."); }
            }

            return path;
        }
        catch (Exception e) when (e is ArgumentException or IOException or NotSupportedException)
        {
            throw new BadUsageException($"{option.Name}: {Quoted.Of(typed)} can't be a folder.");
        }
    }
}
