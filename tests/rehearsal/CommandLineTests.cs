using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;
using GwbCloud.Lab.World.Deeds;

namespace GwbCloud.Tests.Rehearsal;

public sealed class CommandLineTests
{
    [Fact]
    public void Arguments_None_AreTheDocumentedDefaults()
    {
        var options = Read();

        Assert.Equal(200, options.Story.World.Groups);
        Assert.Equal(40, options.Story.World.M365);
        Assert.Equal(2, options.Story.World.Servers);
        Assert.Equal(WorldOptions.NewestConnect, options.Story.World.ConnectVersion);
        Assert.Equal(RehearsedDecision.Approve, options.Story.Decision);
        Assert.Equal(RehearsedGate.Switch, options.Story.At);
        Assert.True(options.Story.EnforceLimits);
        Assert.False(options.Story.Interactive);
        Assert.Null(options.Data);
        Assert.Equal("rehearsal", options.Output);
        Assert.Equal(ConsoleMode.People, options.Console);
    }

    [Fact]
    public void Arguments_All_Count()
    {
        using var folder = new TempFolder();

        var options = Read(
            "--groups", "2000", "--m365", "0", "--servers", "3", "--connect-version", "2.5.190.0", "--seed", "7", "--sabotage", "no-stamp", "--decision",
            "deny-and-leave", "--at", "plan", "--data", folder.File("data"), "--output", folder.File("out"), "--port", "5000", "--limits", "off", "--json");

        var world = options.Story.World;
        Assert.Equal((2000, 0, 3, "2.5.190.0", 7), (world.Groups, world.M365, world.Servers, world.ConnectVersion, world.Seed));
        Assert.Equal([Sabotage.NoStamp], world.Sabotage);
        Assert.Equal((RehearsedDecision.DenyAndLeave, RehearsedGate.Plan), (options.Story.Decision, options.Story.At));
        Assert.Equal((folder.File("data"), folder.File("out"), 5000), (options.Data, options.Output, options.Port));
        Assert.False(options.Story.EnforceLimits);
        Assert.Equal(ConsoleMode.Json, options.Console);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("--sabotage")]
    [InlineData("--decision")]
    public void Names_EachDocumented_IsTaken(string option)
    {
        IReadOnlyList<string> names = option == "--sabotage"
            ?
            [
                "no-stamp", "no-inbound-rule", "no-outbound-rule", "second-server-without-rules", "keep-delete-rule", "default-container", "default-name",
                "members-switch-off", "duplicate-anchor", "late-gc-replication", "cycle-with-errors", "pending-delete-after-approval",
                "disable-reports-failure-but-worked", "disable-reports-success-but-did-not",
            ]
            : ["approve", "deny", "deny-and-leave", "postpone", "expire"];

        Assert.All(names, name => Read(option, name));
    }

    [Theory]
    [InlineData("--nonsense", "--nonsense")]
    [InlineData("--nonsense", "--help")]
    [InlineData("nonsense", "nonsense")]
    [InlineData("@file", "@file")]
    [InlineData("[diagram]", "diagram")]
    [InlineData("--groups", "--groups")]
    [InlineData("--groups=many", "--groups")]
    [InlineData("--groups=1.5", "--groups")]
    [InlineData("--groups=2,000", "--groups")]
    [InlineData("--groups=0", "--groups")]
    [InlineData("--groups=-1", "--groups")]
    [InlineData("--groups=1000001", "--groups")]
    [InlineData("--groups=99999999999999999999", "--groups")]
    [InlineData("--groups=3000000000", "--groups")]
    [InlineData("--groups=1 --groups=2", "--groups")]
    [InlineData("--m365=-1", "--m365")]
    [InlineData("--servers=0", "--servers")]
    [InlineData("--servers=9", "--servers")]
    [InlineData("--seed=-1", "--seed")]
    [InlineData("--connect-version=new", "--connect-version")]
    [InlineData("--connect-version=2.6", "--connect-version")]
    [InlineData("--sabotage=all", "--sabotage")]
    [InlineData("--sabotage=NoStamp", "--sabotage")]
    [InlineData("--sabotage=0", "--sabotage")]
    [InlineData("--decision=maybe", "--decision")]
    [InlineData("--decision=deny --at=door", "--at")]
    [InlineData("--at=plan", "--at")]
    [InlineData("--decision=approve --at=plan", "--at")]
    [InlineData("--interactive --decision=deny", "--interactive")]
    [InlineData("--interactive --quiet", "--quiet")]
    [InlineData("--real=otto.operator", "--real")]
    [InlineData("--interactive --real=rita.reader", "rita.reader")]
    [InlineData("--interactive --real=", "--real")]
    [InlineData("--port=65536", "--port")]
    [InlineData("--port=-1", "--port")]
    [InlineData("--limits=maybe", "--limits")]
    [InlineData("--scenario=does-not-exist.json", "does-not-exist.json")]
    [InlineData("--output=", "--output")]
    public void Arguments_Senseless_AreRefusedInOneLineThatNamesThem(string arguments, string named)
    {
        var refusal = Assert.Throws<BadUsageException>(() => Read(arguments.Split(' ')));

        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Theory]
    [InlineData("--groups=40", "")]
    [InlineData("--interactive", "ada.approver anton.approver")]
    [InlineData("--interactive --real=Otto.Operator,ada.approver,otto.operator", "otto.operator ada.approver")]
    public void Real_OnWallTime_AreTheApproversUnlessOthersAreNamed(string arguments, string expected) =>
        Assert.Equal(expected, string.Join(' ', Read(arguments.Split(' ')).Real.Select(person => person.Alias)));

