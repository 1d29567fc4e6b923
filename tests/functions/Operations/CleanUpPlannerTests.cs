using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Operations.CleanUp;

namespace GwbCloud.Tests.Functions.Operations;

public sealed class CleanUpPlannerTests
{
    static readonly DateTimeOffset Ended = new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);

    static readonly CoexistenceRules None = new() { Inbound = RuleState.Absent, Outbound = RuleState.Absent };

    static readonly CoexistenceRules Both = new() { Inbound = RuleState.AsSpecified, Outbound = RuleState.AsSpecified, InboundPrecedence = 98, OutboundPrecedence = 99 };

    [Fact]
    public void Look_TellsEverything_AndWritesNothing()
    {
        var (draft, changes, left) = CleanUpPlanner.Plan(Facts(CleanUpStep.Look, Server("A"), Server("B", staging: true)));

        Assert.Equal((0, 0, 0), (changes.Count, left.Count, draft.Dangers.Count));
        Assert.Equal("now, as a trial: nothing is exported from there", Fact(draft, "Coexistence rules on B"));
        Assert.StartsWith("later: B still has them", Fact(draft, "Coexistence rules on A"), StringComparison.Ordinal);
        Assert.Contains("takes no custom rules", Fact(draft, "Guided transition to Cloud Sync"), StringComparison.Ordinal);
        Assert.StartsWith("from 2027-05-01", Fact(draft, "Report, tables, audit log, repair pack"), StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutACompletedMigration_ThereIsNothingToDo()
    {
        var (draft, changes, _) = CleanUpPlanner.Plan(Facts(CleanUpStep.Standby, Server("B", staging: true)) with { MigrationId = null });

        Assert.Empty(changes);
        Assert.Single(draft.Facts);
    }

    [Fact]
    public void Standby_TakesTheRulesOfThoseInStagingMode_AndNeedsApproval()
    {
        var (draft, changes, left) = CleanUpPlanner.Plan(Facts(CleanUpStep.Standby, Server("A"), Server("B", staging: true)));

        var change = Assert.Single(changes);
        Assert.Equal(("B", "both, precedence 98 and 99", "none"), (change.Target, change.Before, change.After));
        Assert.Single(draft.Dangers);
        Assert.NotNull(draft.Undo);
        Assert.Empty(left);
    }

    [Theory]
    [InlineData("before the migration", true, RuleState.AsSpecified, false)]
    [InlineData("not as the migration made them", false, RuleState.Different, true)]
    public void Standby_WithRulesThatAreNotOurs_IsLeft(string why, bool specified, RuleState outbound, bool ours)
    {
        var server = Server("B", staging: true) with { Rules = specified ? Both : Both with { Outbound = outbound } };

        var (_, changes, left) = CleanUpPlanner.Plan(Facts(CleanUpStep.Standby, server) with { MadeOn = ours ? ["B"] : [] });

        Assert.Empty(changes);
        Assert.Contains(left, value => value.Target == "B" && value.Why.Contains(why, StringComparison.Ordinal));
    }

    [Fact]
    public void Standby_WhereVersion2DoesNotReadOff_IsLeft()
    {
        var (_, changes, left) = CleanUpPlanner.Plan(Facts(CleanUpStep.Standby, Server("B", staging: true) with { Version2 = null }));

        Assert.Empty(changes);
        Assert.Single(left);
    }

    [Fact]
    public void Standby_WhenThereIsNone_TellsThatTheRulesStay()
    {
        var (draft, changes, left) = CleanUpPlanner.Plan(Facts(CleanUpStep.Standby, Server("A")));

        Assert.Empty(changes);
        Assert.Contains("the rules stay on the active server", Assert.Single(left).Why, StringComparison.Ordinal);
        Assert.StartsWith("stay: there is no standby", Fact(draft, "Coexistence rules on A"), StringComparison.Ordinal);
    }

    [Fact]
    public void Active_AfterAStandbyShowedNothing_TakesTheRules()
    {
        var (draft, changes, left) = CleanUpPlanner.Plan(Facts(CleanUpStep.Active, Server("A"), Server("B", staging: true) with { Rules = None }) with { ProvedAt = Ended.AddDays(1) });

        Assert.Equal("A", Assert.Single(changes).Target);
        Assert.Single(draft.Dangers);
        Assert.Empty(left);
    }

    [Fact]
    public void Active_WithoutAStandby_Stays() => AssertStays("no standby", Facts(CleanUpStep.Active, Server("A")) with { ProvedAt = Ended.AddDays(1) });

    [Fact]
    public void Active_WhileAStandbyHasTheRules_Stays() =>
        AssertStays("B still has them", Facts(CleanUpStep.Active, Server("A"), Server("B", staging: true)) with { ProvedAt = Ended.AddDays(1) });

    [Fact]
    public void Active_WithoutATrial_Stays() => AssertStays("no Initial on a standby", Facts(CleanUpStep.Active, Server("A"), Server("B", staging: true) with { Rules = None }));

    [Fact]
    public void Active_WhileAServerIsSilent_Stays()
    {
        var facts = Facts(CleanUpStep.Active, Server("A"), Server("B", staging: true) with { Rules = None }) with { ProvedAt = Ended.AddDays(1) };

        AssertStays("C did not answer", facts with { Question = facts.Question with { Silent = ["C"] } });
    }

    static void AssertStays(string why, CleanUpFacts facts)
    {
        var (_, changes, left) = CleanUpPlanner.Plan(facts);

        Assert.Empty(changes);
        Assert.Contains(left, value => value.Target == "A" && value.Why.Contains(why, StringComparison.Ordinal));
    }

    static string Fact(OperationDraft draft, string name) => draft.Facts.Single(fact => fact.Name == name).Value;

    static RuleSight Server(string name, bool staging = false) => new() { Server = name, Staging = staging, Version2 = false, Rules = Both };

    static CleanUpFacts Facts(CleanUpStep step, params RuleSight[] servers) => new()
    {
        Question = new() { Step = step, Servers = servers },
        MigrationId = "m-20261101-080000-0001",
        EndedAt = Ended,
        MadeOn = [.. servers.Select(server => server.Server)],
        Groups = 20,
        Application = "Cloud Sync",
        ApplicationIsOurs = true,
    };
}
