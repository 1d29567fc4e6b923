using System.Text.Json;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Notifications;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Notifications;

/// <summary>Which steps of an operation are told, to whom, and in which words.</summary>
public sealed class OperationMessagesTests
{
    public static TheoryData<NotificationKind> Kinds => [.. OperationSteps.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Step_OfEachKind_IsOneMessage_AndShownAgainNone(NotificationKind kind)
    {
        var (before, after) = OperationSteps.Of(kind, "Sales");

        var message = Assert.Single(NotificationPlan.Between(before, after));

        Assert.Equal((kind, after.OperationId, $"operations/{after.OperationId}"), (message.Kind, message.Subject, message.Path));
        Assert.Equal(message.Id, Assert.Single(NotificationPlan.Between(before, after)).Id);
        Assert.Empty(NotificationPlan.Between(after, after with { UpdatedAt = after.UpdatedAt.AddMinutes(5) }));
    }

    [Fact]
    public void Plan_ThatNeedsASecondPerson_SaysWhoAsksUntilWhenAndWhy()
    {
        var people = new PeopleNames(new Dictionary<string, string> { [OperationSteps.Planning.RequestedBy] = "Rita" });

        var message = Assert.Single(NotificationPlan.Between(OperationSteps.Planning, OperationSteps.Waiting("60 groups are changed at once."), people));

        Assert.Equal(["Asked by", "Decide until", "Writes", "Plan"], message.Facts.Select(fact => fact.Name));
        Assert.Equal(
            ["Rita", "2026-11-23 14:00 UTC", "60 values", "abcdefababcd, of 2026-11-22 14:00 UTC"],
            message.Facts.Select(fact => fact.Value));
        Assert.Equal("Decide: Writeback of existing Microsoft 365 groups", message.Title);
        Assert.Equal((Views.Now.AddHours(24), "60 groups are changed at once."), (message.Until, Assert.Single(message.Lines)));
    }

    /// <summary>Whoever asked for it has the plan before his eyes.</summary>
    [Theory]
    [InlineData(OperationOutcome.NothingToDo)]
    [InlineData(OperationOutcome.NotPlanned)]
    public void Plan_ThatAsksForNobody_TellsNothing(OperationOutcome outcome)
    {
        Assert.Empty(NotificationPlan.Between(OperationSteps.Planning, OperationSteps.Waiting()));
        Assert.Empty(NotificationPlan.Between(OperationSteps.Planning, OperationSteps.Planning with { State = OperationState.Ended, Outcome = outcome }));
    }

    [Theory]
    [InlineData(OperationOutcome.Failed, Audience.Escalation)]
    [InlineData(OperationOutcome.Incomplete, Audience.Concerned)]
    [InlineData(OperationOutcome.UndoneInPart, Audience.Concerned)]
    public void End_ThatLeavesSomething_AsksForAPerson(OperationOutcome outcome, Audience audience)
    {
        var message = Assert.Single(NotificationPlan.Between(OperationSteps.Running, OperationSteps.Ended(outcome)));

        Assert.Equal((NotificationKind.AttentionNeeded, audience, "Do it, or postpone."), (message.Kind, message.Audience, Assert.Single(message.Lines)));
    }

    /// <summary>It went on where it had failed, and failed once more.</summary>
    [Fact]
    public void End_OfAnotherRun_IsToldAgain()
    {
        var before = OperationSteps.Ended(OperationOutcome.Failed);
        var again = before with { Run = 2, EndedAt = before.EndedAt!.Value.AddHours(1) };

        Assert.NotEqual(
            Assert.Single(NotificationPlan.Between(OperationSteps.Running, before)).Id,
            Assert.Single(NotificationPlan.Between(before, again)).Id);
    }

    [Fact]
    public void Json_OfAnOperation_NamesItInPlaceOfAMigration()
    {
        var message = JsonElement.Parse(JsonMessage.Render(OperationSteps.Message(NotificationKind.Completed), page: null));

        Assert.False(message.TryGetProperty("migrationId", out _));
        Assert.Equal(OperationSteps.Planning.OperationId, message.GetProperty("operationId").GetString());
        Assert.Equal($"GwbCloud, operation {OperationSteps.Planning.OperationId}: completed", message.GetProperty("text").GetString());
    }
}
