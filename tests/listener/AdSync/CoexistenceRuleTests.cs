using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.Tests.Listener.AdSync;

public sealed class CoexistenceRuleTests
{
    [Fact]
    public async Task Rules_ThatAreAbsent_AreAddedAsTheHowToSpecifies()
    {
        await using var listener = await TestListener.StartAsync();

        var result = await listener.RunAsync(new AddCoexistenceRules());

        Assert.Equal((RuleState.AsSpecified, RuleState.AsSpecified), (result.Inbound, result.Outbound));
        Assert.NotNull(result.ContentHash);
        var inbound = listener.AdSync.Rules.Single(rule => rule.Identifier == RuleIds.CoexistenceInbound);
        Assert.Equal(RuleIds.EntraConnector, inbound.Connector);
        Assert.Equal([("cloudMastered", "EQUAL", "true"), ("mail", "ISNULL", "")], inbound.Scope.Select(condition => (condition.Attribute, condition.Operator, condition.Value)));
        Assert.Equal(("cloudNoFlow", "Constant", "true"), (inbound.Flows[0].Destination, inbound.Flows[0].FlowType, inbound.Flows[0].Source));
        var outbound = listener.AdSync.Rules.Single(rule => rule.Identifier == RuleIds.CoexistenceOutbound);
        Assert.Equal((RuleLink.JoinNoFlow, FakeAdSync.AdConnectorId), (outbound.Link, outbound.Connector));
        Assert.Empty(outbound.Flows);
    }

    [Fact]
    public async Task Rules_ThatAreThere_AreNotAddedAgain()
    {
        await using var listener = await TestListener.StartAsync();
        var first = await listener.RunAsync(new AddCoexistenceRules());
        listener.AdSync.Calls.Clear();

        var second = await listener.RunAsync(new AddCoexistenceRules());

        Assert.Equal(first, second);
        Assert.Empty(listener.AdSync.Calls);
    }

    [Fact]
    public async Task Identifier_InUseWithOtherContent_IsNeverOverwritten()
    {
        await using var listener = await TestListener.StartAsync();
        listener.AdSync.Rules.Add(CoexistenceRuleSpec.Inbound(50) with { Scope = [new() { Attribute = "cloudMastered", Operator = "EQUAL", Value = "true" }] });

        Assert.Equal(AdSyncError.RuleIdInUse.Code, await listener.FailAsync(new AddCoexistenceRules()));
        Assert.Equal(AdSyncError.RuleIdInUse.Code, await listener.FailAsync(new RemoveCoexistenceRules()));
        Assert.Empty(listener.AdSync.Calls);
    }

    public static TheoryData<string> Fields => ["name", "link", "connector", "disabled", "scopeValue", "scopeOperator", "flow", "merge", "once", "tag", "expiry", "precedence", "type"];

    [Theory]
    [MemberData(nameof(Fields))]
    public void Rule_WithAnyFieldOtherwise_IsDifferent(string field)
    {
        var rule = CoexistenceRuleSpec.Inbound(50);
        var changed = field switch
        {
            "name" => rule with { Name = "Mine" },
            "link" => rule with { Link = RuleLink.StickyJoin },
            "connector" => rule with { Connector = FakeAdSync.AdConnectorId },
            "disabled" => rule with { Disabled = true },
            "scopeValue" => rule with { Scope = [rule.Scope[0] with { Value = "false" }, rule.Scope[1]] },
            "scopeOperator" => rule with { Scope = [rule.Scope[0], rule.Scope[1] with { Operator = "ISNOTNULL" }] },
            "flow" => rule with { Flows = [rule.Flows[0] with { Source = "false" }] },
            "merge" => rule with { Flows = [rule.Flows[0] with { ValueMergeType = "Merge" }] },
            "once" => rule with { Flows = [rule.Flows[0] with { ExecuteOnce = true }] },
            "tag" => rule with { ImmutableTag = "x" },
            "expiry" => rule with { SoftDeleteExpirySeconds = 60 },
            "precedence" => rule with { Precedence = 100 },
            _ => rule with { TargetObjectType = "person" },
        };

        var outbound = CoexistenceRuleSpec.Outbound(FakeAdSync.AdConnectorId, 51);

        Assert.Equal(RuleState.Different, CoexistenceRuleSpec.Judge([changed, outbound], FakeAdSync.AdConnectorId).Inbound);
        Assert.Equal(RuleState.AsSpecified, CoexistenceRuleSpec.Judge([rule, outbound], FakeAdSync.AdConnectorId).Inbound);
    }

    [Theory]
    [InlineData(new int[0], null, 1, 2)]
    [InlineData(new[] { 1, 3 }, null, 4, 5)]
    [InlineData(new[] { 1, 2 }, 10, 3, 4)]
    [InlineData(new[] { 2, 4, 6 }, 5, 1, 3)]
    [InlineData(new int[0], 2, 1, 3)]
    public void Precedences_AreTheSmallestUnusedBelowOtherCustomRulesWherePossible(int[] standard, int? custom, int inbound, int outbound)
    {
        var rules = standard.Select(precedence => FakeAdSync.Standard("s", precedence)).ToList();
        if (custom is { } taken) { rules.Add(FakeAdSync.Standard("c", taken) with { IsStandardRule = false }); }

        Assert.Equal([inbound, outbound], FreePrecedences.Choose(rules, [FakeAdSync.AdConnectorId], 2));
    }

