using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.Terminal;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Rehearsal;

public sealed class ExportedScenarioTests
{
    [Fact]
    public async Task Scenario_ThatAnAssessmentExports_IsRehearsedWithTheSameCounts()
    {
        using var folder = new TempFolder();
        var world = new WorldOptions { Groups = 30, M365 = 9, Servers = 3, Orphans = 2, Naming = ConnectNaming.DisplayName };
        var first = await RunAsync(new() { World = world }, folder.File("first"));

        var story = ScenarioFile.Read(folder.File("first/assessment-scenario.json")).Over(new(), name => name);
        var second = await RunAsync(story, folder.File("second"));

        Assert.Equal(world, story.World with { Seed = world.Seed, Switches = world.Switches, Sabotage = world.Sabotage });
        Assert.Equal((ExitCode.Completed, ExitCode.Completed), (first.ExitCode, second.ExitCode));
        Assert.Equal(first.Account.Groups.Planned, second.Account.Groups.Planned);
        foreach (var file in new[] { "assessment.html", "assessment-groups.csv", "assessment-findings.csv", "assessment-losses.csv", "assessment-names.csv" })
        {
            Assert.True(new FileInfo(folder.File($"second/{file}")).Length > 50, file);
        }
    }

    [Fact]
    public async Task Scenario_OfABlockedTenant_BringsItsTroublesAlong()
    {
        using var folder = new TempFolder();
        var world = new WorldOptions
        {
            Groups = 30, M365 = 6, MailBearing = 2, DisabledRetained = 3, SoftDeletedRetained = 1, Forests = 2, ForgottenServers = 1, ClonedRule = ClonedRule.Provisioning,
            ExistingConfiguration = ExistingConfiguration.Managing, ManagedGroups = 2, OtherJobs = OtherJobs.Unfiltered, Licence = Licence.None,
        };

        var result = await RunAsync(new() { World = world, Operators = OperatorMode.Passive }, folder.File("out"));

        var story = ScenarioFile.Read(folder.File("out/assessment-scenario.json")).Over(new(), name => name);
        Assert.Equal(ExitCode.EndedBefore, result.ExitCode);
        Assert.Equal(world, story.World with { Seed = world.Seed, Switches = world.Switches, Sabotage = world.Sabotage });
        Assert.Contains("<strong>Blocked</strong>", await File.ReadAllTextAsync(folder.File("out/report.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    static async Task<RehearsalResult> RunAsync(Story story, string output)
    {
        await using var log = new StringWriter();
        return await RehearsalRun.RunAsync(new() { Story = story, Output = output }, new PlainView(log), TestContext.Current.CancellationToken);
    }
}
