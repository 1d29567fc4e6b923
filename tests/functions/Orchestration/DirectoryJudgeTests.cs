using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Orchestration;

public sealed class DirectoryJudgeTests
{
    static readonly Guid Cloud = Guid.NewGuid(), Object = Guid.NewGuid(), Kept = Guid.NewGuid(), Gone = Guid.NewGuid();

    static GroupDifference Difference() => new() { ObjectGuid = Object, DistinguishedName = "CN=g", Anchor = $"Group_{Cloud:D}" };

    static IReadOnlyList<string> Judge(GroupDifference difference, EntraMembership? now = null, Guid[]? announced = null, bool takenOver = true, ClassifiedGroup? known = null)
    {
        var identity = new GroupIdentity { CloudId = Cloud, ObjectGuid = Object, DistinguishedName = "CN=g", Anchor = $"Group_{Cloud:D}" };
        var judge = new DirectoryJudge(
            new Dictionary<Guid, GroupIdentity> { [Object] = identity },
            takenOver ? new HashSet<Guid> { Object } : [],
            new Dictionary<Guid, GroupLoss> { [Cloud] = new() { CloudId = Cloud, Members = announced ?? [] } },
            known is null ? new Dictionary<string, ClassifiedGroup>() : new Dictionary<string, ClassifiedGroup> { [$"Group_{Cloud:D}"] = known },
            new HashSet<string> { "Group_ours" },
            new Ceilings { M365NewlyWritten = 1, M365TypeChanged = 1, MembersLost = 0 });
        return [.. judge.Judge([difference], now is null ? new Dictionary<Guid, EntraMembership>() : new Dictionary<Guid, EntraMembership> { [Cloud] = now }).Select(item => item.Text)];
    }

    static IReadOnlyList<string> Alternating(Guid[] lostBefore, Guid[] lostNow, EntraMembership entra, Guid[] announced, bool takenOver = true)
    {
        var identity = new GroupIdentity { CloudId = Cloud, ObjectGuid = Object, DistinguishedName = "CN=g", Anchor = $"Group_{Cloud:D}" };
        var judge = new DirectoryJudge(
            new Dictionary<Guid, GroupIdentity> { [Object] = identity },
            takenOver ? new HashSet<Guid> { Object } : [],
            new Dictionary<Guid, GroupLoss> { [Cloud] = new() { CloudId = Cloud, Members = announced } },
            new Dictionary<string, ClassifiedGroup>(),
            new HashSet<string>(),
            new Ceilings { M365NewlyWritten = 0, M365TypeChanged = 0, MembersLost = 0 });
        return
        [
            .. judge.Alternating(
                lostBefore.Length == 0 ? [] : [Difference() with { MembersLost = lostBefore }],
                lostNow.Length == 0 ? [] : [Difference() with { MembersLost = lostNow }],
                new Dictionary<Guid, EntraMembership> { [Cloud] = entra }).Select(item => item.Text),
        ];
    }

    [Fact]
    public void Judge_OtherAccountName_IsAReason() => Assert.Equal(["sAMAccountName changed: CN=g"], Judge(Difference() with { AccountNameChanged = true }));

    // Texts follow Entra; owner, rights and groups above are the administrators'.
    [Fact]
    public void Judge_TextsOwnerRightsAndMemberships_AreShownOnly() => Assert.Empty(Judge(
        Difference() with { TextChanged = true, OwnerChanged = true, AccessListChanged = true, MemberOfLost = [Kept], MemberOfGained = [Gone] }));

    [Fact]
    public void Alternating_AnnouncedLossThatWasThereAndGoesAgain_IsTold()
        => Assert.Equal(["1 members of CN=g went and came while Entra had them all the time"], Alternating([], [Kept], Entra(0, Kept), [IdOf(Kept)]));

    [Fact]
    public void Alternating_AnnouncedLossThatComesBack_IsTold() => Assert.Single(Alternating([Kept], [], Entra(0, Kept), [IdOf(Kept)]));

    [Fact]
    public void Alternating_AnnouncedLossThatStaysLost_Passes() => Assert.Empty(Alternating([Kept], [Kept], Entra(0, Kept), [IdOf(Kept)]));

