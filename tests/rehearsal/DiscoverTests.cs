using System.Text.Json.Nodes;
using GwbCloud.Lab.Operations;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>The discovery in a simulated tenant: its report says what the world has, and the world stays as if nobody had looked.</summary>
public sealed class DiscoverTests
{
    static readonly WorldOptions Small = new() { Groups = 20, M365 = 12 };

    [Fact]
    public async Task Discovery_LeavesTheWorldAsItWas_AndSaysWhatItHas()
    {
        using var folder = new TempFolder();
        var (account, report) = await RunAsync(folder, Small with { DeleteRule = true, UnifiedSetting = true });

        Assert.Empty(account.Differences);
        Assert.Equal((ExitCode.Completed, "nothingToDo", 0), (account.ExitCode, account.Outcome, account.Planned));
        Assert.Equal(["4", "4", "4"], Values(report, "m365-existing").Select(value => value.Value));
        Assert.Contains(Values(report, "retained"), value => value.Value == "the delete-on-disable rule is in force");
        Assert.Equal(("attention", "asDescribed"), (Standing(report, "retained"), Standing(report, "m365-new")));
        Assert.Equal("true", Assert.Single(Values(report, "m365-new")).Value);
        Assert.All(Values(report, "feature-v2"), value => Assert.Equal("on", value.Value));
        Assert.Equal("20", Values(report, "security-each").Single(value => value.Of == "enabled").Value);
    }

    [Fact]
    public async Task Discovery_OfATenantWithoutTheSetting_SaysSo()
    {
        using var folder = new TempFolder();
        var (_, report) = await RunAsync(folder, Small);

        Assert.Equal("there is no setting Group.Unified", Assert.Single(Values(report, "m365-new")).Value);
        Assert.Equal("asDescribed", Standing(report, "retained"));
        Assert.True(File.ReadAllText(folder.File("out/discover.html")).Contains("Group writeback of", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--undo")]
    [InlineData("--deny")]
    [InlineData("--selected=5")]
    public void CommandLine_OfWhatADiscoveryDoesNotHave_IsRefused(string option) =>
        Assert.Throws<BadUsageException>(() => new DiscoverCommandLine().Read([option]));

    static IReadOnlyList<(string Of, string Value)> Values(JsonNode report, string item) =>
        [.. Item(report, item)["values"]!.AsArray().Select(value => ((string)value!["of"]!, (string)value["value"]!))];

    static string Standing(JsonNode report, string item) => (string)Item(report, item)["standing"]!;

    static JsonNode Item(JsonNode report, string item) => report["items"]!.AsArray().Single(of => (string)of!["id"]! == item)!;

    static async Task<(OperationAccount Account, JsonNode Report)> RunAsync(TempFolder folder, WorldOptions world)
    {
        var account = await OperationRehearsal.RunAsync(
            new RehearsalOptions { Story = new Story { World = world, Operation = new() { Kind = "discover" } }, Output = folder.File("out") }, _ => { }, TestContext.Current.CancellationToken);
        return (account, JsonNode.Parse(await File.ReadAllTextAsync(folder.File("out/discover.json"), TestContext.Current.CancellationToken))!);
    }
}
