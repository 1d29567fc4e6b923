using System.Net;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Tests.Functions.Graph;
using GwbCloud.Tests.Functions.Support;

namespace GwbCloud.Tests.Functions.Orchestration;

/// <summary>What the activity brings to the judge of the directory.</summary>
public sealed class DirectoryJudgementTests
{
    static readonly GroupIdentity Frozen = new()
    {
        CloudId = new("00000000-0000-0000-0000-000000000001"),
        ObjectGuid = new("00000000-0000-0000-0000-0000000000a1"),
        DistinguishedName = "CN=frozen",
        Anchor = "Group_00000000-0000-0000-0000-000000000001",
    };

    static readonly GroupIdentity Other = new()
    {
        CloudId = new("00000000-0000-0000-0000-000000000002"),
        ObjectGuid = new("00000000-0000-0000-0000-0000000000a2"),
        DistinguishedName = "CN=other",
        Anchor = "Group_00000000-0000-0000-0000-000000000002",
    };

    static readonly Guid Member = new("00000000-0000-0000-0000-0000000000b1"), MemberInEntra = new("00000000-0000-0000-0000-0000000000b2");

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Judge_MemberThatLeavesAGroupThatFreezes_IsTold(bool migratesNow)
    {
        using var graph = new ScriptedGraph().Then(HttpStatusCode.OK, $$$"""
            {"responses":[{"id":"{{{Frozen.CloudId:D}}}","status":200,"body":{"value":[
              {"@odata.type":"#microsoft.graph.user","id":"{{{MemberInEntra:D}}}","onPremisesSyncEnabled":true,"onPremisesObjectIdentifier":"{{{Member:D}}}"}]}}]}
            """);

        var reasons = await JudgeAsync(graph, migratesNow ? [Frozen] : [], [], [new() { ObjectGuid = Frozen.ObjectGuid, DistinguishedName = Frozen.DistinguishedName, Anchor = Frozen.Anchor, MembersLost = [Member] }]);

        Assert.Equal(["lost 1 members that Entra still has and nobody announced: CN=frozen"], reasons);
    }

    /// <summary>Cloud Sync would make it a second time, whatever a person thinks of it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Judge_BeforeARing_DemandsTheObjectsOfTheRingAndLeavesMembersToItsProof(bool inRing)
    {
        using var graph = new ScriptedGraph();
        var gone = new GroupDifference { ObjectGuid = Frozen.ObjectGuid, DistinguishedName = Frozen.DistinguishedName, Anchor = Frozen.Anchor, Deleted = true };
        var emptied = new GroupDifference { ObjectGuid = Other.ObjectGuid, DistinguishedName = Other.DistinguishedName, Anchor = Other.Anchor, MembersLost = [Member] };
        var moved = emptied with { MembersLost = [], Moved = true };
        string accepted = ReviewItem.Of("deleted", $"deleted: {gone.DistinguishedName}", gone.ObjectGuid).Name;

        var reasons = await JudgeAsync(graph, [Frozen, Other], [], [gone, emptied, moved], inRing ? [Frozen] : [Other], accepted);

        Assert.Equal(inRing ? ["deleted: CN=frozen", "moved: CN=other"] : ["moved: CN=other"], reasons);
    }

    [Fact]
    public async Task Judge_TwoObjectsThatNobodyMigratesWithOneAnchor_AreJudgedAsOthers()
    {
        using var graph = new ScriptedGraph();
        var orphan = new ClassifiedGroup { CloudId = Guid.NewGuid(), ObjectGuid = Guid.NewGuid(), Name = "orphan", Class = GroupClass.Orphan, Readiness = Readiness.Ready, Reasons = [ClassReason.NotInEntra] };

        Assert.Empty(await JudgeAsync(graph, [], [orphan, orphan with { ObjectGuid = Guid.NewGuid() }], []));
    }

    static async Task<IReadOnlyList<string>> JudgeAsync(
        ScriptedGraph graph, IReadOnlyList<GroupIdentity> migrating, IReadOnlyList<ClassifiedGroup> classified, IReadOnlyList<GroupDifference> differences,
        IReadOnlyList<GroupIdentity>? starting = null, params IReadOnlyList<string> accepted)
    {
        using var folder = new TempFolder();
        var store = Stores.Open(folder);
        var groups = await store.SaveListAsync("groups", migrating, Stop);
        var plan = ScriptedContext.Input(StageName.LeaveStagingMode, new()).Plan with
        {
            Groups = groups,
            Frozen = await store.SaveListAsync("frozen", [Frozen], Stop),
            Classified = await store.SaveListAsync("classified", classified, Stop),
            Losses = await store.SaveListAsync("losses", Array.Empty<GroupLoss>(), Stop),
        };
        var judgement = await new JudgementActivities(store, new EntraMembers(graph.Client())).JudgeDirectory(
            new()
            {
                Plan = await store.SaveOneAsync("plan", plan, Stop),
                Planned = groups,
                TakenOver = [],
                Starting = starting is null ? null : await store.SaveListAsync("starting", starting, Stop),
                Accepted = accepted,
                Comparison = new()
                {
                    Compared = 1, Deleted = 0, Renamed = 0, Moved = 0, SidChanged = 0, TypeChanged = 0, Created = 0, AnchorsChanged = 0, MembersLost = 0, MembersGained = 0,
                    Examples = [], Differences = await store.SaveListAsync("differences", differences, Stop),
                },
            },
            Stop);
        return judgement.Reasons;
    }
}
