using GwbCloud.Lab.Operations;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>The undo of a migration that was left, put off or lost, judged by the world: it must be as if there had been none.</summary>
public sealed class UndoOperationTests
{
    static readonly WorldOptions Small = new() { Groups = 20, M365 = 6 };

    public static TheoryData<RehearsedDecision, RehearsedGate, bool> Left { get; } = new()
    {
        { RehearsedDecision.DenyAndLeave, RehearsedGate.Plan, false },
        { RehearsedDecision.DenyAndLeave, RehearsedGate.Plan, true },
        { RehearsedDecision.Postpone, RehearsedGate.Plan, true },
        { RehearsedDecision.Postpone, RehearsedGate.Switch, false },
    };

    [Theory]
    [MemberData(nameof(Left))]
    public async Task Undo_OfAMigrationThatWasLeft_LeavesTheWorldAsIfThereHadBeenNone(RehearsedDecision decision, RehearsedGate gate, bool historyGone) =>
        AssertUndone(await RunAsync(new() { World = Small, Decision = decision, At = gate, Operation = new() { Kind = LostStory.Undo, HistoryGone = historyGone } }));

    [Theory]
    [InlineData("prepare-cloud-sync")]
    [InlineData("enter-staging-mode")]
    [InlineData("first-full-sync")]
    public async Task Undo_OfAMigrationThatLostItsHistory_LeavesTheWorldAsIfThereHadBeenNone(string stage) => AssertUndone(await RunAsync(Lost(stage, Small)));

    /// <summary>Whatever was there before stays: the comparison holds job, schema, assignments and rules to those of a world without a migration.</summary>
    [Theory]
    [InlineData(ExistingConfiguration.Paused, false)]
    [InlineData(ExistingConfiguration.Managing, true)]
    public async Task Undo_OfWhatWasTakenOver_LeavesItAsItWas(ExistingConfiguration configuration, bool rules) =>
        AssertUndone(await RunAsync(Lost("confirm-switch", Small with { ExistingConfiguration = configuration, RulesOnStandbys = rules })));

    [Fact]
    public async Task Undo_ThatIsDenied_ChangesNothing()
    {
        var story = new Story { World = Small, Decision = RehearsedDecision.DenyAndLeave, At = RehearsedGate.Plan, Operation = new() { Kind = LostStory.Undo, Denied = true } };

        var account = await RunAsync(story);

        Assert.Equal((ExitCode.EndedBefore, "denied"), (account.ExitCode, account.Outcome));
        Assert.NotEmpty(account.Differences);
    }

    /// <summary>Some of the long run's seeds.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task Undo_FromADrawnPoint_WithoutItsHistory_LeavesTheWorldAsIfThereHadBeenNone(int seed) => LostStory.Of(seed).RunAsync();

    static Story Lost(string stage, WorldOptions world) => new() { World = world, Operation = new() { Kind = LostStory.Undo, LostIn = stage, HistoryGone = true } };

    static void AssertUndone(OperationAccount account)
    {
        Assert.True(account.Differences.Count == 0, string.Join('\n', account.Differences.Take(10)));
        Assert.Equal((ExitCode.Completed, "completed"), (account.ExitCode, account.Outcome));
        Assert.Equal(account.Planned, account.Written);
    }

    static async Task<OperationAccount> RunAsync(Story story)
    {
        using var folder = new TempFolder();
        return await OperationRehearsal.RunAsync(
            new RehearsalOptions { Story = story, Output = folder.File("out") }, line => TestContext.Current.TestOutputHelper?.WriteLine(line), TestContext.Current.CancellationToken);
    }
}
