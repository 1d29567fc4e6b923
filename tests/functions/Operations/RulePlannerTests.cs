using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Operations.Rules;

namespace GwbCloud.Tests.Functions.Operations;

public sealed class RulePlannerTests
{
    [Fact]
    public void MemberLimit_Off_IsAChangeOnEachServerThatHasIt()
    {
        var (draft, changes, leftOut) = RulePlanner.Plan(
            Ask(WritebackRule.MemberLimit, WritebackRuleState.Off, ("A", WritebackRuleState.On), ("B", WritebackRuleState.Off), ("C", WritebackRuleState.Absent)), affected: 0);

        Assert.Equal(("A", "on", "off"), changes.Select(change => (change.Target, change.Before, change.After)).Single());
        Assert.Equal((1, "C"), (draft.AlreadySo, Assert.Single(leftOut).Target));
        Assert.Empty(draft.Dangers);
        Assert.NotNull(draft.Undo);
    }

    /// <summary>Objects of larger groups may be there by then, and no document says what becomes of them.</summary>
    [Fact]
    public void MemberLimit_OnAgain_IsDangerous()
    {
        var (draft, _, _) = RulePlanner.Plan(Ask(WritebackRule.MemberLimit, WritebackRuleState.On, ("A", WritebackRuleState.Off)), affected: 0);

        Assert.Contains("documented nowhere", Assert.Single(draft.Dangers), StringComparison.Ordinal);
    }

    [Fact]
    public void DeleteRule_Added_IsAlwaysDangerous_AndSaysHowMany()
    {
        var (draft, changes, _) = RulePlanner.Plan(Ask(WritebackRule.DeleteOnDisable, WritebackRuleState.On, ("A", WritebackRuleState.Absent)) with { RecycleBin = true }, affected: 1_234);

        Assert.Single(changes);
        Assert.Contains("1,234", Assert.Single(draft.Dangers), StringComparison.Ordinal);
        Assert.NotNull(draft.Undo);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(null)]
    public void DeleteRule_WithoutRecycleBin_SaysThatNothingComesBack(bool? bin)
    {
        var (draft, _, _) = RulePlanner.Plan(Ask(WritebackRule.DeleteOnDisable, WritebackRuleState.On, ("A", WritebackRuleState.Absent)) with { RecycleBin = bin }, affected: 0);

        Assert.Contains(draft.Dangers, danger => danger.Contains("does not come back", StringComparison.Ordinal));
    }

    /// <summary>The way back from a removal would begin to delete: it is planned and approved by itself.</summary>
    [Fact]
    public void DeleteRule_Removed_IsHarmless_AndHasNoUndo()
    {
        var (draft, changes, _) = RulePlanner.Plan(Ask(WritebackRule.DeleteOnDisable, WritebackRuleState.Absent, ("A", WritebackRuleState.On), ("B", WritebackRuleState.Off)), affected: 0);

        Assert.Equal("A", Assert.Single(changes).Target);
        Assert.Empty(draft.Dangers);
        Assert.Null(draft.Undo);
    }

    [Fact]
    public void Rule_WithOtherContent_IsLeftToPeople()
    {
        var (_, changes, leftOut) = RulePlanner.Plan(Ask(WritebackRule.DeleteOnDisable, WritebackRuleState.Absent, ("A", WritebackRuleState.Different)), affected: 0);

        Assert.Empty(changes);
        Assert.Contains("other content", Assert.Single(leftOut).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Server_ThatDoesNotAnswer_IsLeftOut_AndADanger()
    {
        var (draft, changes, leftOut) = RulePlanner.Plan(Ask(WritebackRule.MemberLimit, WritebackRuleState.Off, ("A", WritebackRuleState.On), ("B", null)), affected: 0);

        Assert.Equal(("A", "B"), (Assert.Single(changes).Target, Assert.Single(leftOut).Target));
        Assert.Single(draft.Dangers);
    }

    [Fact]
    public void WhyDeleted_TakesWhatIsOutOfWriteback_AndNothingElse()
    {
        Assert.NotNull(RulePlanner.WhyDeleted(Group(unified: true, false)));
        Assert.NotNull(RulePlanner.WhyDeleted(Group(unified: false, null)));
        Assert.NotNull(RulePlanner.WhyDeleted(Group(unified: false, true) with { SoftDeleted = true }));
        Assert.Null(RulePlanner.WhyDeleted(Group(unified: true, null)));
        Assert.Null(RulePlanner.WhyDeleted(Group(unified: false, true)));
        Assert.Null(RulePlanner.WhyDeleted(null));
    }

    static RuleQuestion Ask(WritebackRule rule, WritebackRuleState wanted, params (string Server, WritebackRuleState? State)[] servers) => new()
    {
        Rule = rule, Wanted = wanted, Sight = new() { Version2 = true }, Servers = [.. servers.Select(server => new ServerRule { Server = server.Server, State = server.State })],
    };

    static CloudGroupFacts Group(bool unified, bool? writeback) => new()
    {
        Id = Guid.NewGuid(), DisplayName = "g", SecurityEnabled = !unified, MailEnabled = unified, Unified = unified, WritebackEnabled = writeback,
    };
}