    [Theory]
    [InlineData("--json", ConsoleMode.Json)]
    [InlineData("--quiet", ConsoleMode.Quiet)]
    [InlineData("--json --quiet", ConsoleMode.QuietJson)]
    public void Console_JsonAndQuiet_AddUp(string arguments, ConsoleMode expected) => Assert.Equal(expected, Read(arguments.Split(' ')).Console);

    [Theory]
    [InlineData("--output")]
    [InlineData("--data")]
    public async Task Folders_ThatCannotBeMade_AreRefusedBeforeAnythingStarts(string option)
    {
        using var folder = new TempFolder();
        var options = new RehearsalOptions { Data = folder.File("data"), Output = folder.File("out"), Console = ConsoleMode.Quiet };
        File.WriteAllText(folder.File("file"), "");
        string impossible = folder.File("file/below");
        options = option == "--data" ? options with { Data = impossible } : options with { Output = impossible };

        var refusal = await Assert.ThrowsAsync<BadUsageException>(() => RehearsalProgram.RunAsync(options, TestContext.Current.CancellationToken));

        Assert.Contains(option, refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("data/story.json")));
    }

    [Fact]
    public void Folders_ThatAreFiles_AreRefused()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("file"), "");

        Assert.Contains("--output", Assert.Throws<BadUsageException>(() => Read("--output", folder.File("file"))).Message, StringComparison.Ordinal);
        Assert.Contains("--data", Assert.Throws<BadUsageException>(() => Read("--data", folder.File("file/below"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DataFolder_WithSomethingElse_IsRefused()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("file"), "");

        Assert.Contains("no rehearsal", Assert.Throws<BadUsageException>(() => Read("--data", folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DataFolder_OfAnEarlierStart_KeepsItsStory()
    {
        using var folder = new TempFolder();
        var first = Read("--data", folder.Path, "--groups", "30", "--sabotage", "no-stamp", "--decision", "deny", "--at", "plan");
        StoryFile.Write(folder.Path, first.Story);

        var second = Read("--data", folder.Path);
        var same = Read("--data", folder.Path, "--groups", "30", "--at", "plan");

        Assert.True(second.Story.IsSameAs(first.Story));
        Assert.True(same.Story.IsSameAs(first.Story));
        Assert.Contains("other options", Assert.Throws<BadUsageException>(() => Read("--data", folder.Path, "--groups", "31")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("{", "line 1")]
    [InlineData("{\n\"groups\": 1,\n}", "line 3")]
    [InlineData("[]", "object")]
    [InlineData("{\"group\": 1}", "'group'")]
    [InlineData("{\"groups\": \"1\"}", "'groups'")]
    [InlineData("{\"groups\": 1.5}", "'groups'")]
    [InlineData("{\"groups\": null}", "'groups'")]
    [InlineData("{\"groups\": -1}", "'groups'")]
    [InlineData("{\"groups\": 1, \"groups\": 2}", "'groups'")]
    [InlineData("{\"sabotage\": \"everything\"}", "'sabotage'")]
    [InlineData("{\"naming\": \"none\"}", "'naming'")]
    [InlineData("{\"naming\": 1}", "'naming'")]
    [InlineData("{\"deleteRule\": \"yes\"}", "'deleteRule'")]
    [InlineData("{\"switches\": {\"kind\": true}}", "'switches.kind'")]
    [InlineData("{\"switches\": {\"flagReadDelaySeconds\": -1}}", "'switches.flagReadDelaySeconds'")]
    [InlineData("{\"switches\": 1}", "'switches'")]
    [InlineData("{\"at\": \"plan\"}", "'at'")]
    public void Scenario_Malformed_IsRefusedInOneLineThatNamesThePlace(string json, string named)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("s.json"), json);

        var refusal = Assert.Throws<BadUsageException>(() => Read("--scenario", folder.File("s.json")));

        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("s.json", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void Scenario_UnderOptions_GivesWay()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("s.json"), """{"groups": 50, "seed": 3, "naming": "display-name", "deleteRule": true, "switches": {"m365TypeChanges": false}}""");

        var world = Read("--scenario", folder.File("s.json"), "--seed", "4").Story.World;

        Assert.Equal((50, 4, ConnectNaming.DisplayName, true), (world.Groups, world.Seed, world.Naming, world.DeleteRule));
        Assert.False(world.Switches.M365TypeChanges);
        Assert.True(world.Switches.JoinNoFlowWritesMembers);
    }

    [Fact]
    public void Scenario_WithDeedsAndAbsences_TellsThem()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("s.json"), """
            {
              "operators": "passive",
              "deeds": [{ "when": { "at": "stage-begins", "of": "second-full-sync", "minutes": 5 }, "does": { "on": false, "deed": "staging-set" } }],
              "absences": [{ "who": "operator", "from": { "at": "gate-opens", "of": "switch" } }]
            }
            """);

        var story = Read("--scenario", folder.File("s.json")).Story;

        Assert.Equal(OperatorMode.Passive, story.Operators);
        Assert.Equal(new PlannedDeed { When = Moment.BeginOf("second-full-sync", 5), Does = new StagingSet { On = false } }, Assert.Single(story.World.Deeds));
        Assert.Equal(new Absence { Who = LabRole.Operator, From = Moment.OpeningOf("switch") }, Assert.Single(story.World.Absences));
    }

    [Theory]
    [InlineData("""{ "when": { "at": "stage-begins", "of": "never" }, "does": { "deed": "scope-set-to-all" } }""", "'deeds[0].when.of'")]
    [InlineData("""{ "when": { "at": "stage-begins" }, "does": { "deed": "scope-set-to-all" } }""", "left out")]
    [InlineData("""{ "when": { "at": "parked", "minutes": -1 }, "does": { "deed": "scope-set-to-all" } }""", "'deeds[0].when.minutes'")]
    [InlineData("""{ "when": { "at": "parked" }, "does": { "deed": "group-hard-deleted", "group": "somebody's" } }""", "written 3")]
    [InlineData("""{ "when": { "at": "parked" }, "does": { "deed": "group-hard-deleted" } }""", "deeds[0].does")]
    [InlineData("""{ "when": { "at": "parked" }, "does": { "deed": "nonsense" } }""", "deeds[0].does")]
    [InlineData("""{ "when": { "at": "parked" }, "does": { "deed": "scope-set-to-all", "more": 1 } }""", "deeds[0].does")]
    public void Scenario_WithASenselessDeed_IsRefusedByItsPlace(string deed, string told)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("s.json"), $$"""{"deeds": [{{deed}}]}""");

        var refusal = Assert.Throws<BadUsageException>(() => Read("--scenario", folder.File("s.json")));

        Assert.Contains(told, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Schema_OfScenarios_NamesEveryPropertyAndNoOther()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "scenario.schema.json")))!;
        var web = JsonNamingPolicy.CamelCase;

        Assert.Equal(
            typeof(Scenario).GetProperties().Select(p => p.Name == "Schema" ? "$schema" : web.ConvertName(p.Name)).Order(StringComparer.Ordinal),
            schema["properties"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        Assert.Equal(
            typeof(WorldSwitches).GetProperties().Where(p => p.CanWrite && !p.GetMethod!.IsStatic).Select(p => web.ConvertName(p.Name)).Order(StringComparer.Ordinal),
            schema["properties"]!["switches"]!["properties"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        Assert.Equal(Names.Of<Sabotage>(), schema["properties"]!["sabotage"]!["enum"]!.AsArray().Select(n => (string)n!));
        Assert.Equal(
            typeof(Deed).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(a => (string)a.TypeDiscriminator!),
            schema["properties"]!["deeds"]!["items"]!["properties"]!["does"]!["properties"]!["deed"]!["enum"]!.AsArray().Select(n => (string)n!));
        Assert.Equal(Names.Of<MomentKind>(), schema["$defs"]!["moment"]!["properties"]!["at"]!["enum"]!.AsArray().Select(n => (string)n!));
        Assert.Equal(Names.Of<RehearsedDecision>(), schema["properties"]!["decision"]!["enum"]!.AsArray().Select(n => (string)n!));
    }

    [Fact]
    public void Docs_OfSabotages_NameEachOnceAndSayWhatIsSeen()
    {
        Assert.Equal(Names.Of<Sabotage>().Order(StringComparer.Ordinal), SabotageTable.Names.Order(StringComparer.Ordinal));
        Assert.All(SabotageTable.Rows.Values, row => Assert.All([row.What, row.Seen], text => Assert.EndsWith(".", text)));
        Assert.All(SabotageTable.Rows.Values, row => Assert.Contains(row.ExitCode, (int[])[ExitCode.Completed, ExitCode.EndedBefore, ExitCode.ParkedAfter]));
        Assert.All(SabotageTable.Rows.Values.Where(row => row.ExitCode != ExitCode.Completed), row => Assert.NotEmpty(row.Codes));
    }

    [Theory]
    [InlineData("--groups=-1")]
    [InlineData("--nonsense")]
    [InlineData("--scenario=none.json")]
    public async Task Program_SenselessArguments_ExitsWithTwoAndStartsNothing(string argument)
    {
        bool started = false;

        int code = await CommandLine.RunAsync([argument], (_, _) =>
        {
            started = true;
            return Task.FromResult(0);
        });

        Assert.Equal(ExitCode.BadUsage, code);
        Assert.False(started);
    }

    static RehearsalOptions Read(params string[] args) => new CommandLine().Read(args);
}
