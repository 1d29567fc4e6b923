using GwbCloud.Lab.Operations;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>Deleted groups restored, and joined again by Connect: held against a world in which a person did the same by hand, identities included.</summary>
public sealed class RestoreTests
{
    [Theory]
    [InlineData]
    [InlineData("--by-hand", "--leave")]
    public async Task Restore_OfWhatARuleOrAPersonDeleted_BringsTheSameObjectsBack(params string[] how)
    {
        var account = await RunAsync(how);

        Assert.True(account.Differences.Count == 0, string.Join('\n', account.Differences.Take(10)));
        Assert.Equal((ExitCode.Completed, "completed", 4, 0), (account.ExitCode, account.Outcome, account.Written, account.Left));
        // One of them is soft-deleted in Entra: that is for people.
        Assert.Equal(["GWB2972"], account.Codes);
    }

    /// <summary>Connect was faster: the old objects stay where they are, and nothing is written.</summary>
    [Fact]
    public async Task Restore_AfterSomebodySwitchedThemOn_RestoresNothing()
    {
        var account = await RunAsync("--early");

        Assert.Equal((ExitCode.Completed, "nothingToDo", 0, 0), (account.ExitCode, account.Outcome, account.Planned, account.Differences.Count));
    }

    [Fact]
    public async Task Restore_ThatIsDenied_ChangesNothing()
    {
        var account = await RunAsync("--deny");

        Assert.Equal((ExitCode.EndedBefore, "denied", 0), (account.ExitCode, account.Outcome, account.Differences.Count));
    }

    [Fact]
    public void CommandLine_OffersNoUndo() => Assert.Throws<BadUsageException>(() => new RestoreCommandLine().Read(["--undo"]));

    static async Task<OperationAccount> RunAsync(params string[] how)
    {
        using var folder = new TempFolder();
        var options = new RestoreCommandLine().Read(["--groups", "8", "--m365", "3", .. how]);
        return await OperationRehearsal.RunAsync(options with { Output = folder.File("out") }, _ => { }, TestContext.Current.CancellationToken);
    }
}
