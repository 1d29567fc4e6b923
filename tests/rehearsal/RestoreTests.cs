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
        using var folder = new TempFolder();

        var account = await RunAsync(folder, how);

        Assert.True(account.Differences.Count == 0, string.Join('\n', account.Differences.Take(10)));
        Assert.Equal((ExitCode.Completed, "completed", 4, 0), (account.ExitCode, account.Outcome, account.Written, account.Left));
        // One of them is soft-deleted in Entra: that is for people.
        Assert.Equal(["GWB2972"], account.Codes);
        // The same by hand, each object under either of its names.
        Assert.Equal(2 * 4, File.ReadLines(folder.File("out/repair.ldif")).Count(line => line == "delete: isDeleted"));
        Assert.Contains("found by operation o-", await File.ReadAllTextAsync(folder.File("out/repair.ps1"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    /// <summary>Connect was faster: the old objects stay where they are, and nothing is written.</summary>
    [Fact]
    public async Task Restore_AfterSomebodySwitchedThemOn_RestoresNothing()
    {
        using var folder = new TempFolder();

        var account = await RunAsync(folder, "--early");

        Assert.Equal((ExitCode.Completed, "nothingToDo", 0, 0), (account.ExitCode, account.Outcome, account.Planned, account.Differences.Count));
    }

    [Fact]
    public async Task Restore_ThatIsDenied_ChangesNothing()
    {
        using var folder = new TempFolder();

        var account = await RunAsync(folder, "--deny");

        Assert.Equal((ExitCode.EndedBefore, "denied", 0), (account.ExitCode, account.Outcome, account.Differences.Count));
    }

    [Fact]
    public void CommandLine_OffersNoUndo() => Assert.Throws<BadUsageException>(() => new RestoreCommandLine().Read(["--undo"]));

    static async Task<OperationAccount> RunAsync(TempFolder folder, params string[] how)
    {
        var options = new RestoreCommandLine().Read(["--groups", "8", "--m365", "3", .. how]);
        return await OperationRehearsal.RunAsync(options with { Output = folder.File("out") }, _ => { }, TestContext.Current.CancellationToken);
    }
}
