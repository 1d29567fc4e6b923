using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Orchestration;

public sealed class CoexistenceRuleWorkTests
{
    [Theory]
    [InlineData(RuleState.AsSpecified, RuleState.AsSpecified, false, false)]
    [InlineData(RuleState.Absent, RuleState.Absent, true, false)]
    [InlineData(RuleState.AsSpecified, RuleState.Absent, true, true)]
    public async Task Add_RemembersWhatIsOurs_AndWhichRuleOfThePairWasThereBefore(RuleState inbound, RuleState outbound, bool ours, bool halfThere)
    {
        var run = await AddAsync(new(), inbound, outbound);

        Assert.Equal((ours, halfThere), (run.Facts.RulesMadeOn is ["AADC1"], run.Facts.RulesFound is [{ Server: "AADC1", Inbound: true, Outbound: false }]));
    }

    /// <summary>A crash between the two rules leaves half of our own pair.</summary>
    [Fact]
    public async Task Add_ASecondTime_TakesItsOwnHalfForNobodyElses()
    {
        var run = await AddAsync(new() { RulesMadeOn = ["AADC1"] }, RuleState.AsSpecified, RuleState.Absent);

        Assert.Equal(["AADC1"], run.Facts.RulesMadeOn);
        Assert.Empty(run.Facts.RulesFound);
    }

    static async Task<StageRun> AddAsync(MigrationFacts facts, RuleState inbound, RuleState outbound)
    {
        var rules = new CoexistenceRules { Inbound = inbound, Outbound = outbound };
        var input = ScriptedContext.Input(StageName.CoexistenceRules, facts);
        var context = new ScriptedContext(input)
            .On("KeepStanding", _ => null)
            .On<InspectServer>(_ => ScriptedContext.Server(flag: true) with { Coexistence = rules })
            .On<AddCoexistenceRules>(_ => rules = ScriptedContext.Rules(RuleState.AsSpecified));
        var run = new StageRun(context, input);
        await CoexistenceRuleWork.AddAsync(run, ["AADC1"]);
        return run;
    }
}
