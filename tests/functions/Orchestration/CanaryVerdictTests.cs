using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Orchestration;

public sealed class CanaryVerdictTests
{
    const string Ou = "OU=GroupWriteback,DC=contoso,DC=example";
    static readonly Guid New = Guid.NewGuid(), Match = Guid.NewGuid(), Unassigned = Guid.NewGuid(), User = Guid.NewGuid(), Device = Guid.NewGuid();

    static readonly GroupSnapshot Created = Snapshot(New, members: [User]);
    static readonly GroupSnapshot Prepared = Snapshot(Match, members: [User, Device]);

    [Fact]
    public void Of_AllAsExpected_CountsWhatTheMatchLost()
    {
        var verdict = Judge(Created, Prepared with { Members = [User] });

        Assert.Empty(verdict.Problems);
        Assert.Equal(1, verdict.MembersLost);
    }

    [Fact]
    public void Of_NothingCreated_NamesTheNewCanary() => Assert.Equal("new", Judge(Prepared).Canary);

    [Fact]
    public void Of_CreatedElsewhere_NamesTheNewCanary() => Assert.Equal("new", Judge(Moved(Created, "CN=Users,DC=contoso,DC=example"), Prepared).Canary);

    [Fact]
    public void Of_CreatedWithAnotherName_NamesTheNewCanary()
        => Assert.Equal("new", Judge(Created with { Group = Created.Group with { DistinguishedName = $"CN=Canary_1,{Ou}" } }, Prepared).Canary);

    [Fact]
    public void Of_CreatedEmpty_NamesTheNewCanary() => Assert.Equal("new", Judge(Created with { Members = [] }, Prepared).Canary);

    [Fact]
    public void Of_MatchLostItsUser_NamesTheMatchCanary() => Assert.Equal("match", Judge(Created, Prepared with { Members = [Device] }).Canary);

    [Fact]
    public void Of_MatchRenamed_NamesTheMatchCanary()
        => Assert.Equal("match", Judge(Created, Prepared with { Group = Prepared.Group with { DistinguishedName = $"CN=Other,{Ou}" } }).Canary);

    [Fact]
    public void Of_SecondObjectBesideTheMatch_NamesTheMatchCanary()
        => Assert.Equal("match", Judge(Created, Prepared, Prepared with { Group = Prepared.Group with { ObjectGuid = Guid.NewGuid() } }).Canary);

    [Fact]
    public void Of_UnassignedProvisioned_NamesTheUnassignedCanary() => Assert.Equal("unassigned", Judge(Created, Prepared, Snapshot(Unassigned)).Canary);

    static CanaryVerdict Judge(params GroupSnapshot[] found) => CanaryVerdict.Of(found, Prepared, User, Plan());

    static GroupSnapshot Moved(GroupSnapshot o, string to) => o with { Group = o.Group with { DistinguishedName = $"CN=Group_{New:D},{to}" } };

    static GroupSnapshot Snapshot(Guid cloud, params Guid[] members) => new()
    {
        Group = new AdGroup
        {
            ObjectGuid = Guid.NewGuid(),
            DistinguishedName = $"CN=Group_{cloud:D},{Ou}",
            SamAccountName = "s",
            Sid = "S-1-5-21-1-2-3-1000",
            GroupType = -2147483640,
            ExternalDirectoryObjectId = $"Group_{cloud:D}",
            AdminDescription = $"Group_{cloud:D}",
            MemberCount = members.Length,
        },
        Members = members,
    };

    static MigrationPlan Plan()
    {
        var none = new DocumentReference { Kind = "none", Sha256 = new string('0', 64), Bytes = 2, Count = 0 };
        return new MigrationPlan
        {
            Tenant = Guid.NewGuid(),
            Domain = "contoso.example",
            AssessmentId = "a-1",
            WritebackOu = Ou,
            Naming = NamingStyle.GroupGuid,
            Servers = [new PlannedServer { Name = "AADC01", Active = true, Version = "2.6.92.0", Cmdlet = CmdletGeneration.Interactive }],
            Groups = none,
            Frozen = none,
            Classified = none,
            Losses = none,
            Canaries = new Canaries { New = New, Match = Match, Unassigned = Unassigned },
            Blast = Assessment.Facts.Blast,
            Ceilings = new Ceilings { M365NewlyWritten = 0, M365TypeChanged = 0, MembersLost = 0 },
            Time = new TimePlan { InitialSeconds = 1, DeltaSeconds = 1, ConfirmSeconds = 1, UndoSeconds = 1, ForwardSeconds = 1, PredictedStagingSeconds = 1 },
            NewGroupTolerance = 0,
            Acceptances = [],
        };
    }
}
