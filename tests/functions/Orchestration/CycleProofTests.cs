using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Orchestration;

/// <summary>Groups that Connect let go of between the switch and its second full cycle.</summary>
public sealed class CycleProofTests
{
    static readonly GroupIdentity Sales = new()
    {
        CloudId = new("11111111-0000-4000-8000-000000000001"), ObjectGuid = new("22222222-0000-4000-8000-000000000001"), DistinguishedName = "CN=Sales,OU=Writeback,DC=contoso,DC=example",
        Anchor = "Group_11111111-0000-4000-8000-000000000001",
    };

    readonly List<ReviewItem> _review = [];
    LineageReport _lineage = new() { Groups = 2, JoinNoFlow = 1, Others = [Sales.DistinguishedName], LetGo = [Sales], MailEnabledWithNoFlow = [] };

    [Fact]
    public async Task LetGoAfterTheSwitch_IsToldByNameAndGoesOnOnceItIsAccepted()
    {
        var stopped = await Assert.ThrowsAsync<StageStoppedException>(() => DemandAsync([]));

        Assert.Equal(OrchestrationError.LineageWrong.Code, stopped.Notice.Code);
        var item = Assert.Single(_review);
        Assert.Equal(("letGo", Sales.ObjectGuid), (item.Kind, item.ObjectGuid));
        Assert.NotNull(item.Advice);

        await DemandAsync([item.Name]);
    }

    /// <summary>What another server let go of is another thing.</summary>
    [Fact]
    public async Task LetGoOnASecondServer_IsAcceptedByItself()
    {
        await Assert.ThrowsAsync<StageStoppedException>(() => DemandAsync([], "AADC1", "AADC2"));
        Assert.Equal(2, _review.Select(i => i.Name).Distinct().Count());
        var first = _review[0].Name;
        _review.Clear();

        await Assert.ThrowsAsync<StageStoppedException>(() => DemandAsync([first], "AADC1", "AADC2"));

        Assert.Contains("AADC2", Assert.Single(_review).Text, StringComparison.Ordinal);
    }

    /// <summary>A rule that applies may write or delete; before the switch there is a way back; and a Microsoft 365 group that is held is another matter.</summary>
    [Theory]
    [InlineData("a rule applies to another group", true)]
    [InlineData("the flag is on", false)]
    [InlineData("a Microsoft 365 group is held", true)]
    public async Task GroupsNotHeld_WhereSomethingElseIsWrong_CannotBeAccepted(string wrong, bool afterSwitch)
    {
        _lineage = wrong switch
        {
            "a rule applies to another group" => _lineage with { Groups = 3, Others = [.. _lineage.Others, "CN=Support"] },
            "a Microsoft 365 group is held" => _lineage with { MailEnabledWithNoFlow = ["CN=Team"] },
            _ => _lineage,
        };
        var accepted = ReviewItem.Of("letGo", "", Sales.ObjectGuid, "AADC1").Name;

        await Assert.ThrowsAsync<StageStoppedException>(() => DemandAsync([accepted], afterSwitch, "AADC1"));

        Assert.Empty(_review);
    }

    Task DemandAsync(IReadOnlyList<string> accepted, params string[] servers) => DemandAsync(accepted, afterSwitch: true, servers);

    Task DemandAsync(IReadOnlyList<string> accepted, bool afterSwitch, params string[] servers)
    {
        var input = ScriptedContext.Input(StageName.SecondFullSync, new() { Accepted = accepted, SwitchedOff = afterSwitch, Groups = Document.OfList("groups", (int[])[1, 2]).Reference });
        var context = new ScriptedContext(input)
            .On("JudgeRuns", _ => new Judgement { Reasons = [] })
            .On("JudgePending", _ => new Judgement { Reasons = [] })
            .On("KeepReview", box =>
            {
                _review.AddRange(((ReviewBox)box!).Items);
                return new DocumentBox { Document = ScriptedContext.Document("review") };
            })
            .On<ReadPendingExports>(_ => new PendingExports { Server = "AADC1", Counts = [], Details = ScriptedContext.Document("pending") })
            .On<ReadLineage>(_ => _lineage);
        var baseline = new CycleBaseline { KnownErrors = ScriptedContext.Document("errors"), Pending = ScriptedContext.Document("pending") };
        return CycleProof.DemandAsync(
            new StageRun(context, input), [.. (servers is [] ? ["AADC1"] : servers).Select(server => new CycleOutcome { Server = server, Runs = [] })], baseline, afterSwitch);
    }
}
