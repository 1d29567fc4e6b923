using GwbCloud.Lab.People;

namespace GwbCloud.Tests.Lab.Harm;

public sealed class ApprovalPeriodsTests
{
    static readonly DateTimeOffset Opened = new(2026, 1, 1, 20, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Deadline = Opened.AddHours(2);

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    [InlineData(19, true)]
    [InlineData(30, false)]
    [InlineData(45, false)]
    [InlineData(55, true)]
    [InlineData(125, false)]
    public void Switch_BetweenVoidingAndTheNextApproval_IsWithoutOne(int minute, bool approved)
    {
        var periods = ApprovalPeriods.OfSwitch([Switch(5), Switch(10), Switch(40), Switch(50)], [Line("gate.void", "ConfirmSwitch", 20)]);

        Assert.Equal(approved, periods.Any(period => period.Covers(Opened.AddMinutes(minute))));
    }

    [Fact]
    public void Switch_ApprovedByOneBeforeAndOneAfterTheVoiding_WasNeverApproved() =>
        Assert.Empty(ApprovalPeriods.OfSwitch([Switch(5), Switch(40)], [Line("gate.void", "ConfirmSwitch", 20)]));

    [Fact]
    public void Switch_ThatIsUndone_IsApprovedNoLonger() =>
        Assert.Equal(Opened.AddMinutes(30), Assert.Single(ApprovalPeriods.OfSwitch([Switch(5), Switch(10)], [Line("undo.started", null, 30)])).Until);

    [Fact]
    public void Switch_RefusedDecision_DoesNotCount() =>
        Assert.Empty(ApprovalPeriods.OfSwitch([Switch(5), Switch(10) with { Refused = true }], []));

    [Theory]
    [InlineData("gate.void", "ApprovePlan", false)]
    [InlineData("stage.askagain", "FreezeAndDrain", false)]
    [InlineData("stage.askagain", "DisableGroupWritebackV2", true)]
    [InlineData("gate.approved", "ApprovePlan", true)]
    public void Plan_Voided_IsNoLongerAnnounced(string what, string stage, bool held) =>
        Assert.Equal(held, ApprovalPeriods.PlanHeld([Plan(5), Plan(10)], [Line(what, stage, 20)]));

    [Fact]
    public void Plan_VoidedAndApprovedAgain_Holds() =>
        Assert.True(ApprovalPeriods.PlanHeld([Plan(5), Plan(10), Plan(40), Plan(50)], [Line("gate.void", "ApprovePlan", 20)]));

    static DecisionMemory Switch(int minute) => new() { Person = "approver", Gate = "switch", Approved = true, At = Opened.AddMinutes(minute), Deadline = Deadline };

    static DecisionMemory Plan(int minute) => Switch(minute) with { Gate = "plan" };

    static AuditNote Line(string what, string? detail, int minute) => new()
    {
        At = Opened.AddMinutes(minute), What = what, Detail = detail,
    };
}
