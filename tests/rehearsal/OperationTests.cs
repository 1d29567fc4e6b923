using GwbCloud.Lab.Operations;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>Operations beside a migration, judged by the world: held against one in which a person did the same by hand, or nobody did anything.</summary>
public sealed class OperationTests
{
    const string NewGroups = "newGroups";
    const string ExistingGroups = "existingGroups";

    const string Enable = "enable";

    /// <summary>A tenant that never had group writeback.</summary>
    static readonly WorldOptions Never = new() { Groups = 20, M365 = 12, Orphans = 0, WithoutWriteback = true };

    static readonly WorldOptions Small = new() { Groups = 20, M365 = 12 };

    [Theory]
    [InlineData(NewGroups, true, false, false)]
    [InlineData(NewGroups, true, true, false)]
    [InlineData(NewGroups, true, true, true)]
    [InlineData(ExistingGroups, true, false, false)]
    [InlineData(ExistingGroups, true, true, false)]
    [InlineData(ExistingGroups, false, false, false)]
    [InlineData(ExistingGroups, false, true, false)]
    public async Task Operation_AndItsUndo_LeaveTheWorldAsItShouldBe(string kind, bool off, bool undo, bool setting)
    {
        var account = await RunAsync(new() { Kind = kind, Off = off, Undo = undo }, Small with { UnifiedSetting = setting });

        AssertFine(account, undo ? "undone" : "completed");
        Assert.True(account.Planned > 0);
        Assert.Equal(undo ? 0 : account.Planned, account.Written);
    }

    /// <summary>The rule comes and goes on every server, the scheduler is as before, and what the rule does the world does too.</summary>
    [Theory]
    [InlineData("memberLimit", true, false)]
    [InlineData("memberLimit", true, true)]
    [InlineData("deleteRule", true, false)]
    [InlineData("deleteRule", false, false)]
    [InlineData("deleteRule", false, true)]
    public async Task Rule_OnEveryServer_AndBack_LeavesTheWorldAsItShouldBe(string kind, bool off, bool undo)
    {
        var account = await RunAsync(new() { Kind = kind, Off = off, Undo = undo }, Small with { DeleteRule = kind == "deleteRule" && off });

        AssertFine(account, undo ? "undone" : "completed");
        Assert.Equal(2, account.Planned);
    }

    /// <summary>What the preview names is what the world then deletes.</summary>
    [Fact]
    public async Task DeleteRule_WhereGroupsWereSwitchedOff_DeletesThemAsByHand() =>
        AssertFine(await RunAsync(new() { Kind = "deleteRule", Off = false }, Small with { DisabledRetained = 2, SoftDeletedRetained = 1 }), "completed");

    [Fact]
    public async Task Operation_OnSomeGroups_TouchesNoOther() => AssertFine(await RunAsync(new() { Kind = ExistingGroups, Selected = 5 }, Small), "completed");

    [Fact]
    public async Task Operation_ThatNeedsAnApprover_RunsWhenHeApproves()
    {
        var account = await RunAsync(new() { Kind = ExistingGroups, Undo = true }, Small with { M365 = 90 });

        AssertFine(account, "undone");
        Assert.Equal(60, account.Planned);
    }

    [Fact]
    public async Task Operation_ThatIsDenied_ChangesNothing()
    {
        var account = await RunAsync(new() { Kind = ExistingGroups, Denied = true }, Small with { M365 = 90 });

        Assert.Equal((ExitCode.EndedBefore, "denied", 0), (account.ExitCode, account.Outcome, account.Differences.Count));
    }

    /// <summary>The rule turns a switch-off into deletes: the plan says so, somebody approves, and the world has what it would have by hand.</summary>
    [Fact]
    public async Task Operation_UnderTheDeleteRule_NeedsAnApprover_AndDeletesAsAnnounced()
    {
        var denied = await RunAsync(new() { Kind = ExistingGroups, Denied = true }, Small with { DeleteRule = true });
        var approved = await RunAsync(new() { Kind = ExistingGroups }, Small with { DeleteRule = true });

        Assert.Equal("denied", denied.Outcome);
        AssertFine(approved, "completed");
    }

