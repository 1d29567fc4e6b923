using GwbCloud.Lab.Operations;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>A whole migration and the clean-up after it, judged by the world: its harm, and the rules of every server.</summary>
public sealed class CleanUpTests
{
    static readonly WorldOptions LetsGo = new() { Groups = 12, M365 = 4, Switches = new() { RuleRemovalDeletes = false } };

    static readonly WorldOptions Deletes = LetsGo with { Switches = new() };

    /// <summary>Connect lets the groups go: the standby stays without the rules, and then the active server too.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task CleanUp_WhereConnectLetsGo_TakesTheRules_AndUndoPutsThemBackAsTheyWere(bool active, bool undo)
    {
        var account = await RunAsync(LetsGo, active, undo);

        AssertFine(account, undo ? "undone" : "completed");
        Assert.Equal((1, undo ? 0 : 1, 0), (account.Planned, account.Written, account.Left));
        Assert.Empty(account.Codes);
    }

    /// <summary>Connect would delete the groups: the standby gets its rules back, and each delete is told by name.</summary>
    [Fact]
    public async Task CleanUp_WhereDeletesShow_GivesTheRulesBack_AndTellsThem()
    {
        var account = await RunAsync(Deletes, active: false);

        AssertFine(account, "incomplete");
        Assert.Equal(0, account.Written);
        Assert.True(account.Left >= Deletes.Groups, $"{account.Left} are told");
        Assert.Equal(["GWB2980", "GWB2981"], account.Codes);
    }

    [Fact]
    public async Task CleanUp_WhereDeletesShow_NeverReachesTheActiveServer() => AssertFine(await RunAsync(Deletes, active: true), "nothingToDo");

    [Fact]
    public async Task CleanUp_OfASingleServer_LeavesTheRules() => AssertFine(await RunAsync(LetsGo with { Servers = 1 }, active: true), "nothingToDo");

    [Fact]
    public async Task CleanUp_ThatIsDenied_ChangesNothing()
    {
        var account = await RunAsync(LetsGo, active: true, denied: true);

        Assert.Equal((ExitCode.EndedBefore, "denied", 0), (account.ExitCode, account.Outcome, account.Differences.Count));
    }

    static void AssertFine(OperationAccount account, string outcome)
    {
        Assert.True(account.Differences.Count == 0, string.Join('\n', account.Differences.Take(10)));
        Assert.Equal((ExitCode.Completed, outcome), (account.ExitCode, account.Outcome));
    }

    static async Task<OperationAccount> RunAsync(WorldOptions world, bool active, bool undo = false, bool denied = false)
    {
        using var folder = new TempFolder();
        var story = new Story { World = world, Operation = new() { Kind = "cleanUp", Active = active, Undo = undo, Denied = denied } };
        return await OperationRehearsal.RunAsync(new RehearsalOptions { Story = story, Output = folder.File("out") }, _ => { }, TestContext.Current.CancellationToken);
    }
}
