using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Notifications;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Notifications;

public sealed class NotificationPlanTests
{
    public static TheoryData<NotificationKind> Kinds => [.. Views.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void View_ShownAgain_TellsNothingNew(NotificationKind kind)
    {
        var view = Views.Of(kind, "Sales");

        Assert.Single(NotificationPlan.Between(Views.Running, view));
        Assert.Empty(NotificationPlan.Between(view, view with { UpdatedAt = view.UpdatedAt.AddMinutes(5) }));
    }

    /// <summary>What shows a view may be repeated after a crash, before or after it was shown.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void View_PlannedAgainAfterACrash_HasTheSameIds(NotificationKind kind)
    {
        var view = Views.Of(kind, "Sales");

        Assert.Equal(NotificationPlan.Between(Views.Running, view).Select(m => m.Id), NotificationPlan.Between(Views.Running, view).Select(m => m.Id));
    }

    [Fact]
    public void Gate_AskedAgainWithFreshEvidence_IsAnotherMessage()
    {
        var before = Views.Asked(GateName.Switch);
        var after = before with { Gate = before.Gate! with { EvidenceAt = Views.Now.AddMinutes(10) } };

        var again = Assert.Single(NotificationPlan.Between(before, after));

        Assert.Equal(NotificationKind.GateAsked, again.Kind);
        Assert.NotEqual(Assert.Single(NotificationPlan.Between(Views.Running, before)).Id, again.Id);
    }

    [Fact]
    public void Gate_AskedBySomebodyWhoIsKnown_NamesWhoAsks()
    {
        var people = new PeopleNames(new Dictionary<string, string> { [Views.Running.RequestedBy] = "Rita" });

        string AskedBy(PeopleNames? names) => Assert.Single(NotificationPlan.Between(Views.Running, Views.Asked(GateName.Plan), names)).Facts.Single(fact => fact.Name == "Asked by").Value;

        Assert.Equal("Rita", AskedBy(people));
        Assert.Equal(Views.Running.RequestedBy, AskedBy(null));
    }

    [Fact]
    public void Gate_WithOneApprovalMore_TellsNothing()
    {
        var before = Views.Asked(GateName.Plan);

        Assert.Empty(NotificationPlan.Between(before, before with { Gate = before.Gate! with { Approved = 1 } }));
    }

    [Fact]
    public void Notice_ForThePageAlone_TellsNothing()
    {
        Assert.Empty(NotificationPlan.Between(Views.Running, Views.Told(Views.Notice("The stage took longer.", tells: null))));
    }

    [Fact]
    public void Reminder_InTheSameWordsAsBefore_IsToldAgain()
    {
        var notice = Views.Notice("The stage waits.", Audience.Concerned);
        var before = Views.Told(notice);
        var after = before with { Notices = [notice, notice], UpdatedAt = Views.Now.AddHours(1) };

        var again = Assert.Single(NotificationPlan.Between(before, after));

        Assert.Equal(NotificationKind.Reminder, again.Kind);
        Assert.NotEqual(Assert.Single(NotificationPlan.Between(Views.Running, before)).Id, again.Id);
    }

    [Fact]
    public void Task_ThatIsDone_TellsNothing()
    {
        var before = Views.WithTask();

        Assert.Empty(NotificationPlan.Between(before, before with { Tasks = [before.Tasks[0] with { State = TaskState.Done }] }));
    }

    [Theory]
    [InlineData(MigrationOutcome.NeedsAttention)]
    [InlineData(MigrationOutcome.Failed)]
    [InlineData(MigrationOutcome.Blocked)]
    public void End_ThatIsNone_AsksForAPerson(MigrationOutcome outcome)
    {
        var message = Assert.Single(NotificationPlan.Between(Views.Running, Views.Ended(outcome)));

        Assert.Equal((NotificationKind.AttentionNeeded, Audience.Escalation), (message.Kind, message.Audience));
    }

    [Fact]
    public void Gate_SaysWhoAsksUntilWhenAndOnWhat()
    {
        var message = Views.Message(NotificationKind.GateAsked);

        Assert.Equal(Views.Now.AddHours(2), message.Until);
        Assert.Equal(["Asked by", "Decide until", "Approvals", "Evidence", "Window"], message.Facts.Select(f => f.Name));
        Assert.Equal([Views.Running.RequestedBy, "2026-11-22 16:00 UTC", "0 of 2", "abcdefababcd, 2 parts, of 2026-11-22 14:00 UTC", "2026-11-22 22:00 UTC to 2026-11-23 10:00 UTC"], message.Facts.Select(f => f.Value));
    }
}
