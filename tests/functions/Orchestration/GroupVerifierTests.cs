using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Orchestration;

public sealed class GroupVerifierTests
{
    static readonly Guid User = Guid.NewGuid(), Device = Guid.NewGuid(), Stranger = Guid.NewGuid(), Object = Guid.NewGuid(), Cloud = Guid.NewGuid();
    static readonly GroupIdentity Group = new() { CloudId = Cloud, ObjectGuid = Object, DistinguishedName = "CN=Sales,OU=W", Anchor = $"Group_{Cloud:D}" };
    static readonly GroupDifference Difference = new() { ObjectGuid = Object, DistinguishedName = "CN=Sales,OU=W" };

    [Fact]
    public void Verify_GroupAsItWasWithTheMembersOfEntra_IsVerified()
    {
        var verdict = Verify(Now(User), log: LogWitness.Success);

        Assert.True(verdict.Verified);
        Assert.Equal(("Sales", 1, LogWitness.Success), (verdict.Name, verdict.Members, verdict.Log));
    }

    [Fact]
    public void Verify_DeviceThatCloudSyncDoesNotWrite_MayBeThereOrNot()
    {
        Assert.True(Verify(Now(User, Device)).Verified);
        Assert.True(Verify(Now(User)).Verified);
    }

    [Fact]
    public void Verify_MemberThatCloudSyncWritesAndTheDirectoryLacks_IsMissing() => Assert.Equal((1, false), Members(Verify(Now()), v => v.MembersMissing));

    [Fact]
    public void Verify_MemberThatEntraDoesNotHave_IsStrange() => Assert.Equal((1, false), Members(Verify(Now(User, Stranger)), v => v.MembersStrange));

    [Fact]
    public void Verify_UnknownMemberWhereEntraHasASyncedGroup_MayBeThatGroup() => Assert.True(Verify(Now(User, Stranger), unnamed: 1).Verified);

    [Fact]
    public void Verified_WithSomethingAccepted_TakesThatAndNothingElse()
    {
        var lacking = Verify(Now());

        Assert.False((lacking with { Accepted = ["moved", "membersGained"] }).Verified);
        Assert.True((lacking with { Accepted = ["membersLost"] }).Verified);
        Assert.False((lacking with { Accepted = ["membersLost"], SamePlace = false }).Verified);
        Assert.True((Verify(null) with { Accepted = ["deleted"] }).Verified);
        Assert.Equal(["moved"], ReviewItem.KindsOf(Object, [$"moved/{Object:D}/1f0c22d9", $"renamed/{Cloud:D}/1f0c22d9"]));
    }

    [Fact]
    public void Verify_GroupThatIsGone_IsNotVerified() => Assert.False(Verify(null).SameObject);

    [Fact]
    public void Verify_GroupThatEntraDeleted_IsJudgedByItsObjectAlone()
        => Assert.True(GroupVerifier.Verify(Group, Now(User, Stranger), null, null, LogWitness.Silent).Verified);

    [Fact]
    public void Verify_OtherAnchor_IsNotVerified()
    {
        var now = Now(User);

        Assert.False(Verify(now with { Group = now.Group with { ExternalDirectoryObjectId = null } }).Verified);
    }

    [Fact]
    public void Verify_WhatDiffersFromTheFreeze_IsNotVerified()
    {
        Assert.False(Verify(Now(User), Difference with { Renamed = true }).SameName);
        Assert.False(Verify(Now(User), Difference with { Moved = true }).SamePlace);
        Assert.False(Verify(Now(User), Difference with { SidChanged = true }).SameObject);
        Assert.False(Verify(Now(User), Difference with { TypeChanged = true }).SameObject);
        Assert.False(Verify(Now(User), Difference with { AnchorChanged = true }).SameAnchor);
        Assert.True(Verify(Now(User), Difference with { MembersGained = [User] }).Verified);
    }

    [Fact]
    public void Verify_LogThatEndsWithAFailure_IsNotVerified() => Assert.False(Verify(Now(User), log: LogWitness.Failure).Verified);

    static (int, bool) Members(GroupVerdict verdict, Func<GroupVerdict, int> count) => (count(verdict), verdict.Verified);

    static GroupVerdict Verify(GroupSnapshot? now, GroupDifference? difference = null, int unnamed = 0, LogWitness log = LogWitness.Silent) => GroupVerifier.Verify(
        Group, now, difference,
        new EntraMembership(new Dictionary<Guid, Guid> { [User] = Guid.NewGuid(), [Device] = Guid.NewGuid() }, unnamed) { Writable = new HashSet<Guid> { User } },
        log);

    static GroupSnapshot Now(params Guid[] members) => new()
    {
        Group = new()
        {
            ObjectGuid = Object,
            DistinguishedName = "CN=Sales,OU=W",
            SamAccountName = "Sales",
            Sid = "S-1-5-21-1",
            GroupType = -2147483640,
            ExternalDirectoryObjectId = Group.Anchor,
            MemberCount = members.Length,
        },
        Members = members,
    };
}
