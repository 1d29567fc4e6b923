using GwbCloud.Lab.Harm;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Tests.Rehearsal;

public sealed class DecisionTests
{
    [Theory]
    [InlineData(RehearsedDecision.Deny, RehearsedGate.Plan, "denied", Kept.Nothing)]
    [InlineData(RehearsedDecision.Deny, RehearsedGate.Switch, "denied", Kept.Nothing)]
    [InlineData(RehearsedDecision.DenyAndLeave, RehearsedGate.Switch, "denied", Kept.Nothing)]
    [InlineData(RehearsedDecision.Postpone, RehearsedGate.Plan, "postponed", Kept.AllOfThem)]
    [InlineData(RehearsedDecision.Postpone, RehearsedGate.Switch, "postponed", Kept.AllOfThem)]
    [InlineData(RehearsedDecision.Expire, RehearsedGate.Plan, "expired", Kept.AllOfThem)]
    [InlineData(RehearsedDecision.Expire, RehearsedGate.Switch, "expired", Kept.AllOfThem)]
    public async Task Decision_OtherThanApprove_EndsSafelyAndLeavesTheWorldAsDesigned(RehearsedDecision decision, RehearsedGate at, string outcome, Kept kept)
    {
        var run = await Rehearsed.RunAsync(Rehearsed.Small() with { Decision = decision, At = at }, kept);

        run.AssertNoHarm();
        Assert.Equal(outcome, run.Result.Account.Outcome);
        Assert.Equal(ExitCode.EndedBefore, run.Result.ExitCode);
        Assert.Equal(0, run.Result.Account.Switch.Calls);
        Assert.Empty(run.Differences);
    }

    [Fact]
    public async Task Decision_DenyAndLeaveAtThePlan_LeavesWhatWasPreparedAndNothingElse()
    {
        var run = await Rehearsed.RunAsync(Rehearsed.Small() with { Decision = RehearsedDecision.DenyAndLeave, At = RehearsedGate.Plan }, Kept.AllOfThem);

        run.AssertNoHarm();
        Assert.Equal(("denied", ExitCode.EndedBefore), (run.Result.Account.Outcome, run.Result.ExitCode));
        // The rules of the rehearsal on the standby stay with stamps and app.
        Assert.StartsWith("Connect: AADC02:", Assert.Single(run.Differences), StringComparison.Ordinal);
    }
}
