using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.Tests.Listener.AdSync;

public sealed class WritebackRuleTests
{
    const string Limit = "Out to AD - Group Writeback Member Limit";

    static Task<TestListener> AllowedAsync() => TestListener.StartAsync(listener => listener.Configure = options => options with { MayAddDeleteRule = true });

    /// <summary>Whoever holds the cloud half could switch every group off: that this deletes them is decided on the server.</summary>
    [Fact]
    public async Task DeleteRule_WithoutTheOptIn_IsNotAdded()
    {
        await using var listener = await TestListener.StartAsync();

        Assert.Equal(AdSyncError.DeleteRuleNotAllowed.Code, await listener.FailAsync(Set(WritebackRule.DeleteOnDisable, WritebackRuleState.Absent, WritebackRuleState.On)));
        Assert.Empty(listener.AdSync.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(null)]
    public async Task DeleteRule_UnlessVersion2ReadsOn_IsNotAdded(bool? reads)
    {
        await using var listener = await AllowedAsync();
        listener.AdSync.Features = listener.AdSync.Features with { GroupWritebackV2 = reads };

        Assert.Equal(AdSyncError.WritebackNotOnForRule.Code, await listener.FailAsync(Set(WritebackRule.DeleteOnDisable, WritebackRuleState.Absent, WritebackRuleState.On)));
        Assert.Empty(listener.AdSync.Calls);
    }

    [Fact]
    public async Task MemberLimit_IsSwitchedOffAndOnAgain_AndNothingElseOfIt()
    {
        await using var listener = await TestListener.StartAsync();
        listener.AdSync.Rules.Add(FakeAdSync.Standard(Limit, 130));
        var before = listener.AdSync.Rules[^1];

        var off = await listener.RunAsync(Set(WritebackRule.MemberLimit, WritebackRuleState.On, WritebackRuleState.Off));
        var on = await listener.RunAsync(Set(WritebackRule.MemberLimit, WritebackRuleState.Off, WritebackRuleState.On));

        Assert.Equal((WritebackRuleState.Off, WritebackRuleState.On), (off.MemberLimit, on.MemberLimit));
        Assert.Equal(before, listener.AdSync.Rules[^1]);
    }

    /// <summary>An administrator's rule of that name is none of Connect's own.</summary>
    [Fact]
    public async Task MemberLimit_OfSomebodyElse_IsNotFound()
    {
        await using var listener = await TestListener.StartAsync();
        listener.AdSync.Rules.Add(FakeAdSync.Standard(Limit, 130) with { IsStandardRule = false });

        Assert.Equal(WritebackRuleState.Absent, (await listener.RunAsync(new ReadWritebackRules())).MemberLimit);
        Assert.Equal(AdSyncError.RuleNotAsExpected.Code, await listener.FailAsync(Set(WritebackRule.MemberLimit, WritebackRuleState.On, WritebackRuleState.Off)));
    }

    [Fact]
    public async Task DeleteRule_IsMadeAsTheDocumentHasIt_AndRemoved()
    {
        await using var listener = await AllowedAsync();

        var added = await listener.RunAsync(Set(WritebackRule.DeleteOnDisable, WritebackRuleState.Absent, WritebackRuleState.On));
        var rule = listener.AdSync.Rules.Single(rule => rule.Identifier == RuleIds.DeleteOnDisable);
        var removed = await listener.RunAsync(Set(WritebackRule.DeleteOnDisable, WritebackRuleState.On, WritebackRuleState.Absent));

        Assert.Equal((WritebackRuleState.On, WritebackRuleState.Absent), (added.DeleteOnDisable, removed.DeleteOnDisable));
        Assert.Equal((RuleDirection.Inbound, RuleLink.Join, RuleIds.EntraConnector), (rule.Direction, rule.Link, rule.Connector));
        Assert.Equal(["cloudAnchor=cloudAnchor"], rule.JoinConditions);
        Assert.InRange(rule.Precedence, 1, 99);
    }

    [Fact]
    public async Task Rule_AlreadySo_IsLeftAlone()
    {
        await using var listener = await AllowedAsync();
        await listener.RunAsync(Set(WritebackRule.DeleteOnDisable, WritebackRuleState.Absent, WritebackRuleState.On));
        listener.AdSync.Calls.Clear();

        await listener.RunAsync(Set(WritebackRule.DeleteOnDisable, WritebackRuleState.Absent, WritebackRuleState.On));

        Assert.Empty(listener.AdSync.Calls);
    }

    [Fact]
    public async Task DeleteRule_WithOtherContent_IsNeverTouched()
    {
        await using var listener = await TestListener.StartAsync();
        listener.AdSync.Rules.Add(WritebackRuleSpec.DeleteOnDisable(9) with { JoinConditions = [] });

        Assert.Equal(WritebackRuleState.Different, (await listener.RunAsync(new ReadWritebackRules())).DeleteOnDisable);
        Assert.Equal(AdSyncError.RuleIdInUse.Code, await listener.FailAsync(Set(WritebackRule.DeleteOnDisable, WritebackRuleState.Different, WritebackRuleState.Absent)));
        Assert.Empty(listener.AdSync.Calls);
    }

    [Theory]
    [InlineData(WritebackRule.DeleteOnDisable, WritebackRuleState.On, WritebackRuleState.Off)]
    [InlineData(WritebackRule.MemberLimit, WritebackRuleState.On, WritebackRuleState.Absent)]
    [InlineData(WritebackRule.DeleteOnDisable, WritebackRuleState.Absent, WritebackRuleState.Different)]
    public async Task Rule_InAnotherStateThanExpected_OrToAnImpossibleOne_IsRefused(WritebackRule rule, WritebackRuleState expected, WritebackRuleState wanted)
    {
        await using var listener = await TestListener.StartAsync();
        listener.AdSync.Rules.Add(FakeAdSync.Standard(Limit, 130));

        Assert.Equal(AdSyncError.RuleNotAsExpected.Code, await listener.FailAsync(Set(rule, expected, wanted)));
        Assert.Empty(listener.AdSync.Calls);
    }

    static SetWritebackRule Set(WritebackRule rule, WritebackRuleState expected, WritebackRuleState state) => new() { Rule = rule, Expected = expected, State = state };
}