    [Fact]
    public void Alternating_SomebodyWhoLeftAndCameBackInEntra_Passes() => Assert.Empty(Alternating([Kept], [], Entra(0, Kept), []));

    [Fact]
    public void Alternating_MemberThatEntraNoLongerHas_Passes() => Assert.Empty(Alternating([], [Gone], Entra(0, Kept), [IdOf(Gone)]));

    [Fact]
    public void Alternating_GroupThatOnlyConnectWrites_Passes() => Assert.Empty(Alternating([], [Kept], Entra(0, Kept), [IdOf(Kept)], takenOver: false));

    static EntraMembership Entra(int unnamed, params Guid[] known) => new(known.ToDictionary(guid => guid, IdOf), unnamed);

    /// <summary>The member's id in Entra; another one than that of its object in the directory.</summary>
    static Guid IdOf(Guid objectGuid)
    {
        var bytes = objectGuid.ToByteArray();
        bytes[0] ^= 0xff;
        return new Guid(bytes);
    }

    [Fact]
    public void Judge_Deleted_IsAReason() => Assert.Single(Judge(Difference() with { Deleted = true }));

    [Fact]
    public void Judge_Renamed_IsAReason() => Assert.Single(Judge(Difference() with { Renamed = true }));

    [Fact]
    public void Judge_TeamThatItsOwnerRenamed_Passes() => Assert.Empty(Judge(
        Difference() with { Renamed = true, ObjectGuid = Guid.NewGuid() },
        known: new() { Name = "m", Class = GroupClass.FallsToV1, Readiness = Readiness.Ready, Reasons = [] }));

    [Fact]
    public void Judge_Moved_IsAReason() => Assert.Single(Judge(Difference() with { Moved = true }));

    [Fact]
    public void Judge_SidChanged_IsAReason() => Assert.Single(Judge(Difference() with { SidChanged = true }));

    [Fact]
    public void Judge_CreatedUnannounced_IsAReason() => Assert.Single(Judge(Difference() with { Created = true }));

    [Fact]
    public void Judge_CreatedAnnounced_Passes() => Assert.Empty(Judge(
        Difference() with { Created = true },
        known: new() { Name = "m", Class = GroupClass.FallsToV1, Readiness = Readiness.Ready, NewlyWritten = true, Reasons = [] }));

    [Fact]
    public void Judge_OurCanary_IsLeftOut() => Assert.Empty(Judge(Difference() with { Anchor = "Group_ours", Deleted = true }));

    [Fact]
    public void Judge_LostAMemberThatEntraStillHas_IsAReason()
        => Assert.Single(Judge(Difference() with { MembersLost = [Kept] }, Entra(0, Kept), announced: [Guid.NewGuid()]));

    [Fact]
    public void Judge_LostWhatWasAnnounced_Passes()
        => Assert.Empty(Judge(Difference() with { MembersLost = [Kept] }, Entra(1, Kept), announced: [IdOf(Kept)]));

    [Fact]
    public void Judge_LostWhatWasAnnouncedBeforeCloudSyncWrites_IsAReason()
        => Assert.Single(Judge(Difference() with { MembersLost = [Kept] }, Entra(1, Kept), announced: [IdOf(Kept)], takenOver: false));

    [Fact]
    public void Judge_LostAMemberThatLeftEntra_Passes() => Assert.Empty(Judge(Difference() with { MembersLost = [Gone] }, Entra(0, Kept)));

    [Fact]
    public void Judge_GainedAMemberThatEntraHas_Passes() => Assert.Empty(Judge(Difference() with { MembersGained = [Kept] }, Entra(0, Kept)));

    [Fact]
    public void Judge_GainedAMemberThatEntraDoesNotHave_IsAReason() => Assert.Single(Judge(Difference() with { MembersGained = [Gone] }, Entra(0, Kept)));

    [Fact]
    public void Judge_MembersChangedAndEntraWasNotAsked_IsAReason() => Assert.Single(Judge(Difference() with { MembersLost = [Gone] }));
}