    [Fact]
    public async Task Server_WithoutAFreePrecedence_IsLeftAlone()
    {
        await using var listener = await TestListener.StartAsync();
        listener.AdSync.Rules.AddRange(Enumerable.Range(1, 98).Select(precedence => FakeAdSync.Standard($"rule {precedence}", precedence)));

        Assert.Equal(AdSyncError.NoFreePrecedence.Code, await listener.FailAsync(new AddCoexistenceRules()));
        Assert.Empty(listener.AdSync.Calls);
    }

    [Fact]
    public async Task Add_ThatReportsSuccessAndAddsNothing_ReadsBackAsAbsent()
    {
        await using var listener = await TestListener.StartAsync();
        listener.AdSync.RulesStick = false;

        var result = await listener.RunAsync(new AddCoexistenceRules());

        Assert.Equal((RuleState.Absent, RuleState.Absent), (result.Inbound, result.Outbound));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(null)]
    public async Task Removal_WhileTheFlagDoesNotReadTrue_IsRefused(bool? reads)
    {
        await using var listener = await TestListener.StartAsync();
        await listener.RunAsync(new AddCoexistenceRules());
        listener.AdSync.Features = listener.AdSync.Features with { GroupWritebackV2 = reads };

        Assert.Equal(AdSyncError.WritebackNotOn.Code, await listener.FailAsync(new RemoveCoexistenceRules()));
        Assert.Equal(3, listener.AdSync.Rules.Count);
    }

    [Fact]
    public async Task Removal_WhenTheFlagGoesOffBetweenTheTwo_KeepsTheOutboundRule()
    {
        await using var listener = await TestListener.StartAsync();
        await listener.RunAsync(new AddCoexistenceRules());
        listener.AdSync.OnCall = (member, _) =>
        {
            if (member == nameof(IAdSync.RemoveRuleAsync)) { listener.AdSync.Features = listener.AdSync.Features with { GroupWritebackV2 = false }; }
        };

        Assert.Equal(AdSyncError.WritebackNotOn.Code, await listener.FailAsync(new RemoveCoexistenceRules()));
        Assert.Contains(listener.AdSync.Rules, rule => rule.Identifier == RuleIds.CoexistenceOutbound);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Removal_OfAPairOfWhichOneWasThereBefore_KeepsThatOne(bool inbound, bool outbound)
    {
        await using var listener = await TestListener.StartAsync();
        await listener.RunAsync(new AddCoexistenceRules());

        var result = await listener.RunAsync(new RemoveCoexistenceRules { KeepInbound = inbound, KeepOutbound = outbound });

        Assert.Equal(
            (inbound ? RuleState.AsSpecified : RuleState.Absent, outbound ? RuleState.AsSpecified : RuleState.Absent), (result.Inbound, result.Outbound));
    }

    [Theory]
    [InlineData(true, false, null)]
    [InlineData(false, true, null)]
    [InlineData(false, false, "GWB6226")]
    public async Task Retirement_AfterTheSwitch_NeedsStagingModeOrTheServersLeave(bool staging, bool allowed, string? refused)
    {
        await using var listener = await TestListener.StartAsync(l => l.Configure = options => options with { MayRetireRules = allowed });
        await listener.RunAsync(new AddCoexistenceRules());
        listener.AdSync.Features = listener.AdSync.Features with { GroupWritebackV2 = false };
        listener.AdSync.Scheduler = listener.AdSync.Scheduler with { StagingModeEnabled = staging };

        if (refused is null) { Assert.Equal(RuleState.Absent, (await listener.RunAsync(new RetireCoexistenceRules())).Outbound); }
        else { Assert.Equal(refused, await listener.FailAsync(new RetireCoexistenceRules())); }

        Assert.Equal(refused is null ? 1 : 3, listener.AdSync.Rules.Count);
    }

    [Fact]
    public async Task Retirement_WhileTheFlagReadsTrue_IsRefused()
    {
        await using var listener = await TestListener.StartAsync(l => l.Configure = options => options with { MayRetireRules = true });
        await listener.RunAsync(new AddCoexistenceRules());

        Assert.Equal(AdSyncError.WritebackNotOff.Code, await listener.FailAsync(new RetireCoexistenceRules()));
        Assert.Equal(3, listener.AdSync.Rules.Count);
    }

    [Fact]
    public async Task Removal_WhileTheFlagReadsTrue_RemovesBoth()
    {
        await using var listener = await TestListener.StartAsync();
        await listener.RunAsync(new AddCoexistenceRules());

        var result = await listener.RunAsync(new RemoveCoexistenceRules());

        Assert.Equal((RuleState.Absent, RuleState.Absent), (result.Inbound, result.Outbound));
        Assert.Single(listener.AdSync.Rules);
    }
}
