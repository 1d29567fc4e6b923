using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Orchestration;

public sealed class RunJudgeTests
{
    static RunResult Run(string result, params string[] errors) => new()
    {
        RunNumber = 7,
        Connector = "contoso.example",
        Profile = "Full Synchronization",
        Result = result,
        Errors = errors,
    };

    [Fact]
    public void Judge_OnlyKnownErrors_Passes() => Assert.Empty(RunJudge.Judge([Run("success"), Run("completed-sync-errors", "a")], Known("a", "b")));

    [Theory]
    [InlineData("completed-sync-errors", "fresh")]
    [InlineData("completed-export-errors", "fresh")]
    [InlineData("stopped-server-down", "a")]
    [InlineData("a-word-nobody-knows", "a")]
    public void Judge_NewErrorOrUnknownResult_IsAReason(string result, string error) => Assert.Single(RunJudge.Judge([Run(result, error)], Known("a")));

    [Fact]
    public void Judge_ErrorsWithoutAnObject_IsAReason() => Assert.Single(RunJudge.Judge([Run("completed-sync-errors")], Known()));

    [Fact]
    public void Judge_CycleThatEndedBeforeItsSynchronization_IsAReason() => Assert.Single(RunJudge.Judge(
        [Run("success") with { Profile = "Full Import" }, Run("success") with { Connector = "AAD", Profile = "Full Import" }, Run("success")], Known()));

    [Fact]
    public void Judge_WholeCycle_Passes() => Assert.Empty(RunJudge.Judge([Run("success") with { Profile = "Full Import" }, Run("success")], Known()));

    static HashSet<string> Known(params string[] errors) => [.. errors];
}

public sealed class PendingExportJudgeTests
{
    static readonly Ceilings Ceilings = new() { M365NewlyWritten = 1, M365TypeChanged = 1, MembersLost = 0 };

    static PendingExport Export(ExportOperation operation, string cn = "x", bool m365 = false, bool typeChange = false, string? anchor = null) => new()
    {
        Connector = "contoso.example",
        ObjectType = "group",
        Operation = operation,
        DistinguishedName = $"CN={cn},OU=GroupWriteback,DC=contoso,DC=example",
        Anchor = anchor,
        MailEnabled = m365,
        TypeChange = typeChange,
    };

    static IReadOnlyList<string> Judge(IEnumerable<PendingExport> pending, IEnumerable<PendingExport>? baseline = null, bool afterSwitch = false, params string[] ours)
        => PendingExportJudge.Judge(pending, baseline ?? [], ours.ToHashSet(), Ceilings, "OU=GroupWriteback,DC=contoso,DC=example", afterSwitch);

    [Fact]
    public void Judge_Update_Passes() => Assert.Empty(Judge([Export(ExportOperation.Update)]));

    [Theory]
    [InlineData(ExportOperation.Add)]
    [InlineData(ExportOperation.Delete)]
    [InlineData(ExportOperation.DeleteAdd)]
    [InlineData(ExportOperation.Rename)]
    public void Judge_AnythingElseThatIsNew_IsAReason(ExportOperation operation) => Assert.Single(Judge([Export(operation)]));

    [Fact]
    public void Judge_PersonWhoComesElsewhere_Passes()
        => Assert.Empty(Judge([Export(ExportOperation.Add) with { ObjectType = "user", DistinguishedName = "CN={abc}", Connector = "AAD" }]));

    [Theory]
    [InlineData(25, 0)]
    [InlineData(26, 1)]
    public void Judge_PeopleWhoLeaveElsewhere_PassInOrdinaryNumbers(int leavers, int reasons) => Assert.Equal(reasons, Judge(
        Enumerable.Range(0, leavers).Select(i => Export(ExportOperation.Delete) with { ObjectType = "user", DistinguishedName = $"CN={i}", Connector = "AAD" })).Count);

    [Fact]
    public void Judge_GroupDeletedElsewhere_IsAReason()
        => Assert.Single(Judge([Export(ExportOperation.Delete) with { DistinguishedName = "CN=g,OU=Other,DC=contoso,DC=example" }]));

    [Fact]
    public void Judge_DeleteThatWasPendingBefore_Passes() => Assert.Empty(Judge([Export(ExportOperation.Delete)], baseline: [Export(ExportOperation.Delete)]));

    [Fact]
    public void GroupDeletes_InTheWritebackOu_NeverBecomePartOfABaseline() => Assert.Single(PendingExportJudge.GroupDeletes(
        [
            Export(ExportOperation.Delete),
            Export(ExportOperation.Update, "y"),
            Export(ExportOperation.Delete) with { ObjectType = "user", DistinguishedName = "CN=u,OU=Other,DC=contoso,DC=example" },
        ],
        "OU=GroupWriteback,DC=contoso,DC=example"));

    [Fact]
    public void Judge_DeleteOfAnotherObjectThanTheBaselines_IsAReason()
        => Assert.Single(Judge([Export(ExportOperation.Delete, "y")], baseline: [Export(ExportOperation.Delete)]));

    [Fact]
    public void Judge_OurCanary_IsLeftOut() => Assert.Empty(Judge([Export(ExportOperation.Delete, anchor: "Group_1")], ours: "Group_1"));

    [Fact]
    public void Judge_M365AddBeforeTheSwitch_IsAReason() => Assert.Single(Judge([Export(ExportOperation.Add, m365: true)]));

    [Fact]
    public void Judge_M365WithinCeilingsAfterTheSwitch_Passes() => Assert.Empty(Judge(
        [Export(ExportOperation.Add, "a", m365: true), Export(ExportOperation.Update, "b", m365: true, typeChange: true)], afterSwitch: true));

    [Fact]
    public void Judge_OneM365MoreThanApproved_IsAReason() => Assert.Single(Judge(
        [Export(ExportOperation.Add, "a", m365: true), Export(ExportOperation.Add, "b", m365: true)], afterSwitch: true));

    [Fact]
    public void Judge_SecurityGroupAddedAfterTheSwitch_IsAReason() => Assert.Single(Judge([Export(ExportOperation.Add)], afterSwitch: true));
}

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
        return judge.Judge([difference], now is null ? new Dictionary<Guid, EntraMembership>() : new Dictionary<Guid, EntraMembership> { [Cloud] = now });
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
        return judge.Alternating(
            lostBefore.Length == 0 ? [] : [Difference() with { MembersLost = lostBefore }],
            lostNow.Length == 0 ? [] : [Difference() with { MembersLost = lostNow }],
            new Dictionary<Guid, EntraMembership> { [Cloud] = entra });
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
