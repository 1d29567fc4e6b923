using System.CommandLine;
using System.Text.Json;

namespace GwbCloud.Lab.Rehearsal;

/// <summary>The options that describe a world, for every verb that makes one.</summary>
sealed class WorldArguments(string scenarioHelp)
{
    readonly Option<int?> _groups = StrictOptions.Number("--groups", "N", "Security groups that are written back (default 200).");
    readonly Option<int?> _m365 = StrictOptions.Number("--m365", "N", "Microsoft 365 groups (default 40).");
    readonly Option<int?> _cloudGroups = StrictOptions.Number("--cloud-groups", "N", "Cloud groups in all; those beyond the other kinds are not written back (default a tenth more than there are).");
    readonly Option<int?> _memberships = StrictOptions.Number("--memberships", "N", "Memberships of the groups that are written back, together (default some 12 a group).");
    readonly Option<int?> _users = StrictOptions.Number("--users", "N", "Users (default as many as groups, 60 to 20,000).");
    readonly Option<int?> _servers = StrictOptions.Number("--servers", "N", "Connect servers; the first is active (default 2).");
    readonly Option<int?> _forests = StrictOptions.Number("--forests", "N", "Forests, 1 to 3; the first holds the writeback OU (default 1).");
    readonly Option<string?> _connectVersion = StrictOptions.Text("--connect-version", "V", "Build of Entra Connect (default the newest, whose cmdlet wants an interactive sign-in).");
    readonly Option<int?> _seed = StrictOptions.Number("--seed", "S", "Another seed makes another tenant (default 1).");
    readonly Option<string?> _scenario = StrictOptions.Text("--scenario", "FILE.json", scenarioHelp);
    readonly Option<string?> _sabotage = StrictOptions.Text("--sabotage", "NAME", $"One thing goes wrong silently: {string.Join(", ", Names.Of<World.Sabotage>())}.");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_groups, _m365, _cloudGroups, _memberships, _users, _servers, _forests, _connectVersion, _seed, _scenario, _sabotage]) { command.Add(option); }
    }

    /// <summary>What was typed, without the scenario file.</summary>
    public Scenario Typed(ParseResult parsed) => new()
    {
        Groups = parsed.GetValue(_groups),
        M365 = parsed.GetValue(_m365),
        CloudGroups = parsed.GetValue(_cloudGroups),
        Memberships = parsed.GetValue(_memberships),
        Users = parsed.GetValue(_users),
        Servers = parsed.GetValue(_servers),
        Forests = parsed.GetValue(_forests),
        ConnectVersion = parsed.GetValue(_connectVersion),
        Seed = parsed.GetValue(_seed),
        Sabotage = parsed.GetValue(_sabotage),
    };

    /// <summary>The story with the scenario file put over it, and then what was typed.</summary>
    /// <exception cref="BadUsageException">A value is impossible.</exception>
    public Story Over(Story story, ParseResult parsed, Scenario typed)
    {
        if (parsed.GetValue(_scenario) is { } file) { story = ScenarioFile.Read(file).Over(story, name => $"'{name}' in {Quoted.Of(file)}"); }
        return typed.Over(story, name => "--" + JsonNamingPolicy.KebabCaseLower.ConvertName(name));
    }
}
