using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Status;
using GwbCloud.Tests.Listener.CommandLine;
using static GwbCloud.Tests.Listener.CommandLine.Boundaries;

namespace GwbCloud.Tests.Listener.Status;

public sealed class ByHandTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);

    static readonly Boundary Ordinary = new() { Server = TestListener.Server, Migration = TestListener.Migration, Facts = Facts, FactsAt = Now, StagingBefore = false };

    public static TheoryData<BoundaryState> States => [.. Enum.GetValues<BoundaryState>()];

    [Theory]
    [MemberData(nameof(States))]
    public void State_OfItsBoundary_IsRecognised(BoundaryState state) => Assert.Equal(state, BoundaryOf(state).StateOf());

    [Theory]
    [MemberData(nameof(States))]
    public void Plan_OfEveryState_ReadsBeforeItActsAndNamesTheServersValues(BoundaryState state)
    {
        var boundary = BoundaryOf(state);

        var plan = ByHand.PlanFor(boundary);

        Assert.Equal((state, TestListener.Server, TestListener.Migration), (plan.State, plan.Server, plan.Migration));
        Assert.Contains(TestListener.Server, plan.Steps[0].Do, StringComparison.Ordinal);
        int firstRead = Index(plan, step => step.Command?.Contains("Get-ADSync", StringComparison.Ordinal) is true);
        int firstCycle = Index(plan, step => step.Command?.Contains("Start-ADSyncSyncCycle", StringComparison.Ordinal) is true);
        Assert.True(firstRead >= 0);
        Assert.True(firstCycle < 0 || firstRead < firstCycle);
        Assert.DoesNotContain(plan.Steps, step => step.Command?.Contains("Set-ADSyncAADCompanyFeature", StringComparison.Ordinal) is true
            || step.Command?.Contains("Remove-ADSyncRule", StringComparison.Ordinal) is true);
        foreach (var pending in plan.Steps.Where(step => step.Command?.Contains("csexport", StringComparison.Ordinal) is true))
        {
            Assert.Contains($"\"{FakeAdSync.AdConnector}\"", pending.Command, StringComparison.Ordinal);
            Assert.Contains(FakeDirectory.Ou, pending.Expect, StringComparison.Ordinal);
        }
        Assert.All(StatusText.Of(plan, boundary, Now).Concat(StatusText.Of(boundary, Now)), line => Assert.DoesNotContain('\n', line));
    }

    [Theory]
    [InlineData(BoundaryState.Staging)]
    [InlineData(BoundaryState.Coexisting)]
    [InlineData(BoundaryState.Offered)]
    [InlineData(BoundaryState.SwitchUnclear)]
    [InlineData(BoundaryState.SwitchedInStaging)]
    public void Plan_OutOfStaging_LooksAtPendingExportsBeforeItLeavesAndSwitchesTheSchedulerOnLast(BoundaryState state)
    {
        var plan = ByHand.PlanFor(BoundaryOf(state));

        int off = Index(plan, step => step.Command?.Contains("SyncCycleEnabled $false", StringComparison.Ordinal) is true);
        int initial = Index(plan, step => step.Command?.Contains("Initial", StringComparison.Ordinal) is true);
        int pending = Index(plan, step => step.Command?.Contains("csexport", StringComparison.Ordinal) is true);
        int leave = Index(plan, step => step.Do.StartsWith("Switch staging mode off", StringComparison.Ordinal));
        int delta = Index(plan, step => step.Command?.Contains("Delta", StringComparison.Ordinal) is true);
        int on = Index(plan, step => step.Command?.Contains("SyncCycleEnabled $true", StringComparison.Ordinal) is true);
        Assert.Equal(new[] { off, initial, pending, leave, delta, on }.Order(), [off, initial, pending, leave, delta, on]);
        Assert.True(off > 0);
    }

    [Theory]
    [InlineData(BoundaryState.SwitchedInStaging)]
    [InlineData(BoundaryState.SwitchedFrozen)]
    [InlineData(BoundaryState.SwitchedOrdinary)]
    public void Plan_AfterTheSwitch_KeepsTheRules(BoundaryState state) => Assert.Contains(
        ByHand.PlanFor(BoundaryOf(state)).Steps,
        step => step.Do.Contains("never remove them", StringComparison.Ordinal)
            && step.Command!.Contains(RuleIds.CoexistenceInbound.ToString(), StringComparison.Ordinal)
            && step.Command.Contains(RuleIds.CoexistenceOutbound.ToString(), StringComparison.Ordinal));

    [Theory]
    [InlineData(BoundaryState.SwitchedWithoutRules)]
    [InlineData(BoundaryState.Standby)]
    public void Plan_ThatMustStayInStaging_NeverLeavesItNorSwitchesTheSchedulerOn(BoundaryState state) => Assert.DoesNotContain(
        ByHand.PlanFor(BoundaryOf(state)).Steps,
        step => step.Do.StartsWith("Switch staging mode off", StringComparison.Ordinal) || step.Command?.Contains("SyncCycleEnabled $true", StringComparison.Ordinal) is true);

    [Fact]
    public void Boundary_AfterCommandsOfTheListener_ShowsTheirEffectWithoutANewInspection()
    {
        var boundary = Ordinary
            .Doing(new SetScheduler { Enabled = false }, new SchedulerChange { Before = Scheduler(true), After = Scheduler(false) })
            .Doing(new StartCycle { Policy = CyclePolicy.Initial }, null)
            .Doing(new SetStaging { On = true }, new StagingChange { Before = false, After = true })
            .Doing(new AddCoexistenceRules(), Rules(RuleState.AsSpecified));

        Assert.Equal(BoundaryState.Coexisting, boundary.StateOf());
        Assert.Equal((CyclePolicy.Initial, nameof(AddCoexistenceRules)), (boundary.LastCycle, boundary.LastCommand));
    }

    [Fact]
    public void Boundary_AfterACall_IsNotTalkedAwayByALaterRefusal()
    {
        var called = BoundaryOf(BoundaryState.Coexisting).AfterSwitch(Result(SwitchOutcome.Called, null), Now);

        var refused = called.AfterSwitch(Result(SwitchOutcome.Refused, true), Now.AddMinutes(1));

        Assert.Equal(BoundaryState.SwitchUnclear, refused.StateOf());
    }

    static int Index(ByHandPlan plan, Func<ByHandStep, bool> which) => plan.Steps.ToList().FindIndex(step => which(step));

    static SwitchResult Result(SwitchOutcome outcome, bool? reads) => new() { Outcome = outcome, Reads = reads, Reasons = [] };

    static Boundary BoundaryOf(BoundaryState state) => state switch
    {
        BoundaryState.Unknown => Ordinary with { Facts = null, FactsAt = null },
        BoundaryState.Ordinary => Ordinary,
        BoundaryState.Frozen => Ordinary with { Facts = Facts with { Scheduler = Scheduler(false) } },
        BoundaryState.Staging => Ordinary with { Facts = InStaging(Facts) },
        BoundaryState.Coexisting => Ordinary with { Facts = WithRules(InStaging(Facts)) },
        BoundaryState.Offered => (Ordinary with { Facts = WithRules(InStaging(Facts)) }).AfterSwitch(Result(SwitchOutcome.AwaitsOperator, true), Now),
        BoundaryState.SwitchUnclear => (Ordinary with { Facts = WithRules(InStaging(Facts)) }).AfterSwitch(Result(SwitchOutcome.Called, null), Now),
        BoundaryState.SwitchedWithoutRules => Ordinary with { Facts = Reading(InStaging(Facts), false) },
        BoundaryState.SwitchedInStaging => (Ordinary with { Facts = WithRules(InStaging(Facts)) }).AfterSwitch(Result(SwitchOutcome.Called, false), Now),
        BoundaryState.SwitchedFrozen => Ordinary with { Facts = Reading(WithRules(Facts with { Scheduler = Scheduler(false) }), false) },
        BoundaryState.SwitchedOrdinary => Ordinary with { Facts = Reading(WithRules(Facts), false) },
        BoundaryState.Standby => Ordinary with { Facts = WithRules(InStaging(Facts)), StagingBefore = true },
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };
}

static class BoundarySteps
{
    public static Boundary Doing(this Boundary boundary, Command command, object? result) => boundary.After(
        command, CommandState.Done, result is null ? null : System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(result, result.GetType(), GwbCloud.Contracts.Json.ContractJson.Options),
        new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero));
}
