using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace GwbCloud.Lab.Rehearsal;

/// <summary>The rehearsal's command line: reads everything strictly before anything is started or any folder is made.</summary>
public sealed class CommandLine
{
    readonly Option<int?> _groups = Number("--groups", "N", "Security groups that are written back (default 200).");
    readonly Option<int?> _m365 = Number("--m365", "N", "Microsoft 365 groups (default 40).");
    readonly Option<int?> _servers = Number("--servers", "N", "Connect servers; the first is active (default 2).");
    readonly Option<string?> _connectVersion = Text("--connect-version", "V", "Build of Entra Connect (default the newest, whose cmdlet wants an interactive sign-in).");
    readonly Option<int?> _seed = Number("--seed", "S", "Another seed makes another tenant (default 1).");
    readonly Option<string?> _scenario = Text("--scenario", "FILE.json", "Describes the world; see lab/scenario.schema.json. Options on the command line count more.");
    readonly Option<string?> _sabotage = Text("--sabotage", "NAME", $"One thing goes wrong silently: {string.Join(", ", Names.Of<World.Sabotage>())}.");
    readonly Option<string?> _decision = Text("--decision", "D", $"What the approvers decide: {string.Join(", ", Names.Of<RehearsedDecision>())} (default approve).");
    readonly Option<string?> _at = Text("--at", "GATE", "Gate of another decision than approve: plan or switch (default switch).");
    readonly Option<bool> _interactive = new("--interactive") { Description = "Waits for real people at the gates, on wall time; takes more than a day, see docs/interactive.md." };
    readonly Option<string?> _data = Text("--data", "DIR", "Keeps the journals of product and world; a second start on the same folder goes on.");
    readonly Option<string?> _output = Text("--output", "DIR", "Folder of report and account (default rehearsal).");
    readonly Option<int?> _port = Number("--port", "P", "Port of the product's API on 127.0.0.1 (default a free one).");
    readonly Option<string?> _limits = Text("--limits", "off", "Goes above the documented limits of Cloud Sync; the report says so.");
    readonly Option<bool> _json = new("--json") { Description = "One JSON object a line, the outcome last." };
    readonly Option<bool> _quiet = new("--quiet") { Description = "Only the outcome: its line, or with --json its object." };
    readonly RootCommand _root;

    public CommandLine()
    {
        _root = new RootCommand("Rehearses a whole migration from Group Writeback v2 to Cloud Sync in a simulated tenant.")
        {
            _groups, _m365, _servers, _connectVersion, _seed, _scenario, _sabotage, _decision, _at, _interactive, _data, _output, _port, _limits, _json, _quiet,
        };
        _root.Directives.Clear();
    }

    /// <summary>Runs a rehearsal and returns its exit code.</summary>
    public static async Task<int> RunAsync(string[] args, Func<RehearsalOptions, CancellationToken, Task<int>> rehearse)
    {
        ArgumentNullException.ThrowIfNull(rehearse);
        var line = new CommandLine();
        using var interrupted = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            if (line.IsForHelp(args, out int code)) { return code; }
            return await rehearse(line.Read(args), interrupted.Token);
        }
        catch (BadUsageException e)
        {
            await System.Console.Error.WriteLineAsync(e.Message);
            return ExitCode.BadUsage;
        }

        // The first signal ends in order, a second one at once.
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = !interrupted.IsCancellationRequested;
            interrupted.Cancel();
        }
    }

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="BadUsageException">They make no sense.</exception>
    public RehearsalOptions Read(IReadOnlyList<string> args)
    {
        var parsed = Parse(args);
        // The parser skips what looks like a directive; here it can only be a typing error.
        if (parsed.Tokens.FirstOrDefault(t => t.Type == TokenType.Directive) is { } odd) { throw new BadUsageException($"Unrecognized argument {Quoted.Of(odd.Value)}."); }
        if (parsed.Errors is [var first, ..]) { throw new BadUsageException(OneLine(first.Message) + (parsed.UnmatchedTokens.Count > 0 ? " --help lists the options." : "")); }

        string? data = Folder(parsed, _data);
        var kept = data is null ? null : StoryFile.Read(data);
        var typed = new Scenario
        {
            Groups = parsed.GetValue(_groups),
            M365 = parsed.GetValue(_m365),
            Servers = parsed.GetValue(_servers),
            ConnectVersion = parsed.GetValue(_connectVersion),
            Seed = parsed.GetValue(_seed),
            Sabotage = parsed.GetValue(_sabotage),
            Decision = parsed.GetValue(_decision),
            At = parsed.GetValue(_at),
            Limits = parsed.GetValue(_limits),
        };
        var story = kept ?? new Story();
        if (parsed.GetValue(_scenario) is { } file) { story = ScenarioFile.Read(file).Over(story, name => $"'{name}' in {Quoted.Of(file)}"); }
        story = typed.Over(story, name => "--" + JsonNamingPolicy.KebabCaseLower.ConvertName(name));
        bool interactive = parsed.GetValue(_interactive);
        if (interactive && (typed.Decision ?? typed.At) is not null) { throw new BadUsageException("--interactive leaves the decisions to real people; leave --decision and --at out."); }
        story = story with { Interactive = interactive || story.Interactive };
        if (story.Interactive && parsed.GetValue(_quiet)) { throw new BadUsageException("--interactive tells people where to sign in, so it can't be quiet; leave --quiet out."); }
        if (kept is not null && !story.IsSameAs(kept))
        {
            throw new BadUsageException($"The folder {Quoted.Of(data!)} holds a rehearsal that was started with other options; leave them out to go on with it, or name another folder.");
        }

        int port = parsed.GetValue(_port) ?? 0;
        if (port is < 0 or > 65_535) { throw new BadUsageException($"--port must lie between 0 and 65,535, not {port.ToString(CultureInfo.InvariantCulture)}."); }
        return new RehearsalOptions
        {
            Story = story,
            Data = data,
            Output = Folder(parsed, _output) ?? "rehearsal",
            Port = port,
            Console = (parsed.GetValue(_json), parsed.GetValue(_quiet)) switch
            {
                (true, true) => ConsoleMode.QuietJson,
                (true, false) => ConsoleMode.Json,
                (false, true) => ConsoleMode.Quiet,
                _ => ConsoleMode.People,
            },
        };
    }

    bool IsForHelp(string[] args, out int code)
    {
        code = ExitCode.Completed;
        var parsed = Parse(args);
        // The parser's own actions are --help and --version.
        if (parsed.Errors.Count > 0 || parsed.Action is null) { return false; }
        code = parsed.Invoke();
        return true;
    }

    ParseResult Parse(IReadOnlyList<string> args) => _root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

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

    static Option<int?> Number(string name, string help, string description) => new(name)
    {
        Description = description,
        HelpName = help,
        CustomParser = result =>
        {
            string typed = result.Tokens is [var token] ? token.Value : "";
            if (int.TryParse(typed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)) { return value; }
            result.AddError(long.TryParse(typed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
                ? $"{name} is out of all bounds: {Quoted.Of(typed)}."
                : $"{name} must be a whole number, not {Quoted.Of(typed)}.");
            return null;
        },
    };

    static Option<string?> Text(string name, string help, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = help };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var value }] && string.IsNullOrWhiteSpace(value)) { result.AddError($"{name} must not be empty."); }
        });
        return option;
    }

    static string OneLine(string message) => string.Join(' ', message.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
