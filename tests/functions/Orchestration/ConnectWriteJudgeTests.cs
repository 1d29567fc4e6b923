using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Orchestration;

public sealed class ConnectWriteJudgeTests
{
    static readonly Guid[] People = [.. Enumerable.Range(1, 6).Select(n => new Guid(n, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]))];
    static readonly GroupIdentity Group = new() { CloudId = Guid.NewGuid(), ObjectGuid = Guid.NewGuid(), DistinguishedName = "CN=Sales", Anchor = "Group_x" };

    [Fact]
    public void Judge_AsManyGoAsEntraNoLongerHas_IsExplained() => Assert.Empty(Judge(removed: 2, now: People[..4], entra: People[..2]));

    [Fact]
    public void Judge_OneMoreGoesThanEntraLacks_IsFound() => Assert.Equal("connectWrites", Assert.Single(Judge(removed: 3, now: People[..4], entra: People[..2])).Kind);

    /// <summary>Members that Cloud Sync cannot write, and that Connect writes further from Entra.</summary>
    [Fact]
    public void Judge_AnnouncedLossesComeBack_IsExplained() => Assert.Empty(Judge(added: 2, now: People[..2], entra: People[..4]));

    [Fact]
    public void Judge_MoreComeThanEntraHas_IsFound() => Assert.Single(Judge(added: 3, now: People[..2], entra: People[..4]));

    [Fact]
    public void Judge_SyncedGroupThatEntraDoesNotName_MayBeTheOneThatComes() => Assert.Empty(Judge(added: 3, now: People[..2], entra: People[..4], unnamed: 1));

    [Theory]
    [InlineData(ExportOperation.Delete)]
    [InlineData(ExportOperation.DeleteAdd)]
    [InlineData(ExportOperation.Rename)]
    [InlineData(ExportOperation.Add)]
    public void Judge_AnythingButAnUpdate_IsFound(ExportOperation operation)
    {
        var export = Export() with { Operation = operation };

        Assert.True(ConnectWriteJudge.Writes(export));
        Assert.Single(ConnectWriteJudge.Judge(export, Group, null, null));
    }

    [Fact]
    public void Judge_GroupThatEntraCanNoLongerExplain_IsFound() => Assert.Single(ConnectWriteJudge.Judge(Export() with { MembersRemoved = 1 }, Group, null, null));

    [Fact]
    public void Writes_UpdateOfNothingThatCounts_IsNotLookedAt() => Assert.False(ConnectWriteJudge.Writes(Export()));

    [Fact]
    public void Item_SameThing_HasTheSameName_AndAFurtherMemberAnother()
    {
        var group = Guid.NewGuid();
        ReviewItem Of(params Guid[] members) => ReviewItem.Of("membersLost", $"lost {members.Length}", group, ReviewItem.Seen(members));

        Assert.Equal(Of(People[0], People[1]).Name, Of(People[1], People[0]).Name);
        Assert.NotEqual(Of(People[0]).Name, Of(People[0], People[1]).Name);
        Assert.Empty(ReviewItem.Open([Of(People[0])], [Of(People[0]).Name]));
        Assert.Single(ReviewItem.Open([Of(People[0], People[1])], [Of(People[0]).Name]));
    }

    static List<ReviewItem> Judge(Guid[] now, Guid[] entra, int added = 0, int removed = 0, int unnamed = 0) =>
    [
        .. ConnectWriteJudge.Judge(
            Export() with { MembersAdded = added, MembersRemoved = removed },
            Group,
            new GroupSnapshot
            {
                Group = new() { ObjectGuid = Group.ObjectGuid, DistinguishedName = "CN=Sales", SamAccountName = "Sales", Sid = "S-1", GroupType = 0, MemberCount = now.Length },
                Members = now,
            },
            new EntraMembership(entra.ToDictionary(m => m, m => Guid.NewGuid()), unnamed)),
    ];

    static PendingExport Export() => new() { Connector = "AD", ObjectType = "group", Operation = ExportOperation.Update, DistinguishedName = "CN=Sales", Anchor = "Group_x" };
}