    [Fact]
    public async Task Operation_WithNothingToDo_EndsAtOnce() => AssertFine(await RunAsync(new() { Kind = NewGroups, Off = false }, Small), "nothingToDo");

    [Theory]
    [InlineData("writebackOu", false)]
    [InlineData("writebackOu", true)]
    [InlineData("allDomains", true)]
    public async Task Enable_AndItsUndo_LeaveTheWorldAsItShouldBe(string permissions, bool undo)
    {
        var account = await RunAsync(new() { Kind = Enable, Permissions = permissions, Undo = undo }, Never);

        AssertFine(account, undo ? "undone" : "completed");
        Assert.Equal((13, undo ? 0 : 13), (account.Planned, account.Written));
    }

    [Fact]
    public async Task Enable_WithoutThePermissions_SaysWhatWasNotWritten()
    {
        var account = await RunAsync(new() { Kind = Enable, Permissions = "nothing" }, Never);

        Assert.Equal((ExitCode.Failed, "incomplete", 12), (account.ExitCode, account.Outcome, account.Left));
        Assert.Contains("GWB2914", account.Codes);
    }

    [Fact]
    public async Task Enable_WithManyGroups_NeedsAnApprover()
    {
        var denied = await RunAsync(new() { Kind = Enable, Denied = true }, Never with { M365 = 60 });

        Assert.Equal((ExitCode.EndedBefore, "denied", 0), (denied.ExitCode, denied.Outcome, denied.Differences.Count));
    }

    [Fact]
    public async Task Enable_OfVersion2_IsRefused_AndChangesNothing()
    {
        var account = await RunAsync(new() { Kind = Enable, Version = 2 }, Never);

        Assert.Equal((ExitCode.EndedBefore, "notPlanned", 0), (account.ExitCode, account.Outcome, account.Differences.Count));
        Assert.Equal(["GWB2910"], account.Codes);
    }

    /// <summary>Nobody runs the wizard: people are told, reminded and told of the end; the scheduler comes back by itself, and the world is as if nobody had asked.</summary>
    [Fact]
    public async Task Enable_WithPassiveOperators_EndsInTime_AndGivesTheSchedulerBack()
    {
        List<string> heads = [];

        var account = await RunAsync(new() { Kind = Enable, Passive = true }, Never, output => heads.AddRange(MessagesTests.HeadsIn(output)));

        Assert.Equal((ExitCode.EndedBefore, "failed", 0), (account.ExitCode, account.Outcome, account.Differences.Count));
        Assert.Equal(["GWB2834", "GWB2911"], account.Codes);
        Assert.Equal(["A decision is asked for", "A task for an operator", "An operation waits", "An operation waits, and nobody came", "An operation waits", "Attention needed"], heads);
    }

    [Fact]
    public async Task Enable_WhereItIsOn_HasNothingToDo() => AssertFine(await RunAsync(new() { Kind = Enable }, Small), "nothingToDo");

    static void AssertFine(OperationAccount account, string outcome)
    {
        Assert.True(account.Differences.Count == 0, string.Join('\n', account.Differences.Take(10)));
        Assert.Equal((ExitCode.Completed, outcome, 0), (account.ExitCode, account.Outcome, account.Left));
    }

    static async Task<OperationAccount> RunAsync(OperationStory operation, WorldOptions world, Action<string>? look = null)
    {
        using var folder = new TempFolder();
        var account = await OperationRehearsal.RunAsync(
            new RehearsalOptions { Story = new Story { World = world, Operation = operation }, Output = folder.File("out") }, _ => { }, TestContext.Current.CancellationToken);
        look?.Invoke(folder.File("out"));
        return account;
    }
}
