using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.Writeback;

namespace GwbCloud.Tests.Functions.Operations;

public sealed class WritebackPlannerTests
{
    static readonly ServerSight Calm = new() { Version2 = true, Version1 = true };

    [Theory]
    [InlineData(WritebackWish.Off, "absent", "off")]
    [InlineData(WritebackWish.Off, "on", "off")]
    [InlineData(WritebackWish.On, "off", "on")]
    public void NewGroups_OtherThanWished_IsOneChange(WritebackWish wish, string now, string after)
    {
        var (draft, change) = NewGroupsPlanner.Plan(new() { Writeback = wish }, now, Calm);

        Assert.Equal((now, after), (change!.Before, change.After));
        Assert.Empty(draft.Dangers);
        Assert.NotNull(draft.Undo);
    }

    [Theory]
    [InlineData(WritebackWish.Off, "off")]
    [InlineData(WritebackWish.On, "on")]
    [InlineData(WritebackWish.On, "absent")]
    public void NewGroups_AsWished_IsNothing(WritebackWish wish, string now) => Assert.Null(NewGroupsPlanner.Plan(new() { Writeback = wish }, now, Calm).Change);

    [Fact]
    public void ExistingGroups_Off_TakesWhatIsWritten_AndKeepsNotSetApartFromOn()
    {
        var (planner, changes) = Take(new() { Writeback = WritebackWish.Off }, Calm, Group(1, null), Group(2, true), Group(3, false), Group(4, null) with { Unified = false });

        Assert.Equal([("notSet", "off"), ("on", "off")], changes.Select(change => (change.Before, change.After)));
        Assert.Equal(1, planner.Finish().AlreadySo);
    }

    [Fact]
    public void ExistingGroups_On_LeavesNotSetAsItIs()
    {
        var (_, changes) = Take(new() { Writeback = WritebackWish.On }, Calm, Group(1, null), Group(2, true), Group(3, false));

        Assert.Equal([("off", "on")], changes.Select(change => (change.Before, change.After)));
    }

    [Fact]
    public void ExistingGroups_Selected_TakesOnlyThose_AndNamesWhoIsNobody()
    {
        var (planner, changes) = Take(new() { Writeback = WritebackWish.Off, Groups = [Id(2), Id(9)] }, Calm, Group(1, null), Group(2, null));
        planner.Finish();

        Assert.Equal(Id(2).ToString("D"), Assert.Single(changes).Target);
        Assert.Equal(Id(9).ToString("D"), Assert.Single(planner.LeftOut).Target);
    }

    [Fact]
    public void ExistingGroups_RoleAssignable_IsLeftOut()
    {
        var (planner, changes) = Take(new() { Writeback = WritebackWish.Off }, Calm, Group(1, null) with { RoleAssignable = true });

        Assert.Empty(changes);
        Assert.Single(planner.LeftOut);
    }

    [Fact]
    public void ExistingGroups_ShownTwice_IsOneChange() =>
        Assert.Single(Take(new() { Writeback = WritebackWish.Off }, Calm, Group(1, null), Group(1, null)).Changes);

    [Fact]
    public void ExistingGroups_Few_NeedNobodyElse() => Assert.Empty(Dangers(WritebackWish.Off, Calm, 1));

    [Fact]
    public void ExistingGroups_Many_AreDangerous() => Assert.Contains("3 groups", Assert.Single(Dangers(WritebackWish.Off, Calm, 3)), StringComparison.Ordinal);

    [Fact]
    public void ExistingGroups_OffUnderTheDeleteRule_IsDangerous_AndOnIsNot()
    {
        var deleting = Calm with { DeleteRuleOn = ["AADC01"] };

        Assert.Contains("deletes the objects", Assert.Single(Dangers(WritebackWish.Off, deleting, 1)), StringComparison.Ordinal);
        Assert.Empty(Dangers(WritebackWish.On, deleting, 1));
    }

    [Fact]
    public void ExistingGroups_ServerSilent_IsDangerous() => Assert.Single(Dangers(WritebackWish.Off, Calm with { Silent = ["AADC02"] }, 1));

    [Fact]
    public void ExistingGroups_NothingToWrite_IsNotDangerous() => Assert.Empty(Dangers(WritebackWish.Off, Calm with { Silent = ["AADC02"] }, 0));

    static IReadOnlyList<string> Dangers(WritebackWish wish, ServerSight servers, int groups) => Take(
        new() { Writeback = wish }, servers, [.. Enumerable.Range(1, groups).Select(number => Group(number, wish == WritebackWish.Off))]).Planner.Finish().Dangers;

    static (ExistingGroupsPlanner Planner, IReadOnlyList<ValueChange> Changes) Take(ExistingGroupsTerms terms, ServerSight servers, params CloudGroupFacts[] groups)
    {
        var planner = new ExistingGroupsPlanner(terms, servers, approvalFrom: 3);
        return (planner, [.. groups.Select(planner.Take).OfType<ValueChange>()]);
    }

    static CloudGroupFacts Group(int number, bool? writeback) => new()
    {
        Id = Id(number), DisplayName = $"team {number}", SecurityEnabled = false, MailEnabled = true, Unified = true, WritebackEnabled = writeback,
    };

    static Guid Id(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);
}
